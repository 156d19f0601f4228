package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.BudgetsContract.LIMIT;
import static io.ghlgateway.limits.BudgetsContract.settings;
import static io.ghlgateway.limits.BudgetsContract.spend;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.CallerAllowances;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.limits.RouteLimitsContract;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.Callers;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What replicas that share endpoints' limits may rely on as well, whatever kind of Redis it is. */
abstract class SharedRouteLimitsContract extends RouteLimitsContract {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private final String prefix = "routes" + PREFIXES.getAndIncrement();

    /** Connected. */
    abstract RedisLink link();

    @Override
    protected Budgets budgets(Limit quota, List<RouteLimit> limits) {
        return replica(quota, limits);
    }

    @Test
    void replicasShareALocationsLimitAndAnApps() {
        var limits = List.of(studio(30), saas(10));
        var one = replica(LIMIT, limits);
        var other = replica(LIMIT, limits);

        assertThat(spend(one.of(ACME, STUDIO), 20)).isEqualTo(20);
        assertThat(spend(other.of(ACME, STUDIO), 20)).isEqualTo(10);
        assertThat(spend(one.of(ACME, SAAS), 6)).isEqualTo(6);
        assertThat(spend(other.of(BRANCH, SAAS), 6)).isEqualTo(4);
    }

    @Test
    void replicasShareACallersRateAndItsShareOfAKey() {
        var quota = new CallerQuota(
                Optional.of(new CallerQuota.Rate(8, Duration.ofSeconds(10))), Optional.empty(), Optional.of(5));
        var caller = Callers.any("sync", quota);
        var budgets = plain(LIMIT);
        var one = budgets.callers(Optional.empty());
        var other = plain(LIMIT).callers(Optional.empty());

        assertThat(taken(one, caller, ACME, 3)).isEqualTo(3);
        assertThat(taken(other, caller, ACME, 9))
                .as("5 % of the location's 100")
                .isEqualTo(2);
        assertThat(taken(other, caller, BRANCH, 9)).as("8 of all together").isEqualTo(3);
        assertThat(taken(one, caller, BRANCH, 1)).isZero();
        assertThat(spend(budgets.of(ACME), 100))
                .as("it is not the key's own that was paid")
                .isEqualTo(100);
        long period = Duration.ofSeconds(10).toMillis();
        assertThat(ttl(prefix + ":{caller:sync}:route:/**:8/10000")).isBetween(period, period + 32_000);
        assertThat(ttl(prefix + ":{caller:sync@private:location:acme}:route:/**:5/10000"))
                .isBetween(period, period + 32_000);
    }

    private int taken(CallerAllowances callers, Caller caller, BudgetKey key, int wanted) {
        var budget = plain(LIMIT).of(key); // asked for its limit alone
        return Await.result(callers.of(caller, false, budget).take(wanted)).count();
    }

    @Test
    void keysCarryTheHashTagOfTheirOwnerAndGoWhenTheyAreNoLongerNeeded() {
        var budgets = replica(LIMIT, List.of(studio(30), saas(10)));

        spend(budgets.of(ACME, STUDIO), 1);
        spend(budgets.of(ACME, SAAS), 1);

        long period = MINUTE_PERIOD.toMillis();
        assertThat(ttl(prefix + ":{private:location:acme}:route:/agent-studio/**:30/60000"))
                .isBetween(period, period + 30_000);
        assertThat(ttl(prefix + ":{private}:route:/saas-api/**:10/60000")).isBetween(period, period + 30_000);
    }

    Budgets replica(Limit quota, List<RouteLimit> limits) {
        var budgets = plain(quota);
        return budgets.limiting(limits, budgets);
    }

    private BucketBudgets plain(Limit quota) {
        var budgets = SharedBudgets.notYet(link(), prefix, settings(quota, true), time, events);
        SharedBudgets.untilOpen(budgets);
        return budgets;
    }

    private long ttl(String key) {
        return Await.result(
                Future.fromCompletionStage(link().commands().orElseThrow().pttl(key.getBytes(StandardCharsets.UTF_8))));
    }
}
