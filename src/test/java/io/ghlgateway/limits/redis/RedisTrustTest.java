package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
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
            var link = RedisOfClass.connected(RedisLink.to(redis.uri(), RedisOfClass.PATIENT, Ticker.systemTicker()));
            var wired = SharedBudgets.wired(
                    link, "trust", BudgetsContract.settings(BudgetsContract.LIMIT, true), time, events);
            var trust = wired.trust();
            trust.up(); // and not started: the link's own news are not heard
            Await.result(trust.opened());
            trust.repayment().debtors().add(new LosesWhenAsked(trust));

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
}
