package io.ghlgateway.install;

import io.ghlgateway.digest.HmacSha256;
import io.ghlgateway.digest.Sha256;
import io.ghlgateway.tenancy.App;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The {@code state} that goes to HighLevel with a customer and comes back with a code. It is for one app, ends after
 * {@link #LIFE}, and is worth something only beside the cookie that was set with it: so nobody can have another's browser
 * complete an installation that he began. That it is used once is the caller's to see to, by its nonce. Any thread.
 */
final class InstallState {

    /* HMAC-SHA256 (32) | nonce (16) | end, seconds of the epoch (8) | SHA-256 of the cookie's value (32) | app, in
    base64url. The MAC is over a fixed label and all that follows it. */

    static final Duration LIFE = Duration.ofMinutes(10);

    private static final byte[] LABEL = "ghl-gateway install state 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH = 32;
    private static final int NONCE = 16;
    private static final int FIXED = HASH + NONCE + Long.BYTES + HASH;
    private static final int LONGEST = 1_024;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final byte[] key;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param text for the authorize URL; {@code cookie} for the browser */
    record Issued(String text, String cookie) {}

    /**
     * A state that is ours, for this app and browser, and not over.
     *
     * @param left how long it would still be valid
     */
    record Valid(String nonce, Duration left) {}

    /**
     * @param key at least 32 bytes, the same on all replicas
     * @param random a secure one
     */
    InstallState(byte[] key, InstantSource clock, RandomGenerator random) {
        if (key.length < HASH) {
            throw new IllegalArgumentException("a key of " + HASH + " bytes at least");
        }
        this.key = key.clone();
        this.clock = clock;
        this.random = random;
    }

    Issued issue(App app) {
        var cookie = BASE64.encodeToString(random(NONCE));
        var name = app.id().getBytes(StandardCharsets.US_ASCII);
        var content = ByteBuffer.allocate(FIXED - HASH + name.length)
                .put(random(NONCE))
                .putLong(clock.instant().plus(LIFE).getEpochSecond())
                .put(Sha256.of(cookie))
                .put(name)
                .array();
        var text = ByteBuffer.allocate(HASH + content.length)
                .put(mac(content))
                .put(content)
                .array();
        return new Issued(BASE64.encodeToString(text), cookie);
    }

    /** @param cookie as the browser sent it */
    Optional<Valid> verify(App app, String text, String cookie) {
        var bytes = decoded(text);
        if (bytes.length <= FIXED) {
            return Optional.empty();
        }
        var read = ByteBuffer.wrap(bytes);
        var mac = take(read, HASH);
        var content = Arrays.copyOfRange(bytes, HASH, bytes.length);
        if (!MessageDigest.isEqual(mac, mac(content))) {
            return Optional.empty();
        }
        var nonce = take(read, NONCE);
        var end = Instant.ofEpochSecond(read.getLong());
        boolean isThisBrowsers = MessageDigest.isEqual(take(read, HASH), Sha256.of(cookie));
        boolean isThisApps = new String(take(read, read.remaining()), StandardCharsets.US_ASCII).equals(app.id());
        var left = Duration.between(clock.instant(), end);
        return isThisBrowsers && isThisApps && left.compareTo(Duration.ZERO) > 0
                ? Optional.of(new Valid(BASE64.encodeToString(nonce), left))
                : Optional.empty();
    }

    private static byte[] decoded(String text) {
        try {
            return text.length() > LONGEST
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException noBase64) {
            return new byte[0];
        }
    }

    private static byte[] take(ByteBuffer from, int length) {
        var bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private byte[] random(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mac(byte[] content) {
        return HmacSha256.of(key, LABEL, content);
    }
}
