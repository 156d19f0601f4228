package io.ghlgateway.tenancy;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key that a caller may come with.
 *
 * @param id of a key of our making, {@code gw_<id>_…}, where the key itself was seen; no secret, and tells keys apart
 * @param expires from when on it opens nothing; empty: never
 */
public record CallerKey(KeyHash hash, Optional<String> id, Optional<Instant> expires) {

    private static final Pattern MADE = Pattern.compile("gw_([0-9a-f]{8})_.*");

    /** One that does not expire, of which only the hash is known. */
    public static CallerKey of(KeyHash hash) {
        return new CallerKey(hash, Optional.empty(), Optional.empty());
    }

    /** One that does not expire. */
    public static CallerKey of(Secret key) {
        var made = MADE.matcher(key.reveal());
        return new CallerKey(
                KeyHash.of(key), made.matches() ? Optional.of(made.group(1)) : Optional.empty(), Optional.empty());
    }

    public CallerKey until(Optional<Instant> end) {
        return new CallerKey(hash, id, end);
    }

    public boolean isGoodAt(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }
}
