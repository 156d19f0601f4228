package io.ghlgateway.tenancy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/** A token, key or password: it says nothing of itself unless asked by {@link #reveal()}. */
public final class Secret {

    /** HighLevel's tokens, keys of our making, and what stands before the host in a URL. */
    private static final Pattern LIKELY = Pattern.compile("(?:pit-|eyJ|gw_[0-9a-f]{8}_)[\\w.+/=-]{8,}|(?<=://)\\S+@");

    private static final String BLOT = "***";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** @param text not empty */
    public static Secret of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a secret is not empty");
        }
        return new Secret(text);
    }

    /** The secret itself: to send, seal, hash or compare it, or to show it once to who made it; never for a log or a label. */
    public String reveal() {
        return text;
    }

    /** Takes the same time wherever the two differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** A message that may quote what others wrote, without what looks like a secret in the wrong place. */
    public static String blotted(String message) {
        return LIKELY.matcher(message).replaceAll(BLOT);
    }

    @Override
    public String toString() {
        return BLOT;
    }

    private byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
