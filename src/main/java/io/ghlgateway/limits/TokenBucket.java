package io.ghlgateway.limits;

import io.vertx.core.Future;

/**
 * One key's tokens of one {@link StrictWindow}, wherever they are kept. Any thread may call; futures complete on any
 * thread, and fail when the tokens' keeper did not answer.
 */
public interface TokenBucket {

    /**
     * Takes as many of {@code wanted} as are there, for good.
     *
     * @param wanted at least 1
     */
    default Future<Integer> take(int wanted) {
        return take(wanted, 0);
    }

    /**
     * As {@link #take(int)}, and does not go below {@code leaving}. In one step.
     *
     * @param leaving zero or more
     */
    Future<Integer> take(int wanted, long leaving);

    /**
     * When the send at {@code position} could be paid for if nobody else took any.
     *
     * @param position at least 1; may be more than the bucket can hold
     */
    Future<Outlook> outlook(long position);

    /** Throws away what others must have spent by what a reply said; tells how many that were. In one step. */
    Future<Long> tighten(DayLeft left);

    /**
     * Goes on under another window; what was spent stays spent. In one step, and without effect under that window
     * already, so that any number of replicas may ask for it.
     */
    Future<Void> become(StrictWindow next);

    /** Lets go of what a bucket that is full need not keep. True when nothing is left to let go of. */
    boolean letGo();
}
