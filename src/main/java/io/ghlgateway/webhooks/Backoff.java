package io.ghlgateway.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a delivery that failed is made again: after a pause that doubles from attempt to attempt, shortened at random by up
 * to a half so that what failed together does not come back together.
 *
 * @param first the pause after the first attempt
 * @param longest no pause is longer
 * @param giveUpAfter an event accepted, or replayed, this long ago is tried no more
 */
public record Backoff(Duration first, Duration longest, Duration giveUpAfter) {

    /** @param attempt the one that failed, 1 for the first */
    Duration pause(int attempt, RandomGenerator random) {
        long full = longest.toMillis();
        if (attempt < Integer.numberOfLeadingZeros(1)) {
            full = Math.min(full, first.toMillis() << Math.min(attempt - 1, 30));
        }
        return Duration.ofMillis(Math.max(1, full - (long) (random.nextDouble() * full / 2)));
    }

    boolean isOver(Instant accepted, Instant next) {
        return accepted.isBefore(oldest(next));
    }

    /** What was accepted before is tried no more. */
    Instant oldest(Instant now) {
        return now.minus(giveUpAfter);
    }
}
