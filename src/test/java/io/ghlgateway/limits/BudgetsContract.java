package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What callers of budgets may rely on, wherever the buckets are kept. Time moves only when a test moves it. */
public abstract class BudgetsContract {

    public static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    public static final Duration PERIOD = Duration.ofMillis(64 * 162);
    /** After so long a send counts no more in its key's short window. */
    public static final Duration WINDOW = Duration.ofMillis(10_161);

    public static final Limit LIMIT = new Limit(100, TEN_SECONDS, 200_000);
    public static final BudgetKey ACME = new BudgetKey(App.PRIVATE, Resource.location("acme"));
    public static final Caller ANYBODY = Callers.any("anybody");
    public static final BudgetKey OTHER = new BudgetKey(new App("crm"), Resource.company("other"));

    /** On the grid, so that a test can say to the millisecond when something comes back. */
    protected final FakeTime time = new FakeTime(Instant.ofEpochMilli(PERIOD.toMillis() * 170_000_000L));

    /** New budgets that share nothing with those of other tests. */
    /** When what is replied to was paid for, where nothing is known of that any more. */
    public static final long LONG_AGO = Long.MIN_VALUE / 4;

    protected abstract BucketBudgets budgets(BudgetSettings settings);

    public static BudgetSettings settings(Limit limit, boolean learn) {
        return new BudgetSettings(limit, learn, StrictWindow.Tuning.BURST, URI.create("https://upstream.example"));
    }

    protected final BucketBudgets budgets(Limit limit) {
        return budgets(settings(limit, true));
    }

    @Test
    void grantsTheWholeQuotaAtOnceAndThenNothing() {
        var budget = budgets(LIMIT).of(ACME);

        assertThat(spend(budget, 60)).isEqualTo(60);
        var second = Await.result(budget.trySpend(60));
        var third = Await.result(budget.trySpend(1));

        assertThat(second.granted()).isEqualTo(40);
        assertThat(second.cause()).isEqualTo(Cause.WINDOW);
        assertThat(third.granted()).isZero();
        assertThat(third.cause()).isEqualTo(Cause.WINDOW);
    }

    @Test
    void whatIsReservedIsLentUntilInteractiveRequestsCome() {
        var budgets = budgets(LIMIT);
        var callers = budgets.callers(Optional.of(15));
        var bulk = callers.of(ANYBODY, false, budgets.of(ACME));

        assertThat(taken(bulk, 150)).as("nobody is interactive").isEqualTo(100);
        time.advance(PERIOD.dividedBy(2));
        for (int i = 0; i < 4; i++) {
            Await.result(callers.asked(ACME));
        }
        time.advance(PERIOD.dividedBy(2));

        assertThat(taken(bulk, 150)).as("but for twice the four that came").isEqualTo(92);
        assertThat(Await.result(bulk.forecast(1, 0, 1))).isEqualTo(new Forecast(0, PERIOD, Cause.WINDOW));
        assertThat(spend(budgets.of(ACME), 100))
                .as("the key itself was not paid")
                .isEqualTo(100);
        time.advance(PERIOD.dividedBy(2));
        assertThat(taken(bulk, 150)).as("no more came: it is lent again").isEqualTo(8);
    }

    @Test
    void aReserveThatIsConfiguredAnewHoldsForThoseWhoAreThereAlready() {
        var budgets = budgets(LIMIT);
        var callers = budgets.callers(Optional.of(15));
        var bulk = callers.of(ANYBODY, false, budgets.of(ACME));
        for (int i = 0; i < 60; i++) {
            Await.result(callers.asked(ACME));
        }

        callers.reserve(Optional.of(40));
        for (int i = 0; i < 60; i++) {
            Await.result(callers.asked(ACME));
        }
        assertThat(taken(bulk, 150)).isEqualTo(60);
        callers.reserve(Optional.empty());

        assertThat(callers.reserve()).isFalse();
    }

    @Test
    void aQuotaThatIsConfiguredAnewKeepsWhatWasSpentWhereNothingIsLearned() {
        var budgets = budgets(settings(LIMIT, false));
        var budget = budgets.of(ACME);
        spend(budget, 30);

        budgets.configure(new Limit(50, TEN_SECONDS, 100));

        assertThat(budget.limit().requests()).isEqualTo(50);
        assertThat(spend(budget, 100)).isEqualTo(20);
        budgets.configure(new Limit(120, TEN_SECONDS, 100));
        assertThat(spend(budget, 100))
                .as("of the day that has a hundred, fifty are spent")
                .isEqualTo(50);
    }

    @Test
    void aQuotaThatIsConfiguredAnewIsThatOfUnknownKeysAloneWhereOthersAreLearned() {
        var budgets = budgets(LIMIT);
        var budget = budgets.of(ACME);

        budgets.configure(new Limit(50, TEN_SECONDS, 100));

        assertThat(spend(budget, 200)).isEqualTo(100);
        assertThat(spend(budgets.of(new BudgetKey(App.PRIVATE, Resource.location("unknown"))), 200))
                .isEqualTo(50);
    }

    @Test
    void noMoreIsLeftToInteractiveRequestsThanIsReserved() {
        var budgets = budgets(LIMIT);
        var callers = budgets.callers(Optional.of(15));
        for (int i = 0; i < 60; i++) {
            Await.result(callers.asked(ACME));
        }

        var bulk = callers.of(ANYBODY, false, budgets.of(ACME));

        assertThat(Await.result(bulk.forecast(85, 0, 85)).isNow()).isTrue();
        assertThat(Await.result(bulk.forecast(86, 0, 86)).delay()).isEqualTo(PERIOD);
        assertThat(Await.result(bulk.forecast(171, 0, 171)).delay()).isEqualTo(PERIOD.multipliedBy(2));
        assertThat(taken(bulk, 150)).isEqualTo(85);
        assertThat(taken(callers.of(ANYBODY, true, budgets.of(ACME)), 150)).isEqualTo(150);
    }

    public static int taken(CallerAllowance allowance, int wanted) {
        return Await.result(allowance.take(wanted)).count();
    }

    @Test
    void tellsWhereItStandsAsFarAsItKnows() {
        var budget = budgets(LIMIT).of(ACME);
        assertThat(budget.standing().policies())
                .containsExactly(
                        new Standing.Policy("burst", 100, TEN_SECONDS),
                        new Standing.Policy("day", 200_000, Duration.ofDays(1)));
        assertThat(budget.standing().lefts()).as("before anything was asked").isEmpty();

        spend(budget, 1);
        Await.until(() -> !budget.standing().lefts().isEmpty());
        spend(budget, 3);

        var burst = budget.standing().lefts().get(0);
        var day = budget.standing().lefts().get(1);
        assertThat(burst.requests()).isEqualTo(96);
        assertThat(burst.refill()).isBetween(TEN_SECONDS, PERIOD);
        assertThat(day.requests()).isEqualTo(199_996);
        assertThat(day.refill()).isBetween(Duration.ofHours(23), Duration.ofHours(26));
    }

    @Test
    void learnsWhatIsLeftFromEachForecastAndOfWhatCameBackWithTheNextSpend() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 40);
        Await.until(() -> !budget.standing().lefts().isEmpty());

        time.advance(PERIOD);
        Await.result(budget.forecast(1));
        assertThat(budget.standing().lefts().get(0).requests()).isEqualTo(100);
        assertThat(budget.standing().lefts().get(0).refill()).isZero();
        time.advance(Duration.ofSeconds(1)); // it looks once a second
        spend(budget, 1);
        Await.until(() -> !budget.standing().lefts().get(0).refill().isZero());

        assertThat(budget.standing().lefts().get(0).requests()).isEqualTo(99);
        assertThat(budget.standing().lefts().get(1).requests()).isEqualTo(199_959);
    }

    @Test
    void learnsOfWhatCameBackWhileNobodySpent() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 40);
        Await.until(() -> !budget.standing().lefts().isEmpty());

        time.advance(PERIOD.multipliedBy(2));

        Await.until(() -> budget.standing().lefts().get(0).equals(new Standing.Left("burst", 100, Duration.ZERO)));
    }

    @Test
    void hasNothingLeftWhileItIsHeld() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 1);
        Await.until(() -> !budget.standing().lefts().isEmpty());

        hold(budget, Duration.ofSeconds(30));

        assertThat(budget.standing().lefts().get(0)).isEqualTo(new Standing.Left("burst", 0, Duration.ofSeconds(30)));
        assertThat(budget.standing().lefts().get(1).requests()).isEqualTo(199_999);
    }

    @Test
    void whoStandsBehindAWindowsWorthWaitsForTheHoldAndThenForTheWindow() {
        var budget = budgets(LIMIT).of(ACME);
        var held = Duration.ofSeconds(30);
        hold(budget, held);

        var first = Await.result(budget.forecast(100));
        var behind = Await.result(budget.forecast(101));

        assertThat(first.delay()).isEqualTo(held);
        assertThat(first.cause()).isEqualTo(Cause.HOLD);
        assertThat(behind.cause()).isEqualTo(Cause.HOLD);
        time.advance(held);
        assertThat(spend(budget, 101)).isEqualTo(100);
        time.advance(behind.delay().minus(held).minusMillis(2));
        assertThat(spend(budget, 1)).isZero();
        time.advance(Duration.ofMillis(2));
        assertThat(spend(budget, 1)).isEqualTo(1);
    }

    @Test
    void grantsItAgainOneWindowLaterAndNotBefore() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 100);

        time.advance(WINDOW.minusNanos(1));
        assertThat(spend(budget, 100)).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(spend(budget, 100)).isEqualTo(100);
    }

    @Test
    void keepsKeysApart() {
        var budgets = budgets(LIMIT);
        spend(budgets.of(ACME), 100);

        assertThat(spend(budgets.of(OTHER), 100)).isEqualTo(100);
    }

    @Test
    void isTheSameBudgetForAllWhoAsk() {
        var budgets = budgets(LIMIT);

        assertThat(budgets.of(ACME)).isSameAs(budgets.of(ACME)).isNotSameAs(budgets.of(OTHER));
        assertThat(budgets.of(ACME).key()).isEqualTo(ACME);
    }

    @Test
    void neverPaysForMoreThanTheDayHas() {
        var budget = budgets(new Limit(100, TEN_SECONDS, 30)).of(ACME);

        var first = Await.result(budget.trySpend(100));
        var second = Await.result(budget.trySpend(1));
        var forecast = Await.result(budget.forecast(1));

        assertThat(first.granted()).isEqualTo(30);
        assertThat(first.cause()).isEqualTo(Cause.DAY);
        assertThat(second.granted()).isZero();
        assertThat(second.cause()).isEqualTo(Cause.DAY);
        assertThat(forecast.cause()).isEqualTo(Cause.DAY);
        assertThat(forecast.free()).isZero();
        assertThat(forecast.delay()).isBetween(Duration.ofHours(23), Duration.ofHours(26));
        assertThat(Await.result(budget.forecast(101)).cause()).isEqualTo(Cause.DAY);
        time.advance(forecast.delay());
        assertThat(spend(budget, 100)).isEqualTo(30);
    }

    @Test
    void keepsTheDayTokensThatTheBurstWasTooShortFor() {
        var budget = budgets(new Limit(10, TEN_SECONDS, 45)).of(ACME);
        int granted = 0;

        for (int i = 0; i < 12; i++) {
            granted += spend(budget, 7) + spend(budget, 7) + spend(budget, 1);
            time.advance(PERIOD);
        }

        assertThat(granted).isEqualTo(45);
    }

    @Test
    void readsTheClockForPermitsBeforeItSpends() {
        var budget = budgets(LIMIT).of(ACME);

        var spend = Await.result(budget.trySpend(1));

        assertThat(spend.paidAt()).isEqualTo(time.read());
    }

    @Test
    void foretellsWhenEachPositionCanBePaidFor() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 30);
        time.advance(Duration.ofSeconds(2));
        spend(budget, 70);

        assertThat(delay(budget, 1)).isEqualTo(WINDOW.minusSeconds(2));
        assertThat(delay(budget, 30)).isEqualTo(delay(budget, 1));
        assertThat(delay(budget, 31)).isEqualTo(WINDOW);
        assertThat(delay(budget, 130)).isEqualTo(delay(budget, 30).plus(WINDOW));
        assertThat(delay(budget, 331)).isEqualTo(delay(budget, 31).plus(WINDOW.multipliedBy(3)));

        time.advance(WINDOW.minusSeconds(2).minusNanos(1));
        assertThat(spend(budget, 100)).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(spend(budget, 100)).isEqualTo(30);
    }

    @Test
    void tellsHowManyAreFreeAndThatTheyAreFreeNow() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 58);

        var inside = Await.result(budget.forecast(42));
        var outside = Await.result(budget.forecast(43));

        assertThat(inside).isEqualTo(new Forecast(42, Duration.ZERO, Cause.NONE));
        assertThat(outside.free()).isEqualTo(42);
        assertThat(outside.cause()).isEqualTo(Cause.WINDOW);
        assertThat(outside.isNow()).isFalse();
    }

    @Test
    void givesNothingWhileHeldAndAShorterHoldDoesNotEndALongerOne() {
        var budget = budgets(LIMIT).of(ACME);

        hold(budget, Duration.ofSeconds(5));
        hold(budget, Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(2));
        var spend = Await.result(budget.trySpend(1));
        var forecast = Await.result(budget.forecast(1));

        assertThat(spend.granted()).isZero();
        assertThat(spend.cause()).isEqualTo(Cause.HOLD);
        assertThat(forecast).isEqualTo(new Forecast(0, Duration.ofSeconds(3), Cause.HOLD));
        time.advance(Duration.ofSeconds(3));
        assertThat(spend(budget, 100)).isEqualTo(100);
    }

    @Test
    void believesALowerQuotaAtOnceAndKeepsWhatWasSpent() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 10);

        budget.observe(says(25, 10_000, 10_000), LONG_AGO);

        untilLimit(budget, new Limit(25, TEN_SECONDS, 10_000));
        assertThat(Await.result(budget.forecast(1)).free()).isEqualTo(15);
        assertThat(spend(budget, 100)).isEqualTo(15);
        time.advance(PERIOD);
        assertThat(spend(budget, 100)).isEqualTo(25);
    }

    @Test
    void aQuotaLowerThanWhatIsSpentLeavesNothingAndNoDebt() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 90);

        budget.observe(says(25, 10_000, 200_000), LONG_AGO);

        untilLimit(budget, new Limit(25, TEN_SECONDS, 200_000));
        assertThat(spend(budget, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(budget, 100)).isEqualTo(25);
    }

    @Test
    void believesAHigherQuotaWhenTwoRepliesInARowSaySo() {
        var budget = budgets(new Limit(10, TEN_SECONDS, 200_000)).of(ACME);
        spend(budget, 10);

        budget.observe(says(100, 10_000, 200_000), LONG_AGO);
        settled(budget);
        assertThat(budget.limit().requests()).isEqualTo(10);
        budget.observe(says(50, 10_000, 200_000), LONG_AGO);
        settled(budget);
        assertThat(budget.limit().requests()).isEqualTo(10);
        budget.observe(says(50, 10_000, 200_000), LONG_AGO);

        untilLimit(budget, new Limit(50, TEN_SECONDS, 200_000));
        Await.until(() -> Await.result(budget.forecast(1)).free() == 40);
        assertThat(spend(budget, 100)).isEqualTo(40);
    }

    @Test
    void givesNothingOfTheOldQuotaOnceALowerOneWasSaid() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 10);

        budget.observe(says(25, 10_000, 10_000), LONG_AGO);

        assertThat(spend(budget, 100) + spend(budget, 100)).isEqualTo(15);
    }

    @Test
    void repliesOnTheirWayWhenTheQuotaFellDoNotRaiseItAgain() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 90);

        budget.observe(says(25, 10_000, 200_000), LONG_AGO);
        budget.observe(says(100, 10_000, 200_000), LONG_AGO);
        budget.observe(says(100, 10_000, 200_000), LONG_AGO);
        budget.observe(says(100, 10_000, 200_000), LONG_AGO);

        untilLimit(budget, new Limit(25, TEN_SECONDS, 200_000));
        assertThat(spend(budget, 100)).isZero();
        time.advance(PERIOD);
        budget.observe(says(100, 10_000, 200_000), LONG_AGO);
        budget.observe(says(100, 10_000, 200_000), LONG_AGO);
        untilLimit(budget, LIMIT);
        assertThat(spend(budget, 100)).isEqualTo(100);
    }

    @Test
    void aDayLearnedFarSmallerWhileManyAreUnderWayLosesOnlyWhatWasSent() throws Exception {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 60);

        concurrently(60, i -> budget.observe(saysLeft(25, 10_000, 9_999 - i), LONG_AGO));

        untilLimit(budget, new Limit(25, TEN_SECONDS, 10_000));
        Await.until(() -> dayLeft(budget) == 9_940);
        time.advance(PERIOD);
        assertThat(spend(budget, 100)).isEqualTo(25);
        budget.observe(saysLeft(25, 10_000, 9_915), LONG_AGO);
        settled(budget);
        assertThat(dayLeft(budget)).isEqualTo(9_915);
    }

    @Test
    void whatOthersSpentOfASmallerDayIsChargedOnce() throws Exception {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 60);

        concurrently(60, i -> budget.observe(saysLeft(25, 10_000, 6_999 - i), LONG_AGO));

        Await.until(() -> dayLeft(budget) == 6_940);
        assertThat(spend(budget, 1)).isZero();
        assertThat(dayLeft(budget)).isEqualTo(6_940);
    }

    @Test
    void aLargerDayKeepsWhatWasSpentOfTheSmallerOne() {
        var budget = budgets(new Limit(100, TEN_SECONDS, 10_000)).of(ACME);
        spend(budget, 60);

        budget.observe(says(100, 10_000, 200_000), LONG_AGO);
        budget.observe(says(100, 10_000, 200_000), LONG_AGO);

        untilLimit(budget, LIMIT);
        assertThat(dayLeft(budget)).isEqualTo(199_940);
    }

    @Test
    void aDayThatIsSpentComesBackWhenItsOneReplySaidSo() {
        var budget = budgets(LIMIT).of(ACME);
        spend(budget, 10);
        budget.observe(dayEnds(10_000, 0, Duration.ofHours(3)), LONG_AGO);
        Await.until(() -> dayLeft(budget) == 0);

        var forecast = Await.result(budget.forecast(1));

        assertThat(forecast.cause()).isEqualTo(Cause.DAY);
        assertThat(forecast.delay()).isBetween(Duration.ofHours(3), Duration.ofMinutes(182));
        time.advance(forecast.delay().minusNanos(1));
        assertThat(spend(budget, 100)).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(spend(budget, 100)).isEqualTo(100);
    }

    @Test
    void aResetThatOneReplyNamedIsCorrectedByTwoThatAgreeOnAnother() {
        var budget = budgets(new Limit(100, TEN_SECONDS, 100)).of(ACME);
        spend(budget, 100);
        budget.observe(dayReset(Duration.ofHours(20)), LONG_AGO);
        assertThat(delay(budget, 1)).isBetween(Duration.ofHours(20), Duration.ofMinutes(20 * 60 + 2));

        budget.observe(dayReset(Duration.ofHours(3)), LONG_AGO);
        time.advance(Duration.ofMinutes(3));
        budget.observe(dayReset(Duration.ofMinutes(177)), LONG_AGO);

        Await.until(() -> delay(budget, 1).compareTo(Duration.ofMinutes(180)) < 0);
    }

    @Test
    void oneReplyThatNamesAWholeDayIsNotBelievedForItMayStateADaysLength() {
        var budget = budgets(new Limit(100, TEN_SECONDS, 100)).of(ACME);
        spend(budget, 100);

        budget.observe(dayReset(Duration.ofDays(1)), LONG_AGO);

        assertThat(delay(budget, 1)).isBetween(Duration.ofHours(24), Duration.ofMinutes(26 * 60));
        time.advance(Duration.ofHours(23));
        assertThat(spend(budget, 100)).isZero();
    }

    @Test
    void believesNothingWhereLearningIsOff() {
        var budget = budgets(settings(LIMIT, false)).of(ACME);

        budget.observe(says(25, 10_000, 10_000), LONG_AGO);
        budget.observe(dayRemaining(0), LONG_AGO);

        assertThat(budget.limit()).isEqualTo(LIMIT);
        assertThat(spend(budget, 100)).isEqualTo(100);
    }

    @Test
    void takesToHeartThatOthersSpentOfTheDayAndNeverLoosens() {
        var budget = budgets(new Limit(100, TEN_SECONDS, 1_000)).of(ACME);
        spend(budget, 10);

        budget.observe(dayRemaining(5_000), LONG_AGO);
        budget.observe(dayRemaining(7), LONG_AGO);
        Await.until(() -> Await.result(budget.forecast(1)).free() == 7);
        budget.observe(dayRemaining(900), LONG_AGO);

        assertThat(spend(budget, 100)).isEqualTo(7);
        assertThat(Await.result(budget.forecast(1)).cause()).isEqualTo(Cause.DAY);
    }

    @Test
    void startsTheDayWhereTwoRepliesMinutesApartSayItStarts() {
        var budget = budgets(new Limit(100, TEN_SECONDS, 100)).of(ACME);
        spend(budget, 60);

        budget.observe(dayReset(Duration.ofHours(3)), LONG_AGO);
        time.advance(Duration.ofMinutes(3));
        budget.observe(dayReset(Duration.ofMinutes(177)), LONG_AGO);
        Await.until(() -> delay(budget, 41).compareTo(Duration.ofHours(3)) < 0);

        assertThat(spend(budget, 100)).isEqualTo(40);
        var forecast = Await.result(budget.forecast(1));
        assertThat(forecast.cause()).isEqualTo(Cause.DAY);
        assertThat(forecast.delay()).isBetween(Duration.ofMinutes(177), Duration.ofMinutes(179));
        time.advance(forecast.delay());
        assertThat(spend(budget, 100)).isEqualTo(100);
    }

    @Test
    void whatOthersSpendIsLeftToThemAtOnceAndGivenBackWhenTheyAreGone() {
        var budget = budgets(LIMIT).of(ACME);
        var paid = Await.result(budget.trySpend(40));

        budget.observe(remaining(30), paid.paidAt());

        Await.until(() -> budget.restraint().foreign() == 36); // 100 - 30 - 40, and their square root for chance
        assertThat(spend(budget, 100)).isEqualTo(100 - 36 - 40);
        for (int i = 0; i < 2; i++) {
            time.advance(TEN_SECONDS);
            budget.observe(remaining(99), Await.result(budget.trySpend(1)).paidAt());
            assertThat(budget.restraint().foreign()).isEqualTo(36);
        }
        Await.until(() -> {
            time.advance(TEN_SECONDS);
            budget.observe(remaining(99), Await.result(budget.trySpend(1)).paidAt());
            return budget.restraint().equals(Restraint.NONE);
        });
    }

    @Test
    void whatWasSentAfterTheOneThatIsRepliedToIsNoForeignSpend() {
        var budget = budgets(LIMIT).of(ACME);
        var first = Await.result(budget.trySpend(10));
        spend(budget, 50);

        budget.observe(remaining(40), first.paidAt());
        budget.observe(remaining(100), first.paidAt());

        assertThat(spend(budget, 100)).isEqualTo(40);
        assertThat(budget.restraint()).isEqualTo(Restraint.NONE);
    }

    @Test
    void anUnexpectedRefusalHalvesWhatIsSentAtOnceAndThoseUnderWayWithItDoNotHalveItAgain() {
        var budget = budgets(LIMIT).of(ACME);
        var paid = Await.result(budget.trySpend(100));
        time.advance(Duration.ofMillis(200));

        budget.upstreamRefused(TEN_SECONDS, RateHeaders.NONE, paid.paidAt());
        Await.until(() -> budget.restraint().allowance() == 50);
        budget.upstreamRefused(TEN_SECONDS, RateHeaders.NONE, paid.paidAt());
        time.advance(PERIOD);

        assertThat(spend(budget, 100)).isEqualTo(50);
        assertThat(budget.restraint().allowance()).isEqualTo(50);
        var next = Await.result(budget.forecast(11));
        assertThat(next.cause()).isEqualTo(Cause.PACE);
        assertThat(Await.result(budget.trySpend(1)).cause()).isEqualTo(Cause.PACE);
        assertThat(next.delay()).isBetween(Duration.ofMillis(1_099), Duration.ofMillis(1_101)); // ten a second
        time.advance(next.delay());
        assertThat(spend(budget, 100)).isEqualTo(11);
    }

    @Test
    void aRefusalThatSaysWhatIsLeftTeachesBothForeignSpendAndPace() {
        var budget = budgets(LIMIT).of(ACME);
        var paid = Await.result(budget.trySpend(60));

        budget.observe(remaining(0), paid.paidAt());
        budget.upstreamRefused(TEN_SECONDS, remaining(0), paid.paidAt());

        Await.until(() -> budget.restraint().equals(new Restraint(47, 30)));
    }

    @Test
    void aRefusalThatComesLateHalvesWhatWasSentWithIt() {
        var budget = budgets(LIMIT).of(ACME);
        var paid = Await.result(budget.trySpend(100));
        time.advance(Duration.ofSeconds(5));

        budget.upstreamRefused(TEN_SECONDS, RateHeaders.NONE, paid.paidAt());

        Await.until(() -> budget.restraint().allowance() == 50);
    }

    @Test
    void whatMayBeSentAtOnceGrowsByAHundredthEachHalfMinute() {
        var budget = budgets(new Limit(200, TEN_SECONDS, 200_000)).of(ACME);
        var paid = Await.result(budget.trySpend(20));
        budget.upstreamRefused(TEN_SECONDS, RateHeaders.NONE, paid.paidAt());
        Await.until(() -> budget.restraint().allowance() == 10);

        for (int grown = 12; grown <= 16; grown += 2) {
            int allowance = grown;
            time.advance(Duration.ofSeconds(30));
            Await.until(() -> {
                spend(budget, 1);
                return budget.restraint().allowance() == allowance;
            });
        }
    }

    @Test
    void concurrentSpendsNeverExceedTheQuota() throws Exception {
        var budget = budgets(LIMIT).of(ACME);
        var threads = Executors.newFixedThreadPool(8);
        try {
            var spenders = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 8; i++) {
                int wanted = 1 + i % 3;
                spenders.add(() -> {
                    int granted = 0;
                    for (int n = 0; n < 40; n++) {
                        granted += spend(budget, wanted);
                    }
                    return granted;
                });
            }
            int granted = 0;
            for (var spender : threads.invokeAll(spenders)) {
                granted += spender.get();
            }
            assertThat(granted).isEqualTo(100);
        } finally {
            threads.shutdownNow();
        }
    }

    public static int spend(Budget budget, int wanted) {
        return Await.result(budget.trySpend(wanted)).granted();
    }

    public static Duration delay(Budget budget, int position) {
        return Await.result(budget.forecast(position)).delay();
    }

    /** As a 429 does by which nothing more is learned. */
    public static void hold(Budget budget, Duration pause) {
        budget.upstreamRefused(pause, dayRemaining(0), LONG_AGO);
    }

    public static void untilLimit(Budget budget, Limit limit) {
        Await.until(() -> budget.limit().equals(limit));
        settled(budget);
    }

    /** The limit is known a moment before the buckets are changed. */
    public static void settled(Budget budget) {
        Await.until(() -> ((KeyBudget) budget).isQuotaInForce());
    }

    public static RateHeaders says(int max, int perMillis, long daily) {
        return new RateHeaders(
                OptionalInt.of(max),
                OptionalInt.of(0),
                Optional.of(Duration.ofMillis(perMillis)),
                OptionalLong.of(daily),
                OptionalLong.empty(),
                Optional.empty());
    }

    /** Of {@link #LIMIT}. */
    public static RateHeaders remaining(int remaining) {
        return new RateHeaders(
                OptionalInt.of(LIMIT.requests()),
                OptionalInt.of(remaining),
                Optional.of(LIMIT.per()),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }

    public static RateHeaders dayRemaining(long remaining) {
        return new RateHeaders(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.of(remaining),
                Optional.empty());
    }

    /** All at once, from several threads; each with its number from 0. */
    public static void concurrently(int times, IntConsumer task) throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try {
            var tasks = IntStream.range(0, times)
                    .mapToObj(i -> Executors.callable(() -> task.accept(i)))
                    .toList();
            for (var ended : threads.invokeAll(tasks)) {
                ended.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What is left of the day, whatever the burst has. */
    public static long dayLeft(Budget budget) {
        var both = (KeyBudget) budget;
        return Await.result(both.day().outlook(1)).available() + both.creditWithin(Long.MAX_VALUE);
    }

    public static RateHeaders saysLeft(int max, long daily, long remaining) {
        return new RateHeaders(
                OptionalInt.of(max),
                OptionalInt.of(0),
                Optional.of(TEN_SECONDS),
                OptionalLong.of(daily),
                OptionalLong.of(remaining),
                Optional.empty());
    }

    public static RateHeaders dayEnds(long daily, long remaining, Duration reset) {
        return new RateHeaders(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.of(daily),
                OptionalLong.of(remaining),
                Optional.of(reset));
    }

    public static RateHeaders dayReset(Duration reset) {
        return new RateHeaders(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of(reset));
    }
}
