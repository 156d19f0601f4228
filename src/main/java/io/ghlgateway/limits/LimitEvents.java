package io.ghlgateway.limits;

import io.ghlgateway.redis.RedisFailure;
import java.time.Duration;

/**
 * What happens to budgets, for those who count. Called on the thread where it happened, often an event loop: must not
 * block and must not throw.
 */
public interface LimitEvents {

    /** Nobody counts. */
    LimitEvents NONE = new LimitEvents() {};

    /** {@code sends} were paid for. */
    default void spent(BudgetKey key, int sends) {}

    /** A spend gave less than was asked. */
    default void fellShort(BudgetKey key, Cause cause) {}

    /** Replies of the upstream changed a key's quota. */
    default void learned(BudgetKey key, Limit before, Limit now) {}

    /** Somebody else spent this many of the day's quota. */
    default void foreign(BudgetKey key, long sends) {}

    /** So many sends were paid for at an endpoint's limit or a caller's, and grew too old before the key's own quota paid too. */
    default void routeCreditLost(int sends) {}

    /** A key rests after a 429. */
    default void held(BudgetKey key, Duration pause) {}

    /** HighLevel's edge refused a send, since it bars the address that all leave from. */
    default void egressRefused() {}

    /** The shared store answered, or failed to, after this long. */
    default void storeAsked(Duration latency, boolean ok) {}

    /** A command to the shared store failed, or an attempt to connect to it. */
    default void storeFailed(RedisFailure failure) {}

    /** The shared store may drop what was spent when its memory is short ({@code true}), or no longer. */
    default void storeMayEvict(boolean may) {}

    /** The shared store was lost ({@code true}), or is back in use. */
    default void degraded(boolean degraded) {}
}
