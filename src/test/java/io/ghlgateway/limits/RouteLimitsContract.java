package io.ghlgateway.limits;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.BudgetsContract.LIMIT;
import static io.ghlgateway.limits.BudgetsContract.TEN_SECONDS;
import static io.ghlgateway.limits.BudgetsContract.spend;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.limits.RouteLimit.Scope;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What callers may rely on of endpoints that have limits of their own, wherever the buckets are kept. */
public abstract class RouteLimitsContract {

    public static final String STUDIO = "/agent-studio/agent?limit=1";
    public static final String SAAS = "/saas-api/public-api/locations";
    public static final String CONTACTS = "/contacts/";
    public static final Duration MINUTE = Duration.ofMinutes(1);
    /** 63 steps make a minute, a second of credit and the guard of 160 ms; 64 are the period. */
    public static final Duration MINUTE_PERIOD = Duration.ofMillis(64 * 971);

    public static final BudgetKey BRANCH = new BudgetKey(App.PRIVATE, Resource.location("branch"));

    protected final FakeTime time = new FakeTime(Instant.ofEpochMilli(MINUTE_PERIOD.toMillis() * 28_000_000L));
    protected final AtomicInteger lost = new AtomicInteger();
    protected final LimitEvents events = new LimitEvents() {
        @Override
        public void routeCreditLost(int sends) {
            lost.addAndGet(sends);
        }
    };

    /** New budgets that share nothing with those of other tests. */
    protected abstract Budgets budgets(Limit quota, List<RouteLimit> limits);

    public static RouteLimit studio(int requests) {
        return limit("/agent-studio/**", requests, Scope.LOCATION);
    }

    public static RouteLimit saas(int requests) {
        return limit("/saas-api/**", requests, Scope.APP);
    }

    public static RouteLimit limit(String match, int requests, Scope scope) {
        return new RouteLimit(PathPattern.parse(match).orElseThrow(), requests, MINUTE, scope);
    }

    @Test
    void aSendToALimitedEndpointPaysThereAndAtTheKeysQuota() {
        var budgets = budgets(LIMIT, List.of(studio(30)));

        var first = Await.result(budgets.of(ACME, STUDIO).trySpend(50));

        assertThat(first.granted()).isEqualTo(30);
        assertThat(first.cause()).isEqualTo(Cause.ROUTE);
        assertThat(Await.result(budgets.of(ACME, STUDIO).trySpend(1)).cause()).isEqualTo(Cause.ROUTE);
        assertThat(spend(budgets.of(ACME, CONTACTS), 100)).isEqualTo(70);
        assertThat(spend(budgets.of(BRANCH, STUDIO), 50)).isEqualTo(30);
    }

    @Test
    void standsByNameBesideTheKeysQuota() {
        var budgets = budgets(LIMIT, List.of(studio(30)));

        assertThat(budgets.of(ACME, STUDIO).standing().policies())
                .extracting(Standing.Policy::name)
                .containsExactly("burst", "day", "route /agent-studio/** 60000ms");
        assertThat(budgets.of(ACME, CONTACTS).standing().policies())
                .extracting(Standing.Policy::name)
                .containsExactly("burst", "day");
    }

    @Test
    void givesAgainOnePeriodLaterAndNotBefore() {
        var budget = budgets(LIMIT, List.of(studio(30))).of(ACME, STUDIO);
        spend(budget, 30);

        time.advance(MINUTE_PERIOD.minusMillis(1));
        assertThat(spend(budget, 30)).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(spend(budget, 30)).isEqualTo(30);
    }

    @Test
    void anAppsLimitIsSharedByItsLocationsAndByNoOtherApp() {
        var budgets = budgets(LIMIT, List.of(saas(10)));
        var crm = new BudgetKey(new App("crm"), ACME.resource());

        assertThat(spend(budgets.of(ACME, SAAS), 7)).isEqualTo(7);
        assertThat(spend(budgets.of(BRANCH, SAAS), 7)).isEqualTo(3);
        assertThat(spend(budgets.of(crm, SAAS), 7)).isEqualTo(7);
    }

    @Test
    void severalLimitsAreAllPaid() {
        var narrow = limit("/agent-studio/agent", 5, Scope.LOCATION);
        var budgets = budgets(LIMIT, List.of(narrow, studio(8)));

        assertThat(spend(budgets.of(ACME, "/agent-studio/agent"), 9)).isEqualTo(5);
        assertThat(spend(budgets.of(ACME, "/agent-studio/other"), 9)).isEqualTo(3);
        assertThat(spend(budgets.of(ACME, CONTACTS), 100)).isEqualTo(92);
    }

    @Test
    void isTheSameBudgetForAllPathsUnderTheSameLimits() {
        var budgets = budgets(LIMIT, List.of(studio(30), saas(10)));

        assertThat(budgets.of(ACME, STUDIO))
                .isSameAs(budgets.of(ACME, "/agent-studio/x/y"))
                .isNotSameAs(budgets.of(ACME, SAAS));
        assertThat(budgets.of(ACME, CONTACTS)).isSameAs(budgets.of(ACME)).isSameAs(budgets.of(ACME, "/users/"));
    }

    @Test
    void whatTheKeyDeniesIsCreditForTheNextSendAndLostWhenItGrowsOld() {
        var budgets = budgets(new Limit(10, TEN_SECONDS, 200_000), List.of(saas(30)));

        assertThat(spend(budgets.of(ACME, SAAS), 20)).isEqualTo(10);
        time.advance(Duration.ofSeconds(1));
        assertThat(spend(budgets.of(BRANCH, SAAS), 6)).isEqualTo(6);
        assertThat(Await.result(budgets.of(BRANCH, SAAS).forecast(1)).free()).isEqualTo(4);
        assertThat(lost).hasValue(0);

        time.advance(Duration.ofMillis(1));
        Await.result(budgets.of(BRANCH, SAAS).forecast(1));
        assertThat(lost).hasValue(4);
        time.advance(TEN_SECONDS.plusSeconds(1));
        assertThat(spend(budgets.of(ACME, SAAS), 10)).isEqualTo(10);
        assertThat(spend(budgets.of(BRANCH, SAAS), 10)).isZero();
    }

    @Test
    void aPermitPaidWithCreditIsAsOldAsTheCreditAllowsAndNoOlder() {
        var budgets = budgets(new Limit(10, TEN_SECONDS, 200_000), List.of(saas(30)));
        spend(budgets.of(ACME, SAAS), 20);
        time.advance(Duration.ofMillis(900));

        var spend = Await.result(budgets.of(BRANCH, SAAS).trySpend(5));

        assertThat(spend.granted()).isEqualTo(5);
        assertThat(spend.paidAt()).isEqualTo(time.read());
    }

    @Test
    void foretellsTheLongestOfAllWaitsAndWhatItIsFor() {
        var studio = studio(30);
        var budgets = budgets(new Limit(10, TEN_SECONDS, 200_000), List.of(studio));
        var budget = budgets.of(ACME, STUDIO);

        assertThat(Await.result(budget.forecast(1))).isEqualTo(new Forecast(10, Duration.ZERO, Cause.NONE));
        spend(budget, 10);
        assertThat(Await.result(budget.forecast(1)).cause()).isEqualTo(Cause.WINDOW);
        assertThat(Await.result(budget.forecast(1)).delay()).isLessThanOrEqualTo(BudgetsContract.PERIOD);
        var twentyFirst = Await.result(budget.forecast(21));

        assertThat(twentyFirst.cause()).isEqualTo(Cause.ROUTE);
        assertThat(twentyFirst.free()).isZero();
        assertThat(twentyFirst.route()).contains(RouteKey.of(ACME, studio));
        assertThat(twentyFirst.delay()).isBetween(MINUTE_PERIOD.minusSeconds(1), MINUTE_PERIOD);
    }

    @Test
    void foretellsWithThoseWhoWaitElsewhereForTheSameTokens() {
        var budget = budgets(LIMIT, List.of(studio(30))).of(ACME, STUDIO);

        assertThat(Await.result(budget.forecast(30, rivals(70, 0))).isNow()).isTrue();
        assertThat(Await.result(budget.forecast(30, rivals(71, 0))).cause()).isEqualTo(Cause.WINDOW);
        assertThat(Await.result(budget.forecast(30, rivals(0, 1))).cause()).isEqualTo(Cause.ROUTE);
        assertThat(Await.result(budget.forecast(10, rivals(90, 20))).isNow()).isTrue();
    }

    @Test
    void aRefusalThoughTheKeyHasQuotaLeftRestsTheEndpointAlone() {
        var budgets = budgets(LIMIT, List.of(studio(30)));

        budgets.of(ACME, STUDIO).upstreamRefused(Duration.ofSeconds(5), says(57), time.read());

        var forecast = Await.result(budgets.of(ACME, STUDIO).forecast(1));
        assertThat(spend(budgets.of(ACME, STUDIO), 1)).isZero();
        assertThat(forecast.cause()).isEqualTo(Cause.HOLD);
        assertThat(forecast.delay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(forecast.route()).isPresent();
        assertThat(spend(budgets.of(ACME, CONTACTS), 1)).isEqualTo(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(spend(budgets.of(ACME, STUDIO), 1)).isEqualTo(1);
    }

    @Test
    void aRefusalThatSaysNothingOrThatNothingIsLeftRestsTheWholeKey() {
        var budgets = budgets(LIMIT, List.of(studio(30)));

        budgets.of(ACME, STUDIO).upstreamRefused(Duration.ofSeconds(5), RateHeaders.NONE, time.read());
        budgets.of(BRANCH, STUDIO).upstreamRefused(Duration.ofSeconds(5), says(0), time.read());

        assertThat(Await.result(budgets.of(ACME, CONTACTS).trySpend(1)).cause()).isEqualTo(Cause.HOLD);
        assertThat(Await.result(budgets.of(BRANCH, CONTACTS).trySpend(1)).cause())
                .isEqualTo(Cause.HOLD);
    }

    @Test
    void paceIsWhatAllWindowsLetThroughInTheLongest() {
        var budgets = budgets(LIMIT, List.of(studio(300), limit("/agent-studio/slow", 5, Scope.APP)));

        assertThat(budgets.of(ACME, CONTACTS).pace()).isEqualTo(LIMIT);
        assertThat(budgets.of(ACME, STUDIO).pace()).isEqualTo(new Limit(300, MINUTE, 200_000));
        assertThat(budgets.of(ACME, "/agent-studio/slow").pace()).isEqualTo(new Limit(5, MINUTE, 200_000));
    }

    private static RateHeaders says(int remaining) {
        var none = RateHeaders.NONE;
        return new RateHeaders(
                OptionalInt.of(100),
                OptionalInt.of(remaining),
                none.interval(),
                none.dailyMax(),
                none.dailyRemaining(),
                none.dailyReset());
    }

    private static Rivals rivals(int forKey, int forRoute) {
        return new Rivals() {
            @Override
            public int forKey() {
                return forKey;
            }

            @Override
            public int forRoute(RouteKey route) {
                return forRoute;
            }
        };
    }
}
