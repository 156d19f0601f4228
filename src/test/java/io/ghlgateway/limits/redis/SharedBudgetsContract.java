package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.limits.Spend;
import io.ghlgateway.redis.RedisLink;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What replicas that share budgets may rely on as well, whatever kind of Redis it is. */
abstract class SharedBudgetsContract extends BudgetsContract {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    /** Connected. */
    abstract RedisLink link();

    @Override
    protected BucketBudgets budgets(BudgetSettings settings) {
        return SharedBudgets.on(link(), "test" + PREFIXES.getAndIncrement(), settings, time);
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
    void replicasLeaveOneReserveToTheInteractiveRequestsOfAll() {
        var callers = replica("reserve", LIMIT, true).callers(Optional.of(20));
        var others = replica("reserve", LIMIT, true);
        for (int i = 0; i < 4; i++) {
            Await.result(callers.asked(ACME));
        }
        Await.until(
                () -> { // they have been counted
                    time.advance(Duration.ofMillis(250));
                    return Await.result(callers.of(ANYBODY, false, others.of(ACME))
                                            .forecast(1, 0, 1))
                                    .free()
                            == 100 - 8;
                });

        var bulk = others.callers(Optional.of(20)).of(ANYBODY, false, others.of(ACME));

        assertThat(taken(bulk, 60)).isEqualTo(60);
        assertThat(taken(callers.of(ANYBODY, false, others.of(ACME)), 60)).isEqualTo(32);
        assertThat(taken(bulk, 1)).isZero();
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
    void aHoldOfOneReplicaIsKeptByAllAlsoByThoseThatHaveNotUsedTheKey() {
        var one = replica("held", LIMIT, true).of(ACME);
        var other = replica("held", LIMIT, true).of(ACME);
        var beside = replica("held", LIMIT, true).of(OTHER);

        BudgetsContract.hold(one, Duration.ofSeconds(5));

        Await.until(() -> !other.held().isZero());
        assertThat(Await.result(other.trySpend(1)).cause()).isEqualTo(Cause.HOLD);
        assertThat(Await.result(other.forecast(1)).delay())
                .isBetween(Duration.ofMillis(4_990), Duration.ofMillis(5_000));
        assertThat(spend(beside, 1)).isEqualTo(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(spend(other, 1)).isEqualTo(1);
    }

    @Test
    void whatAnotherReplicaSendsIsNoForeignSpendAndWhatOthersSendIsLeftToThemByAll() {
        var one = replica("foreign", LIMIT, true).of(ACME);
        var other = replica("foreign", LIMIT, true).of(ACME);
        var paid = Await.result(one.trySpend(10));
        spend(other, 50);

        one.observe(BudgetsContract.remaining(40), paid.paidAt()); // all of them ours
        one.observe(BudgetsContract.remaining(15), paid.paidAt()); // 25 are not

        Await.until(() -> one.restraint().foreign() == 30);
        assertThat(spend(other, 8)).isEqualTo(8);
        time.advance(Duration.ofMillis(50));
        assertThat(spend(other, 100)).as("with no reply of its own").isEqualTo(2);
        assertThat(other.restraint()).isEqualTo(new Restraint(30, Restraint.UNBOUND));
    }

    @Test
    void aBoundOnWhatIsSentAtOnceHoldsOnAllReplicasAndIsNotForgottenWhileTheKeyIsIdle() {
        var one = replica("bound", LIMIT, true).of(ACME);
        var other = replica("bound", LIMIT, true).of(ACME);
        var paid = Await.result(one.trySpend(60));
        var under = Await.result(other.trySpend(40));
        Await.result(other.trySpend(1));
        one.upstreamRefused(Duration.ofSeconds(1), RateHeaders.NONE, paid.paidAt());
        Await.until(() -> one.restraint().isPaced());
        int bound = one.restraint().allowance();
        assertThat(spend(other, 1)).isZero();
        other.upstreamRefused(Duration.ofSeconds(1), RateHeaders.NONE, under.paidAt()); // of the same mistake
        time.advance(BudgetsContract.PERIOD);

        assertThat(spend(replica("bound", LIMIT, true).of(ACME), 100)).isEqualTo(bound);
    }

    @Test
    void anOperatorsRestIsEndedForAllByAWordToAny() {
        var one = replica("rest", LIMIT, true).of(ACME);
        var other = replica("rest", LIMIT, true).of(ACME);
        Await.result(one.rest(Duration.ofHours(1)));
        assertThat(spend(one, 1)).isZero();
        Await.until(() -> !other.held().isZero());

        Await.result(other.wake());

        assertThat(spend(other, 1)).isEqualTo(1);
        Await.until(() -> one.held().isZero());
        assertThat(spend(one, 1)).isEqualTo(1);
    }

    @Test
    void anAddressThatTheEdgeBarsRestsForAllReplicasAndIsFreedForAllByAWordToAny() {
        var one = replica("barred", LIMIT, true);
        var other = replica("barred", LIMIT, true);

        one.of(ACME).blocked(Optional.of(Duration.ofMinutes(5)));

        assertThat(spend(one.of(OTHER), 1)).as("here at once").isZero();
        Await.until(() -> !other.egress().held().isZero());
        assertThat(Await.result(other.of(OTHER).trySpend(1)).cause()).isEqualTo(Cause.HOLD);
        assertThat(Await.result(other.of(ACME).forecast(1)).delay())
                .isBetween(Duration.ofMinutes(5).minusMillis(10), Duration.ofMinutes(5));

        Await.result(other.egress().wake());

        assertThat(spend(other.of(OTHER), 1)).isEqualTo(1);
        Await.until(() -> one.egress().held().isZero());
        assertThat(spend(one.of(OTHER), 1)).isEqualTo(1);
    }

    @Test
    void aQuotaLearnedByOneReplicaHoldsForAllAndIsKnownToTheNext() {
        var one = replica("learned", LIMIT, true).of(ACME);
        var other = replica("learned", LIMIT, true).of(ACME);
        spend(one, 5);
        spend(other, 5);

        one.observe(says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);
        untilLimit(one, new Limit(25, TEN_SECONDS, 10_000));
        Await.until(() -> Await.result(one.forecast(1)).free() == 15);
        other.observe(says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);
        untilLimit(other, new Limit(25, TEN_SECONDS, 10_000));

        var next = replica("learned", LIMIT, true).of(ACME);
        untilLimit(next, new Limit(25, TEN_SECONDS, 10_000));
        assertThat(spend(next, 100)).isEqualTo(15);
        assertThat(spend(other, 1)).isZero();
    }

    @Test
    void aReplicaForetellsByTheQuotaThatAnotherLearnedThoughItNeverHeardOfIt() {
        var one = replica("foretold", LIMIT, true).of(ACME);
        var other = replica("foretold", LIMIT, true).of(ACME);
        spend(one, 5);

        one.observe(says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);
        settled(one);

        assertThat(delay(other, 45)).isEqualTo(WINDOW);
        assertThat(delay(other, 46)).isEqualTo(WINDOW.multipliedBy(2));
    }

    @Test
    void replicasThatLearnAtTheSameTimeLoseNothingOfTheDayAndSpendNoMoreThanTheQuota() throws Exception {
        var replicas = List.of(
                replica("both", LIMIT, true).of(ACME),
                replica("both", LIMIT, true).of(ACME));
        replicas.forEach(replica -> spend(replica, 8));
        var spends = new ConcurrentLinkedQueue<Future<Spend>>();

        concurrently(16, i -> {
            replicas.get(i % 2).observe(saysLeft(25, 10_000, 9_999 - i), BudgetsContract.LONG_AGO);
            spends.add(replicas.get(i % 2).trySpend(5));
        });

        int granted =
                spends.stream().mapToInt(spend -> Await.result(spend).granted()).sum();
        assertThat(granted).isEqualTo(9);
        replicas.forEach(BudgetsContract::settled);
        // Up to 50 that one replica took and has not told Redis yet may be taken for another's, and credits are not
        // sent.
        assertThat(replicas.stream().mapToLong(BudgetsContract::dayLeft).min().orElseThrow())
                .isBetween(9_800L, 9_984L);
    }

    @Test
    void aDayMadeAnewBeginsWhenItIsKnownToBegin() {
        var budget = replica("dayanew", new Limit(100, TEN_SECONDS, 100), true).of(ACME);
        spend(budget, 1);
        budget.observe(dayReset(Duration.ofHours(3)), BudgetsContract.LONG_AGO);
        time.advance(Duration.ofMinutes(3));
        budget.observe(dayReset(Duration.ofMinutes(177)), BudgetsContract.LONG_AGO);
        settled(budget);

        Await.result(Future.fromCompletionStage(commands().del(bytes("dayanew:{private:location:acme}:day"))));

        spend(budget, 100);
        assertThat(delay(budget, 1)).isBetween(Duration.ofMinutes(177), Duration.ofMinutes(179));
    }

    @Test
    void aBucketMadeAnewIsMadeForTheQuotaThatWasLearned() {
        var one = replica("anew", LIMIT, true).of(ACME);
        spend(one, 1);
        one.observe(says(25, 10_000, 10_000), BudgetsContract.LONG_AGO);
        untilLimit(one, new Limit(25, TEN_SECONDS, 10_000));
        Await.until(() -> Await.result(one.forecast(1)).free() == 24);

        Await.result(Future.fromCompletionStage(commands().del(bytes("anew:{private:location:acme}:log"))));

        assertThat(spend(replica("anew", LIMIT, true).of(ACME), 100)).isEqualTo(25);
    }

    @Test
    void aQuotaThatAnotherReplicaPutsInThePlaceOfTheConfiguredOneIsPutRight() {
        var configured = replica("rollout", new Limit(50, LIMIT.per(), LIMIT.daily()), false)
                .of(ACME);
        assertThat(spend(configured, 1)).isEqualTo(1);
        assertThat(spend(replica("rollout", LIMIT, false).of(ACME), 1)).isEqualTo(1); // one of before a rollout

        assertThat(spend(configured, 1)).isEqualTo(1);

        Await.until(() -> Await.result(configured.forecast(1)).free() == 50 - 3);
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
        assertThat(Await.result(budget.trySpend(1)).cause()).isEqualTo(Cause.DEGRADED);
        assertThat(Await.result(budget.forecast(1)).cause()).isEqualTo(Cause.DEGRADED);

        time.isUnsureBy(Duration.ofMillis(10));
        assertThat(spend(budget, 1)).isEqualTo(1);
    }

    @Test
    void keysCarryTheHashTagAndGoWhenTheyAreNoLongerNeeded() {
        spend(replica("keys", LIMIT, true).of(ACME), 1);

        assertThat(ttl("keys:{private:location:acme}:log")).isBetween(PERIOD.toMillis(), PERIOD.toMillis() + 30_000);
        assertThat(ttl("keys:{private:location:acme}:day"))
                .isBetween(Duration.ofHours(23).toMillis(), Duration.ofHours(27).toMillis());
        assertThat(ttl("keys:epoch")).isEqualTo(-1);
    }

    @Test
    void livesByTheClockOfRedis() {
        var budgets = RedisBudgets.open(
                settings(LIMIT, true), link(), "clock", "replica", Ticker.systemTicker(), LimitEvents.NONE);

        Await.until(() -> spend(budgets.of(ACME), 1) == 1);
    }

    private BucketBudgets replica(String prefix, Limit limit, boolean learn) {
        return SharedBudgets.on(link(), prefix, settings(limit, learn), time);
    }

    private long ttl(String key) {
        return Await.result(Future.fromCompletionStage(commands().pttl(bytes(key))));
    }

    private RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return link().commands().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
