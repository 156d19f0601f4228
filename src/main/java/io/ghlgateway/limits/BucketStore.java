package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where budgets keep their buckets: the heap or Redis. Any thread may call. */
public interface BucketStore {

    /** The clock that the buckets live by, in epoch nanoseconds. */
    TimeMeter clock();

    /** @param limit the quota in force whenever it is asked */
    SendLog burst(BudgetKey key, Supplier<Limit> limit);

    /**
     * @param limit the quota in force whenever it is asked
     * @param windowOf the day of a quota, as far as it is known when it begins
     */
    TokenBucket day(BudgetKey key, Supplier<Limit> limit, Function<Limit, StrictWindow> windowOf);

    /** The tokens of an endpoint's limit; what {@link RouteLimit#granted} says. */
    TokenBucket route(RouteKey key);

    /**
     * Tokens by which one key's requests are told apart by their class, on the grid of its short window. While the store
     * is degraded they are as they were left, or fail.
     *
     * @param kind unlike that of all others of the key
     */
    TokenBucket ofClass(BudgetKey key, String kind, Limit limit);

    /** For how many nanoseconds from now nothing may be granted, as far as is known; zero when the store is open. */
    long closedNanos();

    /** Completed once it could be spent from for the first time; may never be. */
    Future<Void> opened();

    /** Whether the buckets that all replicas share are out of reach, and this one's own are used. */
    boolean isAlone();

    /** What the store may do that budgets must not rely on, a sentence each; empty when all is as it should be. */
    List<String> weaknesses();

    /** How many replicas use the store, as last heard. */
    int replicas();

    /** What gives nothing for now on any replica. */
    Rests rests();

    /** What rests when all keys do. */
    Egress egress();

    /** Remembers for an hour what is kept back of a key's short window, of a quota of so many; best effort. */
    void restrain(BudgetKey key, long quota, Restraint restraint);

    /** The quota that other replicas learned for this key, or {@code otherwise}. Never fails. */
    Future<Limit> remembered(BudgetKey key, Limit otherwise);

    /** Remembers a quota for all replicas and their successors. Fails when the store did not answer. */
    Future<Void> remember(BudgetKey key, Limit learned);
}
