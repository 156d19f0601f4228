package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Spend;
import io.ghlgateway.limits.Standing;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Real threads at one lane. Time stands still, so nothing depends on how fast this machine is. */
class LaneStressTest {

    private static final int THREADS = 4;
    private static final int CALLS = 3_000;
    private static final long NOW = 1_000;

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger astray = new AtomicInteger();
    private final CountDownLatch all = new CountDownLatch(THREADS * CALLS);

    @Test
    void everyCallOfEveryThreadEndsOnceAndAtHome() throws InterruptedException {
        var budget = new Purse(THREADS * CALLS);
        var lanes = lanes(budget);
        var loops = new ArrayList<ExecutorService>();

        for (int i = 0; i < THREADS; i++) {
            var loop = new Home();
            loops.add(loop.thread);
            loop.thread.execute(() -> enterAll(lanes, loop));
        }

        assertThat(all.await(60, TimeUnit.SECONDS))
                .as("all ended; " + all.getCount() + " did not")
                .isTrue();
        for (var loop : loops) {
            loop.shutdown();
            assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ended).hasValue(THREADS * CALLS);
        assertThat(astray).as("ended on another thread than its own").hasValue(0);
        assertThat(lanes.waiting()).isZero();
        assertThat(open).as("connections held by nobody").hasValue(0);
        // One that hung up leaves its permit to the next; the last of them may find nobody.
        assertThat(budget.paid.get()).isBetween((long) sent.get(), (long) sent.get() + THREADS * CALLS / 7);
        assertThat(sent.get()).isGreaterThanOrEqualTo(THREADS * CALLS * 6 / 7 - THREADS);
    }

    private void enterAll(Lanes lanes, Home home) {
        for (int i = 0; i < CALLS; i++) {
            var call = new Call(
                    Callers.any("billing"),
                    new Tenant("acme", FakeBudget.KEY.app(), FakeBudget.KEY.resource()),
                    Route.unknown(HttpMethod.GET),
                    new UpstreamRequest(HttpMethod.GET, "/", MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY),
                    Deadline.after(NOW, Duration.ofSeconds(25)),
                    new Urgency(i % 8),
                    home);
            lanes.permit(call, false, () -> Future.succeededFuture(new Held())).onComplete((permit, failure) -> {
                if (permit != null) {
                    permit.send();
                }
                if (Thread.currentThread() != home.self) {
                    astray.incrementAndGet();
                }
                ended.incrementAndGet();
                all.countDown();
            });
            if (i % 7 == 0) {
                call.hangUp();
            }
        }
    }

    private Lanes lanes(Budget budget) {
        Alarm never = (delay, action) -> () -> {};
        return new Lanes(
                key -> budget,
                Optional.empty(),
                () -> NOW,
                never,
                new Lanes.Bounds(THREADS * CALLS, THREADS * CALLS, 1_000),
                Duration.ofMillis(50),
                DispatchEvents.NONE);
    }

    /** A loop of its own, on which what comes from it runs at once. */
    private static final class Home implements Executor {
        private volatile Thread self;
        private final ExecutorService thread =
                Executors.newSingleThreadExecutor(task -> self = new Thread(task, "home"));

        @Override
        public void execute(Runnable task) {
            if (Thread.currentThread() == self) {
                task.run();
            } else {
                thread.execute(task);
            }
        }
    }

    private final class Held implements Exchange {
        private boolean over;

        Held() {
            open.incrementAndGet();
        }

        @Override
        public Future<Reply> send() {
            release();
            sent.incrementAndGet();
            return Future.failedFuture("nobody listens");
        }

        @Override
        public void abandon() {
            release();
        }

        private void release() {
            if (!over) {
                over = true;
                open.decrementAndGet();
            }
        }
    }

    /** Enough for all, in memory. */
    private static final class Purse implements Budget {
        private final int free;
        private final AtomicLong paid = new AtomicLong();

        Purse(int free) {
            this.free = free;
        }

        @Override
        public BudgetKey key() {
            return FakeBudget.KEY;
        }

        @Override
        public Limit limit() {
            return new Limit(free, Duration.ofSeconds(10), 200_000);
        }

        @Override
        public Future<Spend> trySpend(int wanted) {
            paid.addAndGet(wanted);
            return Future.succeededFuture(new Spend(wanted, Cause.NONE, NOW));
        }

        @Override
        public Future<Forecast> forecast(int position) {
            return Future.succeededFuture(new Forecast(free, Duration.ZERO, Cause.NONE));
        }

        @Override
        public Standing standing() {
            return new Standing(List.of(), List.of());
        }

        @Override
        public void observe(RateHeaders headers, long paidAt) {}

        @Override
        public void blocked(Optional<Duration> asked) {}

        @Override
        public void upstreamRefused(Duration pause, RateHeaders said, long paidAt) {}

        @Override
        public Future<Void> rest(Duration pause) {
            return Future.succeededFuture();
        }
    }
}
