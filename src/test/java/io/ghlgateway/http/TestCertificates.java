package io.ghlgateway.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that sign themselves, made when they are needed by the JDK's own tool. */
public final class TestCertificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /**
     * A key with its certificate.
     *
     * @param certificate in PEM
     * @param key in PEM
     */
    public record Made(Path certificate, Path key, KeyStore store) {

        public X509Certificate x509() {
            try {
                return (X509Certificate) store.getCertificate("it");
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
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
                keys.init(own.length == 0 ? null : own[0].store(), PASSWORD);
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
            var made = make(directory, name, host);
            try (var files = Files.list(directory)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param host that it is for */
    public static Made make(Path directory, String name, String host) {
        try {
            var file = directory.resolve(name + ".p12");
            var tool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "it",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "SAN=dns:" + host,
                            "-ext",
                            "bc:critical=ca:true",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(PASSWORD),
                            "-keystore",
                            file.toString()))
                    .redirectErrorStream(true)
                    .start();
            var said = new String(tool.getInputStream().readAllBytes());
            if (tool.waitFor() != 0) {
                throw new AssertionError(said);
            }
            var store = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            var made = new Made(directory.resolve(name + ".pem"), directory.resolve(name + ".key"), store);
            Files.writeString(made.certificate(), pem("CERTIFICATE", made.x509().getEncoded()));
            Files.writeString(
                    made.key(), pem("PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded()));
            return made;
        } catch (IOException | InterruptedException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + kind
                + "-----\n";
    }
}
