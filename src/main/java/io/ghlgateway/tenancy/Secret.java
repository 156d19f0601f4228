package io.ghlgateway.tenancy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A token, key or password: it says nothing of itself unless asked by {@link #reveal()}.
 *
 * <p>It is kept masked, so that who looks through a dump of the heap, or has a tool look for what tokens look like, finds
 * none. That is no encryption: the mask is in the same heap.
 */
public final class Secret {

    /** HighLevel's tokens, keys of our making, and what stands before the host in a URL. */
    private static final Pattern LIKELY = Pattern.compile("(?:pit-|eyJ|gw_[0-9a-f]{8}_)[\\w.+/=-]{8,}|(?<=://)\\S+@");

    private static final String BLOT = "***";

    /** One for all, so that equal secrets are equal as they are kept; its length is a power of two. */
    private static final byte[] MASK = new byte[64];

    static {
        new SecureRandom().nextBytes(MASK);
    }

    private final byte[] masked;

    private Secret(byte[] masked) {
        this.masked = masked;
    }

    /** @param text not empty */
    public static Secret of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a secret is not empty");
        }
        return new Secret(turned(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The secret itself: to send, seal, hash or compare it, or to show it once to who made it; never for a log or a label. */
    public String reveal() {
        var clear = turned(masked.clone());
        var text = new String(clear, StandardCharsets.UTF_8);
        Arrays.fill(clear, (byte) 0);
        return text;
    }

    /** Masks what is clear, and the other way round, in place. */
    private static byte[] turned(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= MASK[i & MASK.length - 1];
        }
        return bytes;
    }

    /** Takes the same time wherever the two differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(masked, secret.masked);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(masked);
    }

    /** A message that may quote what others wrote, without what looks like a secret in the wrong place. */
    public static String blotted(String message) {
        return LIKELY.matcher(message).replaceAll(BLOT);
    }

    @Override
    public String toString() {
        return BLOT;
    }
}
