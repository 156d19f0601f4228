package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/** The simulated HighLevel's own keys, and somebody else's. */
final class WebhookSigner {

    private static final String ED25519 = "X-GHL-Signature";
    private static final String RSA = "X-WH-Signature";

    private final Ed25519PrivateKeyParameters ed25519 = new Ed25519PrivateKeyParameters(new SecureRandom());
    private final Ed25519PrivateKeyParameters stranger = new Ed25519PrivateKeyParameters(new SecureRandom());

    /** Made when it is first asked for: it takes a while, and most simulations need none. */
    private @Nullable KeyPair rsa;

    private synchronized KeyPair rsa() {
        KeyPair made = rsa == null ? rsaPair() : rsa;
        rsa = made;
        return made;
    }

    /** In PEM, the newer kind first. */
    List<String> publicKeys() {
        return List.of(
                pem(encoded(ed25519.generatePublicKey().getEncoded())),
                pem(rsa().getPublic().getEncoded()));
    }

    MultiMap sign(Buffer body) {
        return MultiMap.caseInsensitiveMultiMap()
                .add(ED25519, signature(ed25519, body))
                .add(RSA, "N/A");
    }

    /** As HighLevel signed before it had the newer kind. */
    MultiMap signOld(Buffer body) {
        return MultiMap.caseInsensitiveMultiMap().add(RSA, rsaSignature(rsa().getPrivate(), body));
    }

    /** One of several ways to lie. */
    MultiMap forge(Buffer body, RandomGenerator random) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        return switch (random.nextInt(4)) {
            case 0 -> headers;
            case 1 -> headers.add(ED25519, "N/A").add(RSA, "N/A");
            case 2 -> headers.add(ED25519, signature(stranger, body));
            default -> headers.add(ED25519, signature(ed25519, body.copy().appendString(" ")));
        };
    }

    private static String signature(Ed25519PrivateKeyParameters key, Buffer body) {
        byte[] bytes = body.getBytes();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        key.sign(Ed25519.Algorithm.Ed25519, null, bytes, 0, bytes.length, signature, 0);
        return Base64.getEncoder().encodeToString(signature);
    }

    private static String rsaSignature(PrivateKey key, Buffer body) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key);
            signer.update(body.getBytes());
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException never) {
            throw new AssertionError("every Java platform has RSA", never);
        }
    }

    /** With what stands before an Ed25519 key in its encoding (RFC 8410). */
    private static byte[] encoded(byte[] key) {
        return Buffer.buffer(HexFormat.of().parseHex("302a300506032b6570032100"))
                .appendBytes(key)
                .getBytes();
    }

    private static String pem(byte[] encoded) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static KeyPair rsaPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException never) {
            throw new AssertionError("every Java platform has RSA", never);
        }
    }
}
