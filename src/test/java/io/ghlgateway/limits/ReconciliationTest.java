package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconciliationTest {

    @ParameterizedTest
    @CsvSource({
        // old quota, left of it, new quota, left of that
        "100, 100,  25,  25",
        "100,  90,  25,  15",
        "100,  75,  25,   0",
        "100,   0,  25,   0",
        " 25,  25, 100, 100",
        " 25,   0, 100,  75",
        " 25,  10, 100,  85",
        "100,  40, 100,  40",
    })
    void whatWasSpentStaysSpentUnderAnotherQuota(long oldQuota, long left, long newQuota, long expected) {
        assertThat(Reconciliation.carriedOver(oldQuota, left, newQuota)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"100, 40, 60", "40, 40, 0", "40, 100, 0", "40, 0, 40", "0, 0, 0", "40, -3, 40"})
    void throwsAwayOnlyWhatIsAboveTheRemaining(long available, long remaining, long expected) {
        assertThat(Reconciliation.excess(available, remaining)).isEqualTo(expected);
    }

    @Property
    void aPositionIsWholeCapacitiesAndARest(
            @ForAll @LongRange(min = 1, max = 1_000_000) long position,
            @ForAll @LongRange(min = 1, max = 1_000) long capacity) {
        long rest = Reconciliation.withinCapacity(position, capacity);

        assertThat(rest).isBetween(1L, capacity);
        assertThat((position - rest) % capacity).isZero();
    }

    @Test
    void whatAReplyDoesNotSayStaysAsItIs() {
        var current = BudgetsContract.LIMIT;

        assertThat(Reconciliation.stated(current, BudgetsContract.dayRemaining(3)))
                .isSameAs(current);
        assertThat(Reconciliation.stated(current, BudgetsContract.says(25, 1_000, 10)))
                .isEqualTo(new Limit(25, Duration.ofSeconds(1), 10));
    }

    @ParameterizedTest
    @CsvSource({
        // requests, seconds, daily: against 100 in 10 s and 200,000 a day
        "100, 10, 200000, false",
        " 99, 10, 200000, false",
        "100, 20, 200000, false",
        " 10,  1, 200000, false",
        "101, 10, 200000, true",
        "100,  9, 200000, true",
        "200, 20, 200000, true",
        " 25, 10, 200001, true",
    })
    void aQuotaRaisesWhenItAllowsMoreInAnyRespect(int requests, int seconds, long daily, boolean expected) {
        var next = new Limit(requests, Duration.ofSeconds(seconds), daily);

        assertThat(Reconciliation.raises(BudgetsContract.LIMIT, next)).isEqualTo(expected);
    }

    @Test
    void aShorterIntervalWithAFasterPaceIsMetWithTheFewerRequestsOfTheLongerOne() {
        var fasterButFewer = new Limit(25, Duration.ofSeconds(2), 200_000);

        assertThat(Reconciliation.strictest(BudgetsContract.LIMIT, fasterButFewer))
                .isEqualTo(new Limit(25, Duration.ofSeconds(10), 200_000));
    }

    @Test
    void untilARaiseIsBelievedTheStricterOfEachHolds() {
        var lowerBurstHigherDay = new Limit(25, Duration.ofSeconds(10), 300_000);
        var higherBurstLowerDay = new Limit(200, Duration.ofSeconds(10), 10_000);

        assertThat(Reconciliation.strictest(BudgetsContract.LIMIT, lowerBurstHigherDay))
                .isEqualTo(new Limit(25, Duration.ofSeconds(10), 200_000));
        assertThat(Reconciliation.strictest(BudgetsContract.LIMIT, higherBurstLowerDay))
                .isEqualTo(new Limit(100, Duration.ofSeconds(10), 10_000));
    }

    @ParameterizedTest
    @CsvSource({
        // requests, seconds, daily: with 100 in 10 s and 200,000 a day, it is requests, seconds, daily
        " 99, 10, 200000,  99, 10, 200000",
        " 50,  5, 200000,  50,  5, 200000",
        "100, 20, 300000, 100, 20, 200000",
        "200, 40, 100000, 100, 40, 100000",
        " 20,  1, 200000,  20, 10, 200000",
    })
    void theStricterOfTwoAllowsMoreThanNeitherInAnyRespect(
            int requests, int seconds, long daily, int expected, int per, long day) {
        var next = new Limit(requests, Duration.ofSeconds(seconds), daily);

        var strictest = Reconciliation.strictest(BudgetsContract.LIMIT, next);

        assertThat(strictest).isEqualTo(new Limit(expected, Duration.ofSeconds(per), day));
        assertThat(Reconciliation.raises(BudgetsContract.LIMIT, strictest)).isFalse();
        assertThat(Reconciliation.raises(next, strictest)).isFalse();
    }
}
