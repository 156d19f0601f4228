package io.ghlgateway.limits.redis;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;

/** A wall clock that all replicas agree on, and how far it may be from the truth. */
interface SharedClock extends TimeMeter {

    /** Its time in epoch milliseconds. */
    default long millis() {
        return Math.floorDiv(currentTimeNanos(), 1_000_000L);
    }

    /** {@link Long#MAX_VALUE} while nothing is known. */
    long errorNanos();

    /** How often what it follows was found set forward: what was timed before then can't be told from what is now. */
    default long steps() {
        return 0;
    }

    /** Sets the clock by what it follows. Fails when that did not answer; the clock then goes on as it was. */
    Future<Void> measure();

    @Override
    default boolean isWallClockBased() {
        return true;
    }
}
