package io.ghlgateway.http;

import io.ghlgateway.digest.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a door shows itself by, in PEM files, and whom it asks to show themselves.
 *
 * @param certificate the door's own, and those between it and the one that callers trust
 * @param key of the first of them: PKCS #8, RSA or EC
 * @param clientCa those that sign callers' certificates; empty where callers need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** Those without a known weakness: each with keys of its own for every connection. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private List<Path> all() {
        return clientCa.map(ca -> List.of(certificate, key, ca)).orElse(List.of(certificate, key));
    }

    /** Of what the files hold now: as long as it stays the same, so do they. Reads them. */
    public byte[] digest() throws IOException {
        var digest = Sha256.begin();
        for (var file : all()) {
            digest.update(Files.readAllBytes(file));
        }
        return digest.digest();
    }

    /** What is wrong with the files as they are now, if anything; of the key it says nothing but that. Reads them. */
    public Optional<String> problem() {
        try {
            var chain = certificates(certificate);
            var pair = privateKey(key, chain.get(0).getPublicKey());
            if (!belong(pair, chain.get(0).getPublicKey())) {
                return Optional.of(key + " is not the key of the first certificate in " + certificate);
            }
            if (clientCa.isPresent()) {
                certificates(clientCa.get());
            }
            return Optional.empty();
        } catch (Unusable unusable) {
            return Optional.of(unusable.getMessage());
        }
    }

    /** What is wrong with a file of certificates. */
    public static Optional<String> problemOf(Path certificates) {
        try {
            certificates(certificates);
            return Optional.empty();
        } catch (Unusable unusable) {
            return Optional.of(unusable.getMessage());
        }
    }

    /** @throws IOException where a file cannot be read */
    ServerSSLOptions options(boolean http2) throws IOException {
        var server = new HttpServerOptions();
        apply(server, http2);
        return server.getSslOptions();
    }

    /**
     * Has a server open with these.
     *
     * @throws IOException where a file cannot be read
     */
    void apply(HttpServerOptions server, boolean http2) throws IOException {
        server.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                        .setKeyValue(Buffer.buffer(Files.readAllBytes(key))))
                .setUseAlpn(true)
                .setAlpnVersions(
                        http2 ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1) : List.of(HttpVersion.HTTP_1_1))
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(Set.of("TLSv1.2", "TLSv1.3")));
        if (clientCa.isPresent()) {
            server.setTrustOptions(
                            new PemTrustOptions().addCertValue(Buffer.buffer(Files.readAllBytes(clientCa.get()))))
                    .setClientAuth(ClientAuth.REQUIRED);
        }
        SUITES.forEach(server::addEnabledCipherSuite);
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String said) {
            super(said, null, false, false);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws Unusable {
        try (var in = new ByteArrayInputStream(bytes(file))) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException | IOException none) {
            // said below: the parser's own words help nobody
        }
        throw new Unusable(file + " must hold certificates in PEM, from -----BEGIN CERTIFICATE----- to its END");
    }

    private static PrivateKey privateKey(Path file, PublicKey of) throws Unusable {
        var text = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
        if (text.find()) {
            try {
                var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text.group(1)));
                return KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(spec);
            } catch (GeneralSecurityException | IllegalArgumentException another) {
                throw new Unusable(
                        file + " holds another kind of key than the certificate, which is for " + of.getAlgorithm());
            }
        }
        throw new Unusable(
                file + " must hold a private key in PEM, from -----BEGIN PRIVATE KEY----- to its END (PKCS #8)");
    }

    private static boolean belong(PrivateKey secret, PublicKey open) throws Unusable {
        var scheme = open.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        try {
            var signature = Signature.getInstance(scheme);
            signature.initSign(secret);
            signature.update(SUITES.get(0).getBytes(StandardCharsets.US_ASCII));
            var signed = signature.sign();
            signature.initVerify(open);
            signature.update(SUITES.get(0).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(signed);
        } catch (GeneralSecurityException unfit) {
            throw new Unusable("a certificate for " + open.getAlgorithm() + " is not usable here: RSA and EC are");
        }
    }

    private static byte[] bytes(Path file) throws Unusable {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new Unusable("cannot read " + file + (Files.exists(file) ? "" : ": no such file"));
        }
    }
}
