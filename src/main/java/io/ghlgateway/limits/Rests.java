package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * What gives nothing for a while, on all replicas that share the store: keys, or all of them with the address that they
 * leave from. Any thread.
 */
public interface Rests {

    /** Not a key, but all of them. */
    Optional<BudgetKey> ALL = Optional.empty();

    /**
     * How much longer it rests, as last heard; zero where it does not.
     *
     * @param who a key, or {@link #ALL}: a key's own rest is another thing
     */
    long nanos(Optional<BudgetKey> who);

    /** A longer rest already in force stays. Fails when nobody heard. */
    Future<Void> rest(Optional<BudgetKey> who, Duration pause);

    /** Ends its rest. Fails when nobody heard. */
    Future<Void> wake(Optional<BudgetKey> who);
}
