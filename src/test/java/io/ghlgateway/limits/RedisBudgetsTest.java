package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisBudgetsTest extends BudgetsContract {

    private static TestRedis redis;
    private static RedisLink link;
    private static int prefixes;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.started();
        link = RedisLink.to(redis.uri(), Duration.ofSeconds(10), Ticker.systemTicker());
        link.start();
        Await.result(link.seen());
    }

    @AfterAll
    static void stop() throws IOException {
        Await.result(link.close());
        redis.close();
    }

    @Override
    Budgets budgets(BudgetSettings settings) {
        return SharedBudgets.on(link, "test" + prefixes++, settings, time);
    }

    @Test
    void replicasShareOneBudget() {
        var one = replica("shared", LIMIT, true).of(ACME);
        var other = replica("shared", LIMIT, true).of(ACME);

        assertThat(spend(one, 70)).isEqualTo(70);
        assertThat(spend(other, 70)).isEqualTo(30);
        assertThat(spend(one, 70)).isZero();
        time.advance(PERIOD);
        assertThat(spend(other, 100)).isEqualTo(100);
        assertThat(spend(one, 1)).isZero();
    }

    @Test
    void replicasThatSpendAtTheSameTimeNeverExceedTheQuota() {
        var replicas = List.of(
                replica("race", LIMIT, true).of(ACME),
                replica("race", LIMIT, true).of(ACME),
                replica("race", LIMIT, true).of(ACME));
        var spends = new ArrayList<Future<Spend>>();

        for (int i = 0; i < 60; i++) {
            spends.add(replicas.get(i % 3).trySpend(1 + i % 4));
        }

        int granted =
                spends.stream().mapToInt(spend -> Await.result(spend).granted()).sum();
        assertThat(granted).isEqualTo(100);
    }

    @Test
    void aQuotaLearnedByOneReplicaHoldsForAllAndIsKnownToTheNext() {
        var one = replica("learned", LIMIT, true).of(ACME);
        var other = replica("learned", LIMIT, true).of(ACME);
        spend(one, 5);
        spend(other, 5);

        one.observe(says(25, 10_000, 10_000));
        untilLimit(one, new Limit(25, TEN_SECONDS, 10_000));
        Await.until(() -> Await.result(one.forecast(1)).free() == 15);
        other.observe(says(25, 10_000, 10_000));
        untilLimit(other, new Limit(25, TEN_SECONDS, 10_000));

        var next = replica("learned", LIMIT, true).of(ACME);
        untilLimit(next, new Limit(25, TEN_SECONDS, 10_000));
        assertThat(spend(next, 100)).isEqualTo(15);
        assertThat(spend(other, 1)).isZero();
    }

    @Test
    void aBucketMadeAnewIsMadeForTheQuotaThatWasLearned() {
        var one = replica("anew", LIMIT, true).of(ACME);
        spend(one, 1);
        one.observe(says(25, 10_000, 10_000));
        untilLimit(one, new Limit(25, TEN_SECONDS, 10_000));
        Await.until(() -> Await.result(one.forecast(1)).free() == 24);

        Await.result(Future.fromCompletionStage(commands().del(bytes("anew:{private:location:acme}:burst"))));

        assertThat(spend(replica("anew", LIMIT, true).of(ACME), 100)).isEqualTo(25);
    }

    @Test
    void aConfiguredQuotaReplacesWhatAnEarlierConfigurationLeft() {
        spend(replica("configured", LIMIT, false).of(ACME), 10);

        var next =
                replica("configured", new Limit(25, TEN_SECONDS, 10_000), false).of(ACME);

        Await.until(() -> Await.result(next.forecast(1)).free() == 15);
        assertThat(spend(next, 100)).isEqualTo(15);
    }

    @Test
    void givesNothingWhileTheSharedClockIsUnsure() {
        var budget = replica("unsure", LIMIT, true).of(ACME);

        time.isUnsureBy(Duration.ofNanos(10_000_001));
        assertThat(Await.result(budget.trySpend(1)).cause()).isEqualTo(Cause.STORE);
        assertThat(Await.result(budget.forecast(1)).cause()).isEqualTo(Cause.STORE);

        time.isUnsureBy(Duration.ofMillis(10));
        assertThat(spend(budget, 1)).isEqualTo(1);
    }

    @Test
    void keysCarryTheHashTagAndGoWhenTheyAreNoLongerNeeded() {
        spend(replica("keys", LIMIT, true).of(ACME), 1);

        assertThat(ttl("keys:{private:location:acme}:burst")).isBetween(PERIOD.toMillis(), PERIOD.toMillis() + 30_000);
        assertThat(ttl("keys:{private:location:acme}:day"))
                .isBetween(Duration.ofHours(23).toMillis(), Duration.ofHours(27).toMillis());
        assertThat(ttl("keys:epoch")).isEqualTo(-1);
    }

    private Budgets replica(String prefix, Limit limit, boolean learn) {
        return SharedBudgets.on(link, prefix, settings(limit, learn), time);
    }

    private static long ttl(String key) {
        return Await.result(Future.fromCompletionStage(commands().pttl(bytes(key))));
    }

    private static RedisAsyncCommands<byte[], byte[]> commands() {
        return link.commands().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
