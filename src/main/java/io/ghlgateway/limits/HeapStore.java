package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Buckets in this process; its journal lets the next process start from what this one spent. */
final class HeapStore implements BucketStore {

    private final Windows windows;
    private final TimeMeter clock;
    private final SpendJournal journal;
    private final Rests rests;
    private final Egress egress;

    HeapStore(Windows windows, TimeMeter clock, SpendJournal journal, Ticker ticker, LimitEvents events) {
        this.windows = windows;
        this.clock = clock;
        this.journal = journal;
        this.rests = new HeapRests(clock);
        this.egress = new Egress(rests, ticker, events);
    }

    @Override
    public TimeMeter clock() {
        return clock;
    }

    @Override
    public SendLog burst(BudgetKey key, Supplier<Limit> limit) {
        return new HeapLog(limit.get(), windows.guard(), clock, journal.ledger(key));
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

    /** HighLevel does not count these, so they may begin anew with a restart. */
    @Override
    public TokenBucket ofClass(BudgetKey key, String kind, Limit limit) {
        return new HeapBucket(windows.burst(limit), clock, Ledger.NONE);
    }

    @Override
    public long closedNanos() {
        return 0;
    }

    @Override
    public Future<Void> opened() {
        return Future.succeededFuture();
    }

    @Override
    public List<String> weaknesses() {
        return List.of();
    }

    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public Rests rests() {
        return rests;
    }

    @Override
    public Egress egress() {
        return egress;
    }

    /** The bucket itself knows, and its budget stays as long as something is kept back. */
    @Override
    public void restrain(BudgetKey key, long quota, Restraint restraint) {}

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
