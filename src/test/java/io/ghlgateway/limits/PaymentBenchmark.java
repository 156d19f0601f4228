package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The arithmetic of a payment, at its dearest: a quota of 100 in 10 s that is used to the full, so that a log has its hundred
 * entries. Each payment comes 102 ms after the one before it, by a clock that only these move.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PaymentBenchmark {

    private static final Duration GUARD = StrictWindow.Tuning.BURST.guard();
    /** A day that is never used up. */
    private static final Limit QUOTA = new Limit(100, Duration.ofSeconds(10), 10_000_000);

    private static final Instant BEGIN = Instant.parse("2026-11-26T00:00:00Z");
    private static final long STEP = Duration.ofMillis(102).toNanos();

    private long nanos;
    private final Ticker ticker = () -> nanos;
    private final WallClock clock = WallClock.starting(InstantSource.fixed(BEGIN), ticker);
    private final SlidingLog log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, BEGIN.toEpochMilli());
    private final HeapLog heapLog = new HeapLog(QUOTA, GUARD, clock, Ledger.NONE);
    private final HeapBucket day =
            new HeapBucket(new Windows(StrictWindow.Tuning.BURST).day(QUOTA), clock, Ledger.NONE);
    private final Budget budget = BucketBudgets.inMemory(
                    new BudgetSettings(QUOTA, true, StrictWindow.Tuning.BURST, URI.create("https://upstream.example")),
                    SpendJournal.none(),
                    clock,
                    ticker,
                    LimitEvents.NONE)
            .of(new BudgetKey(App.PRIVATE, Resource.location("loc1")));
    private final MultiMap headers = HttpHeaders.headers()
            .add("X-RateLimit-Limit-Daily", "10000000")
            .add("X-RateLimit-Daily-Remaining", "9999999")
            .add("X-RateLimit-Daily-Reset", "43200000")
            .add("X-RateLimit-Interval-Milliseconds", "10000")
            .add("X-RateLimit-Max", "100")
            .add("X-RateLimit-Remaining", "1");

    @Setup
    public void fill() {
        for (int i = 0; i < 1_000; i++) {
            if (pay().count() != 1
                    || inMemory().result().count() != 1
                    || spend().result().granted() != 1) {
                throw new IllegalStateException("payment " + i + " was refused");
            }
        }
    }

    private long step() {
        nanos += STEP;
        return clock.currentTimeNanos() / 1_000_000;
    }

    @Benchmark
    public Payment pay() {
        return log.pay(1, step());
    }

    @Benchmark
    public Future<Payment> inMemory() {
        step();
        return heapLog.pay(1);
    }

    @Benchmark
    public Future<Integer> day() {
        step();
        return day.take(1);
    }

    /** Log and day together, as the lane pays them. */
    @Benchmark
    public Future<Spend> spend() {
        step();
        return budget.trySpend(1);
    }

    /** When the 250th in line gets its turn. */
    @Benchmark
    public Future<Forecast> forecast() {
        return budget.forecast(250);
    }

    @Benchmark
    public void observe() {
        budget.observe(RateHeaders.of(headers), BudgetsContract.LONG_AGO);
    }

    /** As Redis keeps it, read and written. */
    @Benchmark
    public byte[] bytes() {
        return SlidingLog.of(log.bytes(), GUARD).bytes();
    }
}
