package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;

/** Where budgets keep their buckets: the heap or Redis. Any thread may call. */
interface BucketStore {

    /** The clock that the buckets live by, in epoch nanoseconds. */
    TimeMeter clock();

    TokenBucket burst(BudgetKey key, Limit limit);

    TokenBucket day(BudgetKey key, Limit limit);

    /** For how many nanoseconds from now nothing may be granted, as far as is known; zero when the store is open. */
    long closedNanos();

    /** The quota that other replicas learned for this key, or {@code otherwise}. Never fails. */
    Future<Limit> remembered(BudgetKey key, Limit otherwise);

    /** Remembers a quota for all replicas. True when it is for this one to change the buckets. Never fails. */
    Future<Boolean> remember(BudgetKey key, Limit learned);
}
