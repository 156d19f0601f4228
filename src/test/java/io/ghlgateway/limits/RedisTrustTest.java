package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A Redis that is lost and found, as this test says so. */
class RedisTrustTest {

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<Boolean> degraded = new CopyOnWriteArrayList<>();
    private final LimitEvents events = new LimitEvents() {
        @Override
        public void degraded(boolean now) {
            degraded.add(now);
        }
    };

    @Test
    void whatIsLostAgainWhileItsReturnIsToldIsDegraded() throws Exception {
        try (var redis = TestRedis.started()) {
            var link = RedisOfClass.connected(
                    RedisLink.to(redis.uri(), RedisOfClass.PATIENT, Ticker.systemTicker()));
            var calls = new RedisCalls(link, time, events);
            var clock = SharedBudgets.clock(time);
            var period = new Windows(BudgetsContract.settings(BudgetsContract.LIMIT, true)
                            .tuning())
                    .burst(BudgetsContract.LIMIT)
                    .period();
            var epoch = new RedisEpoch(
                    calls, bytes("trust:epoch"), "one", () -> Future.succeededFuture(false), clock, period);
            var replicas = new Replicas(calls, bytes("trust:replicas"), "one", clock);
            var repayment = new Repayment(calls, bytes("trust:repaid"), "one", epoch, replicas, clock, period, true);
            var busyKeys = new BusyKeys(link, calls, bytes("trust:busy"), "one", replicas, clock, time, period);
            var steps = new ClockSteps(clock, time, period, RedisTrust.EVERY);
            var look = new RedisLook(
                    link, calls, clock, steps, new MemoryPolicy(events), epoch, Optional.empty(), replicas);
            var trust = new RedisTrust(link, calls, clock, look, epoch, repayment, busyKeys, period, events);
            trust.up(); // and not started: the link's own news are not heard
            Await.result(trust.opened());
            repayment.debtors().add(new LosesWhenAsked(trust));

            trust.down();
            trust.up();

            Await.until(() -> degraded.size() == 3);
            assertThat(degraded).containsExactly(true, false, true);
            assertThat(trust.share()).isPresent();
            Await.result(link.close());
        }
    }

    /** Redis goes as it is told what was sent meanwhile, which is the first thing that it is asked for. */
    private record LosesWhenAsked(RedisTrust trust) implements Repayment.Debtor {

        @Override
        public Future<Void> repay() {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> tellEarly() {
            trust.down();
            return Future.succeededFuture();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
