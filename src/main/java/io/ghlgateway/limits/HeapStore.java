package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Buckets in this process; its journal lets the next process start from what this one spent. */
final class HeapStore implements BucketStore {

    private final Windows windows;
    private final TimeMeter clock;
    private final SpendJournal journal;
    /** When they end, by the clock. */
    private final ConcurrentHashMap<BudgetKey, Long> rests = new ConcurrentHashMap<>();

    HeapStore(Windows windows, TimeMeter clock, SpendJournal journal) {
        this.windows = windows;
        this.clock = clock;
        this.journal = journal;
    }

    @Override
    public TimeMeter clock() {
        return clock;
    }

    @Override
    public TokenBucket burst(BudgetKey key, Supplier<Limit> limit) {
        return new HeapBucket(windows.burst(limit.get()), clock, journal.ledger(key));
    }

    @Override
    public TokenBucket day(BudgetKey key, Supplier<Limit> limit, Function<Limit, StrictWindow> windowOf) {
        return new HeapBucket(windowOf.apply(limit.get()), clock, Ledger.NONE);
    }

    @Override
    public TokenBucket route(RouteKey key) {
        var window = windows.burst(key.limit().granted());
        // What HighLevel does not count may begin anew with a restart.
        boolean isOurs = key.limit().scope() == RouteLimit.Scope.CALLER;
        return new HeapBucket(window, clock, isOurs ? Ledger.NONE : journal.ledger(key, window.period()));
    }

    @Override
    public long closedNanos() {
        return 0;
    }

    @Override
    public boolean degraded() {
        return false;
    }

    @Override
    public long restNanos(BudgetKey key) {
        return rests.isEmpty() ? 0 : Math.max(0, rests.getOrDefault(key, 0L) - clock.currentTimeNanos());
    }

    @Override
    public Future<Void> rest(BudgetKey key, Duration pause) {
        long now = clock.currentTimeNanos();
        rests.values().removeIf(end -> end <= now);
        rests.merge(key, now + pause.toNanos(), Math::max);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> wake(BudgetKey key) {
        rests.remove(key);
        return Future.succeededFuture();
    }

    @Override
    public int replicas() {
        return 1;
    }

    @Override
    public Future<Limit> remembered(BudgetKey key, Limit otherwise) {
        return Future.succeededFuture(otherwise);
    }

    @Override
    public Future<Void> remember(BudgetKey key, Limit learned) {
        return Future.succeededFuture();
    }
}
