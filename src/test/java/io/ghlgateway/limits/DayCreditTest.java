package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DayCreditTest {

    private static final long DAILY = 200_000;
    private static final long FAR = Duration.ofHours(20).toNanos();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow at any time
    private final DayCredit credit = new DayCredit(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aKeyInUseTakesMoreAheadEachTimeUpToATenThousandthOfTheDay() {
        assertThat(credit.more(DAILY, DAILY)).isZero();
        for (int expected : new int[] {1, 3, 7, 15, 20, 20}) {
            pass(Duration.ofSeconds(9));
            assertThat(credit.more(DAILY, DAILY)).isEqualTo(expected);
        }
    }

    @Test
    void aKeySeldomUsedTakesNothingAhead() {
        for (int i = 0; i < 10; i++) {
            assertThat(credit.more(DAILY, DAILY)).isZero();
            pass(Duration.ofSeconds(30));
        }
    }

    @Test
    void nothingIsTakenAheadOfADayThatIsNearlySpentOrSmallOrUnknown() {
        busy();
        assertThat(credit.more(DAILY, DAILY)).isPositive();
        assertThat(credit.more(DAILY, DAILY / 10)).isZero();
        busy();
        assertThat(credit.more(9_999, 9_999)).isZero();
        busy();
        assertThat(credit.more(DAILY, 0)).isZero();
    }

    @Test
    void whatWasTakenAheadIsGoodForAMinute() {
        credit.addAhead(5, FAR);
        credit.add(2);
        pass(Duration.ofSeconds(59));
        credit.addAhead(1, FAR);
        assertThat(credit.get()).isEqualTo(8);
        pass(Duration.ofSeconds(1));
        assertThat(credit.get()).as("what the short window had no room for").isEqualTo(2);
        assertThat(credit.take(9)).isEqualTo(2);
    }

    @Test
    void aKeyThatIsBusyByStartsStopsTakingAheadForTheDayOnceAThousandthIsLost() {
        int lost = 0;
        for (int start = 0; start < 500; start++) {
            busy();
            credit.addAhead(credit.more(DAILY, DAILY), FAR);
            lost += credit.get();
            pass(Duration.ofMinutes(2));
            credit.get();
        }

        assertThat(lost).isBetween((int) DAILY / 1_000, (int) DAILY / 1_000 + 20);
        pass(Duration.ofDays(1));
        assertThat(credit.more(DAILY, DAILY)).isZero();
        assertThat(credit.more(DAILY, DAILY)).isPositive();
    }

    @Test
    void norIsItGoodBeyondTheReset() {
        credit.addAhead(5, Duration.ofSeconds(3).toNanos());
        pass(Duration.ofSeconds(3));
        assertThat(credit.take(5)).isZero();
    }

    @Test
    void ofBothNoMoreIsKeptThanIsLeft() {
        credit.add(4);
        credit.addAhead(4, FAR);
        assertThat(credit.take(5)).as("what was taken ahead goes first").isEqualTo(5);
        assertThat(credit.get()).isEqualTo(3);
        credit.add(3);
        credit.addAhead(2, FAR);
        assertThat(credit.within(6)).isEqualTo(6);
        assertThat(credit.within(3)).isEqualTo(3);
        assertThat(credit.take(8)).isEqualTo(3);
    }

    @Property(tries = 200)
    void isNeverSpentTwice(@ForAll @Size(max = 50) List<@IntRange(min = -9, max = 9) Integer> steps) {
        var credit = new DayCredit(now::get); // one for each try
        int all = 0;
        for (int step : steps) {
            if (step < 0) {
                all -= credit.take(-step);
            } else if (step % 2 == 0) {
                credit.add(step);
                all += step;
            } else {
                credit.addAhead(step, FAR);
                all += step;
            }
            assertThat(credit.get()).isEqualTo(all).isNotNegative();
        }
    }

    @Test
    void whatCameTooLateIsNotRevivedByWhatIsTakenAheadAnew() {
        credit.addAhead(5, FAR);
        pass(Duration.ofMinutes(1));
        credit.addAhead(3, FAR);
        assertThat(credit.within(9)).isEqualTo(3);
        pass(Duration.ofMinutes(1));
        assertThat(credit.within(9)).isZero();
    }

    @Test
    void afterAPauseAKeyTakesHalfAsManyAhead() {
        for (int i = 0; i < 9; i++) {
            credit.more(DAILY, DAILY);
        }
        for (int expected : new int[] {10, 5, 2, 1, 0}) {
            pass(Duration.ofSeconds(30));
            assertThat(credit.more(DAILY, DAILY)).isEqualTo(expected);
        }
    }

    @Test
    void ofWhatWasLostNothingIsForgottenWithinTheDay() {
        credit.addAhead((int) DAILY / 1_000 + 1, FAR);
        pass(Duration.ofDays(1).minusNanos(1));
        assertThat(credit.get()).isZero();
        busy();
        assertThat(credit.more(DAILY, DAILY)).isZero();
        pass(Duration.ofNanos(1));
        assertThat(credit.more(DAILY, DAILY)).isPositive();
    }

    private void busy() {
        credit.more(DAILY, DAILY);
        credit.more(DAILY, DAILY);
    }
}
