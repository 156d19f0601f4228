package io.ghlgateway.limits;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.BudgetsContract.LIMIT;
import static io.ghlgateway.limits.BudgetsContract.TEN_SECONDS;
import static io.ghlgateway.limits.BudgetsContract.settings;
import static io.ghlgateway.limits.BudgetsContract.spend;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.limits.RouteLimit.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeapRouteLimitsTest extends RouteLimitsContract {

    private static final Duration GUARD = StrictWindow.Tuning.BURST.guard();

    @Override
    protected RoutedBudgets budgets(Limit quota, List<RouteLimit> limits) {
        var budgets = BucketBudgets.inMemory(settings(quota, true), SpendJournal.none(), time, time, events);
        return budgets.limiting(limits, budgets);
    }

    /**
     * Sends arrive up to the guard after they were paid for. One key is often dry, so that what was paid at the limit waits
     * as credit for the other; and sends come the moment that credit ends and the moment that the limit gives again.
     */
    @Property(tries = 150)
    void noStretchOfTheLimitsIntervalEverSeesMoreArrivalsThanTheLimit(
            @ForAll @IntRange(min = 1, max = 60) int requests,
            @ForAll @IntRange(min = 1_000, max = 90_000) int perMillis,
            @ForAll @IntRange(min = 1, max = 90) int quota,
            @ForAll long seed) {
        var limit = new RouteLimit(
                PathPattern.parse("/saas-api/**").orElseThrow(), requests, Duration.ofMillis(perMillis), Scope.APP);
        var budgets = budgets(new Limit(quota, Duration.ofMillis(400), 1_000_000), List.of(limit));
        var arrivals = new GrantLog(limit.per());
        var random = new Random(seed);
        long arrived = Long.MIN_VALUE;

        for (int i = 0; i < 200; i++) {
            if (random.nextBoolean()) {
                spend(budgets.of(ACME, CONTACTS), quota);
            }
            var key = random.nextBoolean() ? ACME : BRANCH;
            var spend = budgets.of(key, SAAS)
                    .trySpend(1 + random.nextInt(2 * requests))
                    .result();
            boolean slow = random.nextBoolean();
            arrived = Math.max(arrived, spend.paidAt() + (slow ? GUARD.toNanos() - 1 : 0));
            arrivals.add(arrived, spend.granted());
            time.advance(
                    switch (random.nextInt(4)) {
                        case 0 -> limit.credit();
                        case 1 -> budgets.of(BRANCH, SAAS).forecast(1).result().delay();
                        case 2 -> Duration.ofMillis(random.nextInt(perMillis / 20));
                        default -> Duration.ZERO;
                    });
        }

        assertThat(arrivals.most()).isLessThanOrEqualTo(requests).isPositive();
    }

    @Test
    void anUnusedLimitIsForgottenWhenNobodyHoldsItAndAUsedOneIsNot() {
        var budgets = budgets(LIMIT, List.of(studio(30)));
        spend(budgets.of(ACME, STUDIO), 30);

        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofMillis(1));
            spend(budgets.of(BRANCH, STUDIO), 1);
        }
        System.gc();

        assertThat(spend(budgets.of(ACME, STUDIO), 30)).isZero();
    }

    @Test
    void aLimitThatIsReplacedIsKeptToBesideItsSuccessorUntilThatKnowsWhatWasSent() {
        var budgets = budgets(LIMIT, List.of(studio(30), saas(5)));
        var waits = budgets.of(ACME, STUDIO); // as one that came before pays
        spend(waits, 25);

        budgets.limitTo(List.of(studio(40)), TEN_SECONDS);

        assertThat(spend(budgets.of(ACME, SAAS), 50)).as("removed").isEqualTo(50);
        assertThat(spend(budgets.of(ACME, STUDIO), 50)).isEqualTo(5);
        assertThat(spend(waits, 50)).isZero();
        time.advance(MINUTE_PERIOD);
        assertThat(spend(waits, 3)).isEqualTo(3);
        assertThat(spend(budgets.of(ACME, STUDIO), 50))
                .as("who came before may still wait")
                .isEqualTo(27);
        time.advance(TEN_SECONDS);
        assertThat(spend(budgets.of(ACME, STUDIO), 50))
                .as("forty, and twenty-seven of them are known")
                .isEqualTo(13);
    }

    @Test
    void aLowerLimitIsInForceAtOnceAndTheOldOneThatComesBackKnowsAll() {
        var budgets = budgets(LIMIT, List.of(studio(30)));
        spend(budgets.of(ACME, STUDIO), 4);

        budgets.limitTo(List.of(studio(10)), TEN_SECONDS);
        assertThat(spend(budgets.of(ACME, STUDIO), 50)).isEqualTo(10);
        budgets.limitTo(List.of(studio(30)), TEN_SECONDS);

        assertThat(spend(budgets.of(ACME, STUDIO), 50))
                .as("the ten are kept to for a while")
                .isZero();
        time.advance(MINUTE_PERIOD.plusSeconds(11));
        assertThat(spend(budgets.of(ACME, STUDIO), 50)).isEqualTo(30);
    }

    @Test
    void aKilledAndRestartedGatewayGrantsNoSecondWindow(@TempDir Path directory) throws IOException {
        var limits = List.of(studio(30));
        assertThat(spend(started(directory, limits).of(ACME, STUDIO), 30)).isEqualTo(30);
        time.advance(Duration.ofSeconds(20));

        var successor = started(directory, limits);

        assertThat(spend(successor.of(ACME, STUDIO), 30)).isZero();
        assertThat(spend(successor.of(BRANCH, STUDIO), 30)).isEqualTo(30);
        assertThat(spend(successor.of(ACME, CONTACTS), 100))
                .as("what is older than the key's own period")
                .isEqualTo(100);
        time.advance(MINUTE_PERIOD);
        assertThat(spend(successor.of(ACME, STUDIO), 30)).isEqualTo(30);
    }

    private Budgets started(Path directory, List<RouteLimit> limits) throws IOException {
        var settings = settings(LIMIT, true);
        var journal = SpendJournal.open(directory, settings, limits, time);
        var budgets = BucketBudgets.inMemory(settings, journal, time, time, events);
        return budgets.limiting(limits, budgets);
    }
}
