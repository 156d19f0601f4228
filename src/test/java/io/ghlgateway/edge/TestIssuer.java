package io.ghlgateway.edge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** An issuer of tokens as its gateways know it: keys that it publishes, and what it signs with them. */
public final class TestIssuer {

    private record Key(String algorithm, KeyPair pair, JsonObject published) {}

    private final Map<String, Key> keys = new TreeMap<>();

    /** Its published keys. */
    public synchronized String jwks() {
        var all = new JsonArray();
        keys.values().forEach(key -> all.add(key.published()));
        return new JsonObject().put("keys", all).encode();
    }

    public synchronized void forget(String id) {
        keys.remove(id);
    }

    /** A new key of this name. */
    public synchronized TestIssuer add(String id, String algorithm) {
        return add(id, algorithm, 2048);
    }

    synchronized TestIssuer add(String id, String algorithm, int rsaBits) {
        try {
            var pair = switch (algorithm) {
                case "RS256" -> {
                    var generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(rsaBits);
                    yield generator.generateKeyPair();
                }
                case "ES256" -> {
                    var generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"));
                    yield generator.generateKeyPair();
                }
                default -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            };
            keys.put(id, new Key(algorithm, pair, published(pair).put("kid", id).put("use", "sig")));
            return this;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static JsonObject published(KeyPair pair) {
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return new JsonObject()
                    .put("kty", "RSA")
                    .put("n", base64(unsigned(rsa.getModulus(), rsa.getModulus().bitLength() / 8)))
                    .put("e", base64(rsa.getPublicExponent().toByteArray()));
        }
        if (pair.getPublic() instanceof ECPublicKey ec) {
            return new JsonObject()
                    .put("kty", "EC")
                    .put("crv", "P-256")
                    .put("x", base64(unsigned(ec.getW().getAffineX(), 32)))
                    .put("y", base64(unsigned(ec.getW().getAffineY(), 32)));
        }
        var encoded = pair.getPublic().getEncoded();
        return new JsonObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    }

    private static byte[] unsigned(BigInteger number, int length) {
        var bytes = number.toByteArray();
        var fixed = new byte[length];
        int many = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - many, fixed, length - many, many);
        return fixed;
    }

    /** A token with these claims, signed with the key of this name. */
    public String token(String keyId, JsonObject claims) {
        return token(keyId, new JsonObject().put("alg", key(keyId).algorithm()).put("kid", keyId), claims);
    }

    String token(String keyId, JsonObject header, JsonObject claims) {
        try {
            var text = base64(header.encode()) + "." + base64(claims.encode());
            var signature = Signature.getInstance(
                    switch (key(keyId).algorithm()) {
                        case "RS256" -> "SHA256withRSA";
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        default -> "Ed25519";
                    });
            signature.initSign(key(keyId).pair().getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What a public key would be to who took it for a shared secret. */
    byte[] publicBytes(String keyId) {
        return key(keyId).pair().getPublic().getEncoded();
    }

    private synchronized Key key(String id) {
        return keys.get(id);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
