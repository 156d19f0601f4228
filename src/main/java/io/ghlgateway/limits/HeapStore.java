package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Buckets in this process; its journal lets the next process start from what this one spent. */
final class HeapStore implements BucketStore {

    private final Windows windows;
    private final TimeMeter clock;
    private final SpendJournal journal;
    /** When they end, by the clock. */
    private final ConcurrentHashMap<BudgetKey, Long> rests = new ConcurrentHashMap<>();

    private final AllRests all = new AllRests();
    private final Egress egress;

    HeapStore(Windows windows, TimeMeter clock, SpendJournal journal, Ticker ticker, LimitEvents events) {
        this.windows = windows;
        this.clock = clock;
        this.journal = journal;
        this.egress = new Egress(all, ticker, events);
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
    public long restNanos(BudgetKey key) {
        long own = rests.isEmpty() ? 0 : Math.max(0, rests.getOrDefault(key, 0L) - clock.currentTimeNanos());
        return Math.max(own, all.nanos());
    }

    @Override
    public Egress egress() {
        return egress;
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

    /** Nobody else needs to hear, so what is told holds at once. */
    private final class AllRests implements Egress.Shared {

        private final AtomicLong end = new AtomicLong(); // by the clock; zero: none

        @Override
        public long nanos() {
            long until = end.get();
            return until == 0 ? 0 : Math.max(0, until - clock.currentTimeNanos());
        }

        @Override
        public Future<Void> rest(Duration pause) {
            end.accumulateAndGet(clock.currentTimeNanos() + pause.toNanos(), Math::max);
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> wake() {
            end.set(0);
            return Future.succeededFuture();
        }
    }
}
