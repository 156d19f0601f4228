package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.SpendJournal;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.WallClock;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a call's arrival in its lane to its permit, where a budget in memory is free and a connection at hand: all on one thread.
 * The call itself and its payment ({@code PaymentBenchmark.spend}) are part of it. The quota of 100 in 10 s is used to the
 * full: each call comes 102 ms after the one before it, by a clock that only this moves.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PermitBenchmark {

    private static final long STEP = Duration.ofMillis(102).toNanos();
    private static final Exchange AT_HAND = new Exchange() {
        @Override
        public Future<Reply> send() {
            return Future.failedFuture("nobody listens");
        }

        @Override
        public void abandon() {}
    };

    private long nanos;
    private final Ticker ticker = () -> nanos;
    private final Lanes lanes = new Lanes(
            BucketBudgets.inMemory(
                    new BudgetSettings(
                            new Limit(100, Duration.ofSeconds(10), 10_000_000),
                            true,
                            StrictWindow.Tuning.BURST,
                            URI.create("https://upstream.example")),
                    SpendJournal.none(),
                    WallClock.starting(InstantSource.fixed(Instant.parse("2026-11-26T00:00:00Z")), ticker),
                    ticker,
                    LimitEvents.NONE),
            Optional.empty(),
            ticker,
            (delay, action) -> () -> {},
            new Lanes.Bounds(1_000, 10_000, 1_000_000),
            Duration.ofMillis(50),
            DispatchEvents.NONE);
    private final Caller caller = Callers.any("billing");
    private final Tenant tenant = new Tenant("acme", App.PRIVATE, Resource.location("loc1"));
    private final Route route = Route.unknown(HttpMethod.GET);
    private final UpstreamRequest request =
            new UpstreamRequest(HttpMethod.GET, "/contacts/abc", MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY);
    private final Urgency urgency = new Urgency(3);

    @Setup
    public void fill() {
        for (int i = 0; i < 1_000; i++) {
            if (!permit().succeeded() || lanes.waiting() != 0) {
                throw new IllegalStateException("call " + i + " got no permit at once");
            }
        }
    }

    @Benchmark
    public Future<Permit> permit() {
        nanos += STEP;
        var call = new Call(
                caller, tenant, route, request, Deadline.after(nanos, Duration.ofSeconds(25)), urgency, Runnable::run);
        var permit = lanes.permit(call, false, () -> Future.succeededFuture(AT_HAND));
        call.leavesPlace();
        return permit;
    }
}
