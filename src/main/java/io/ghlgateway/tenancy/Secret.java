package io.ghlgateway.tenancy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A token, key or password: it says nothing of itself unless asked by {@link #reveal()}. */
public final class Secret {

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

    /** The secret itself, for the one place that sends or hashes it; never for a log, a message or a label. */
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

    @Override
    public String toString() {
        return "***";
    }

    private byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
