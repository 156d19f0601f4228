package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * When one key's latest requests were paid for, wherever that is kept: what its short window still gives follows from it.
 * See {@link SlidingLog} for the arithmetic. Any thread may call; futures complete on any thread, and fail when the log's
 * keeper did not answer.
 */
interface SendLog {

    /**
     * Pays for as many of {@code wanted} as the window gives, for good, and tells how it stood thereafter. In one step.
     *
     * @param wanted at least 1
     */
    Future<Payment> pay(int wanted);

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
     * One that was paid for at {@code paidAt} reached the upstream late: it counts as if it had been paid for so much later.
     * Nothing happens where it counts no more, or cannot be found; best effort.
     *
     * @param paidAt epoch milliseconds by the log's clock, or a few less
     */
    Future<Void> late(long paidAt, Duration by);

    /**
     * When the send at {@code position} could be paid for if nobody else sent any.
     *
     * @param position at least 1; may be more than the window gives
     * @param rest for how long from now none is sent though the window may give some, in nanoseconds
     */
    Future<Outlook> outlook(long position, long rest);

    /**
     * Goes on under another quota, of which nothing is kept back; what was sent stays sent. In one step, and without effect
     * under that quota already, so that any number of replicas may ask for it.
     */
    Future<Void> become(Limit next);

    /** Lets go of what a log in which nothing counts any more need not keep. True when nothing is left to let go of. */
    boolean letGo();
}
