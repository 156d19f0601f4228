package io.ghlgateway.highlevel;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;

/** Reads a public key as HighLevel publishes it: PEM, of one of the two algorithms that it signs with. */
public final class PemPublicKey {

    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");
    private static final List<String> ALGORITHMS = List.of("Ed25519", "RSA");

    private PemPublicKey() {}

    public static Optional<PublicKey> read(String text) {
        var pem = PEM.matcher(text);
        if (!pem.matches()) {
            return Optional.empty();
        }
        try {
            var encoded = Base64.getDecoder().decode(pem.group(1).replaceAll("\\s", ""));
            return ALGORITHMS.stream()
                    .map(algorithm -> read(algorithm, new X509EncodedKeySpec(encoded)))
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> read(String algorithm, X509EncodedKeySpec encoded) {
        try {
            var key = KeyFactory.getInstance(algorithm).generatePublic(encoded);
            if (!algorithm.equals("RSA")) {
                new Ed25519PublicKeyParameters(key.getEncoded(), WebhookSignature.KEY_PREFIX); // no point, no key
            }
            return Optional.of(key);
        } catch (GeneralSecurityException | IllegalArgumentException ofAnotherAlgorithm) {
            return Optional.empty();
        }
    }
}
