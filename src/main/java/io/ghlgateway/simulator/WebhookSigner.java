package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The simulated HighLevel's own keys, and somebody else's. */
final class WebhookSigner {

    private static final String ED25519 = "X-GHL-Signature";
    private static final String RSA = "X-WH-Signature";

    private final KeyPair ed25519 = pair("Ed25519");
    private final KeyPair stranger = pair("Ed25519");

    /** Made when it is first asked for: it takes a while, and most simulations need none. */
    private @Nullable KeyPair rsa;

    private synchronized KeyPair rsa() {
        KeyPair made = rsa == null ? pair("RSA") : rsa;
        rsa = made;
        return made;
    }

    /** In PEM, the newer kind first. */
    List<String> publicKeys() {
        return List.of(pem(ed25519.getPublic()), pem(rsa().getPublic()));
    }

    MultiMap sign(Buffer body) {
        return MultiMap.caseInsensitiveMultiMap()
                .add(ED25519, signature("Ed25519", ed25519.getPrivate(), body))
                .add(RSA, "N/A");
    }

    /** As HighLevel signed before it had the newer kind. */
    MultiMap signOld(Buffer body) {
        return MultiMap.caseInsensitiveMultiMap().add(RSA, signature("SHA256withRSA", rsa().getPrivate(), body));
    }

    /** One of several ways to lie. */
    MultiMap forge(Buffer body, RandomGenerator random) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        return switch (random.nextInt(4)) {
            case 0 -> headers;
            case 1 -> headers.add(ED25519, "N/A").add(RSA, "N/A");
            case 2 -> headers.add(ED25519, signature("Ed25519", stranger.getPrivate(), body));
            default ->
                headers.add(
                        ED25519,
                        signature("Ed25519", ed25519.getPrivate(), body.copy().appendString(" ")));
        };
    }

    private static String signature(String algorithm, PrivateKey key, Buffer body) {
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(body.getBytes());
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException never) {
            throw new AssertionError("every Java platform has " + algorithm, never);
        }
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException never) {
            throw new AssertionError("every Java platform has " + algorithm, never);
        }
    }
}
