package io.ghlgateway.dispatch;

import io.ghlgateway.limits.BudgetKey;
import java.time.Duration;

/** What happens to calls on their way. Called on event loops: implementations return at once and never throw. */
public interface DispatchEvents {

    /**
     * A send has been written; {@code sincePaid} after the clock reading it was paid with.
     *
     * @param caller the name of the one it was for
     */
    default void sent(BudgetKey key, String caller, Duration sincePaid) {}

    /** An attempt ended with a reply's head or a failure; pairs with {@link #sent}. */
    default void cameBack(BudgetKey key, Duration upstream) {}

    /** The upstream refused a send that our budget had paid for. */
    default void upstream429(BudgetKey key) {}

    /** A permit was paid for and could not be used in time. */
    default void permitLost(BudgetKey key) {}

    /** Tells nobody. */
    DispatchEvents NONE = new DispatchEvents() {};
}
