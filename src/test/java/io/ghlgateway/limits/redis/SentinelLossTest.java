package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.BudgetsContract.PERIOD;
import static io.ghlgateway.limits.redis.RedisLossTest.isClosed;
import static io.ghlgateway.limits.redis.RedisLossTest.spend;
import static io.ghlgateway.limits.redis.RedisLossTest.untilAllToldWhatTheySent;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.GrantLog;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestSentinel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private TestSentinel redis;

    @AfterEach
    void stop() throws IOException {
        links.forEach(link -> Await.result(link.close()));
        redis.close();
    }

    private void start(int sentinels) throws IOException {
        redis = TestSentinel.started(Duration.ofMillis(600), sentinels);
    }

    @Test
    void noStretchSeesMoreThanTheQuotaWhileAReplicaTakesOverAndThenItIsSharedAgain() throws IOException {
        start(1);
        var one = replica();
        var other = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
        var log = new GrantLog(GUARDED);
        log.add(time.currentTimeNanos(), spend(one, 40) + spend(other, 40));

        redis.killMaster();
        Await.until(() -> one.isAlone() && other.isAlone());
        Await.until(() -> {
            spendAWhile(one, other, log);
            return !one.isAlone() && !other.isAlone();
        });
        Await.until(redis::isPromoted);
        for (var end = time.instant().plus(PERIOD.multipliedBy(3));
                time.instant().isBefore(end); ) {
            spendAWhile(one, other, log);
        }

        assertThat(log.most()).isLessThanOrEqualTo(100);
        Await.until(() -> spend(one, 100) + spend(other, 100) == 0); // what is left just now is chance
        time.advance(PERIOD);
        assertThat(spend(one, 60) + spend(other, 60)).isEqualTo(100);
    }

    private void spendAWhile(Budgets one, Budgets other, GrantLog log) {
        log.add(time.currentTimeNanos(), spend(one, 5) + spend(other, 5));
        time.advance(STEP);
    }

    @Test
    void aReplicaThatIsMadeMasterInPeaceGrantsNoFreshBurst() throws IOException {
        start(1);
        var one = replica();
        assertThat(spend(one, 60)).isEqualTo(60);

        redis.swap();
        Await.patiently(redis::isPromoted);
        Await.until(() -> isClosed(one));
        untilAllToldWhatTheySent(links.get(0), 1);

        assertThat(spend(one, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(one, 100)).isEqualTo(100);
    }

    @Test
    void aMasterThatHangsIsLeftForTheReplicaThatTakesOverAndIsNotGoneBackToWhenItGoesOn() throws IOException {
        start(1);
        var told = new CopyOnWriteArrayList<Boolean>();
        var one = SharedBudgets.notYet(link(), "p", SETTINGS, time, RedisLossTest.telling(told));
        SharedBudgets.untilOpen(one);
        var log = new GrantLog(GUARDED);
        log.add(time.currentTimeNanos(), spend(one, 100));

        redis.freezeMaster();
        Await.patiently(redis::isPromoted);
        Await.until(() -> told.equals(List.of(true, false)));
        redis.thawMaster();

        for (var end = time.instant().plus(PERIOD.multipliedBy(2));
                time.instant().isBefore(end);
                time.advance(STEP.multipliedBy(5))) {
            log.add(time.currentTimeNanos(), spend(one, 10));
        }
        assertThat(log.most()).isLessThanOrEqualTo(100);
        assertThat(log.total()).as("and the quota is given again").isGreaterThan(100);
    }

    @Test
    void aSentinelThatIsGoneIsNotMissedWhileAnotherAnswers() throws IOException {
        start(2);
        var one = replica();
        assertThat(spend(one, 60)).isEqualTo(60);

        redis.killSentinel();
        var late = replica();
        assertThat(spend(late, 100)).isEqualTo(40);
        redis.swap();
        Await.patiently(redis::isPromoted);
        Await.until(() -> isClosed(one) && isClosed(late));
        untilAllToldWhatTheySent(links.get(0), 2);

        time.advance(PERIOD);
        assertThat(spend(one, 60) + spend(late, 60)).isEqualTo(100);
    }

    private BucketBudgets replica() {
        return SharedBudgets.on(link(), "p", SETTINGS, time);
    }

    private RedisLink link() {
        var link = RedisLink.to(redis.uri(), PATIENT, Ticker.systemTicker());
        links.add(link);
        link.start();
        return link;
    }
}
