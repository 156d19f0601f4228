package io.ghlgateway.webhooks;

import io.ghlgateway.digest.HmacSha256;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Signs as Standard Webhooks 1.0.0 has it: HMAC-SHA-256 over id, seconds and body, joined by dots; in a header as
 * {@code v1,BASE64}. A verifier of that form takes it, given the same secret.
 */
public final class StandardSignature {

    /** What a secret of this form must be, for messages. */
    public static final String EXPECTED = "after whsec_, at least 24 bytes in base64";

    private static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24; // so Standard Webhooks 1.0.0 has it

    private final Secret secret;

    /** @param secret in base64, with {@code whsec_} before it or without; what is no base64 is taken as it is */
    StandardSignature(Secret secret) {
        this.secret = secret;
    }

    /** Whether it can be signed with; one without {@code whsec_} may be any text. */
    public static boolean takes(String secret) {
        return secret.startsWith(PREFIX)
                ? decoded(secret.substring(PREFIX.length()))
                        .filter(bytes -> bytes.length >= LEAST_BYTES)
                        .isPresent()
                : !secret.isEmpty();
    }

    private static byte[] keyBytes(Secret secret) {
        var text = secret.reveal();
        var bare = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        return decoded(bare).orElseGet(() -> bare.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text)).filter(bytes -> bytes.length > 0);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    String sign(String id, Instant at, Buffer body) {
        var before = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        var key = keyBytes(secret); // made anew: it would lie in memory in clear
        return "v1," + Base64.getEncoder().encodeToString(HmacSha256.of(key, before, body.getBytes()));
    }
}
