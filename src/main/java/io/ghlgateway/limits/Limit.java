package io.ghlgateway.limits;

import io.ghlgateway.highlevel.TimeWords;
import java.time.Duration;

/**
 * A quota as HighLevel states it: at most {@code requests} in any stretch of {@code per}, and {@code daily} a day.
 */
public record Limit(int requests, Duration per, long daily) {

    public Limit {
        if (requests < 1 || daily < 1 || per.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "a limit needs at least one request, one millisecond and one request a day: " + requests + " per "
                            + per + ", " + daily + " a day");
        }
    }

    /** {@code 100 per 10 s, 200000 a day}. */
    @Override
    public String toString() {
        return requests + " per " + TimeWords.of(per) + ", " + daily + " a day";
    }
}
