package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * When one key's latest requests were paid for, wherever that is kept: what its short window still gives follows from it,
 * and what others sent. See {@link SlidingLog} for the arithmetic.
 */
public interface SendLog extends WindowLog {

    /** How many were sent from an interval before {@code reading} until now; empty when that cannot be told any more. */
    Future<OptionalLong> ownUntilNow(Reading reading);

    /**
     * Keeps back more or less of {@code quota}, in one step: what {@code step} makes of what is kept back now. Tells what is
     * kept back from then on; empty, and nothing done, where the log is of another quota.
     *
     * @param step may run more than once, on any thread
     */
    Future<Optional<Restraint>> restrain(long quota, UnaryOperator<Restraint> step);

    /**
     * One that was paid for at {@code paidAtMillis} reached the upstream late: it counts as if it had been paid for so much later.
     * Nothing happens where it counts no more, or cannot be found; best effort.
     *
     * @param paidAtMillis epoch milliseconds by the log's clock, or a few less
     */
    Future<Void> late(long paidAtMillis, Duration by);
}
