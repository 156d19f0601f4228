package io.ghlgateway.tenancy;

import java.time.Instant;
import java.util.Optional;

/**
 * A key that a caller may come with.
 *
 * @param expires from when on it opens nothing; empty: never
 */
public record CallerKey(KeyHash hash, Optional<Instant> expires) {

    /** One that does not expire. */
    public static CallerKey of(KeyHash hash) {
        return new CallerKey(hash, Optional.empty());
    }

    public boolean isGoodAt(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }
}
