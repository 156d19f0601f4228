package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When events are asked for; an end that is not said, or not as milliseconds or ISO 8601, is open.
 *
 * @param from the first moment
 * @param to the first moment after it
 */
record TimeRange(Optional<Instant> from, Optional<Instant> to) {

    static TimeRange of(MultiMap query, String from, String to) {
        return new TimeRange(instant(query.get(from)), instant(query.get(to)));
    }

    /** Whether an event's {@code startTime} is in here; where a range is asked for, one without a time is not. */
    boolean begins(JsonObject event) {
        if (from.isEmpty() && to.isEmpty()) {
            return true;
        }
        return instant(event.getValue("startTime"))
                .filter(start -> from.filter(start::isBefore).isEmpty())
                .filter(start -> to.map(start::isBefore).orElse(true))
                .isPresent();
    }

    /** The time that a text or a number says. */
    static Optional<Instant> instant(@Nullable Object said) {
        String text = String.valueOf(said);
        if (text.matches("\\d{1,15}")) {
            return Optional.of(Instant.ofEpochMilli(Long.parseLong(text)));
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }
}
