package io.ghlgateway.limits;

import static io.ghlgateway.limits.BudgetsContract.PERIOD;
import static io.ghlgateway.limits.RedisLossTest.closedFor;
import static io.ghlgateway.limits.RedisLossTest.spend;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of shared budgets when another Redis becomes the master. */
class SentinelLossTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final BudgetSettings SETTINGS = BudgetsContract.settings(BudgetsContract.LIMIT, true);
    private static final Duration GUARDED = BudgetsContract.TEN_SECONDS.plusMillis(160);
    private static final Duration STEP = Duration.ofMillis(20);

    private final FakeTime time = new FakeTime(Instant.ofEpochMilli(PERIOD.toMillis() * 170_000_000L));
    private final List<RedisLink> links = new ArrayList<>();
    private final TestSentinel redis;

    SentinelLossTest() throws IOException {
        redis = TestSentinel.started(Duration.ofMillis(600));
    }

    @AfterEach
    void stop() throws IOException {
        links.forEach(link -> Await.result(link.close()));
        redis.close();
    }

    @Test
    void noStretchSeesMoreThanTheQuotaWhileAReplicaTakesOverAndThenItIsSharedAgain() throws IOException {
        var one = replica();
        var other = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
        var log = new GrantLog(GUARDED);
        log.add(time.currentTimeNanos(), spend(one, 40) + spend(other, 40));

        redis.killMaster();
        Await.until(() -> one.degraded() && other.degraded());
        Await.until(() -> {
            spendAWhile(one, other, log);
            return !one.degraded() && !other.degraded();
        });
        assertThat(redis.isPromoted()).isTrue();
        for (var end = time.instant().plus(PERIOD.multipliedBy(3));
                time.instant().isBefore(end); ) {
            spendAWhile(one, other, log);
        }

        assertThat(log.most()).isLessThanOrEqualTo(100);
        assertThat(spend(one, 100) + spend(other, 100))
                .as("all of it was spent")
                .isLessThan(20);
        time.advance(PERIOD);
        assertThat(spend(one, 60) + spend(other, 60)).isEqualTo(100);
    }

    private void spendAWhile(Budgets one, Budgets other, GrantLog log) {
        log.add(time.currentTimeNanos(), spend(one, 5) + spend(other, 5));
        time.advance(STEP);
    }

    @Test
    void aReplicaThatIsMadeMasterInPeaceGrantsNoFreshBurst() {
        var one = replica();
        assertThat(spend(one, 60)).isEqualTo(60);

        redis.swap();
        Await.patiently(redis::isPromoted);
        Await.until(() -> closedFor(one).equals(PERIOD));

        assertThat(spend(one, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(one, 100)).isEqualTo(100);
    }

    private BucketBudgets replica() {
        var link = RedisLink.to(redis.uri(), PATIENT, Ticker.systemTicker());
        links.add(link);
        link.start();
        return SharedBudgets.on(link, "p", SETTINGS, time);
    }
}
