package io.ghlgateway.limits;

import io.vertx.core.Future;

/** A quota that a request pays before the key's own. Any thread. */
interface AllowancePart {

    /** @param paidAt the monotonic clock before the oldest of them was granted */
    record Taken(int count, long paidAt) {}

    /**
     * Takes as many of {@code wanted} as are there; what is not sent for is to be {@link #giveBack given back}. Fails when
     * the quota's keeper did not answer.
     *
     * @param wanted at least 1
     */
    Future<Taken> take(int wanted);

    /** What was taken and not sent for: it is good for a while for the next. */
    void giveBack(int count, long paidAt);

    /**
     * When the send at {@code position} could be paid for here, whatever the key has. Fails as {@link #take} does.
     *
     * @param position at least 1
     */
    Future<Forecast> forecast(int position);

    /** Why it gives fewer than are wanted. */
    Cause cause();
}
