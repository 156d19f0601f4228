package io.ghlgateway.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that sign themselves, made when they are needed. */
public final class TestCertificates {

    /**
     * A key with its certificate.
     *
     * @param certificate in PEM
     * @param key in PEM
     */
    public record Made(Path certificate, Path key, X509Bundle bundle) {

        public X509Certificate x509() {
            return bundle.getCertificate();
        }

        /** Of a client that trusts this one alone, and shows {@code own}, if any. */
        public SSLContext trusted(Made... own) {
            try {
                var trust = KeyStore.getInstance("PKCS12");
                trust.load(null, null);
                trust.setCertificateEntry("ca", x509());
                var trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trusts.init(trust);
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(own.length == 0 ? null : own[0].bundle().toKeyStore(new char[] {'x'}), new char[] {'x'});
                var context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
                return context;
            } catch (GeneralSecurityException | IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private TestCertificates() {}

    /** In a directory of its own, which ends with the tests. */
    public static Made make(String name, String host) {
        try {
            var directory = Files.createTempDirectory("certificates");
            directory.toFile().deleteOnExit();
            var made = make(directory, name, host);
            made.certificate().toFile().deleteOnExit();
            made.key().toFile().deleteOnExit();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param host that it is for */
    public static Made make(Path directory, String name, String host) {
        try {
            var bundle = new CertificateBuilder()
                    .algorithm(Algorithm.ecp256)
                    .subject("CN=" + name)
                    .addSanDnsName(host)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            var made = new Made(directory.resolve(name + ".pem"), directory.resolve(name + ".key"), bundle);
            Files.writeString(made.certificate(), bundle.getCertificatePEM());
            Files.writeString(made.key(), bundle.getPrivateKeyPEM());
            return made;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
