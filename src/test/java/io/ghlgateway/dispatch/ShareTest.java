package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShareTest {

    private static final Limit LIMIT = new Limit(100, Duration.ofSeconds(10), 200_000);
    private static final Forecast FORECAST = new Forecast(0, Duration.ofSeconds(12), Cause.WINDOW);

    private final Share share = new Share();
    private long now = 5_000_000_000L;

    @Test
    void leavesTheForecastAloneUntilTwoIntervalsAreOver() {
        getting(50);

        assertThat(share.temper(FORECAST, 120, LIMIT, 3)).isEqualTo(FORECAST);
    }

    @Test
    void foretellsALongerWaitToALaneThatGetsHalf() {
        getting(50, 50, 50);

        assertThat(share.temper(FORECAST, 120, LIMIT, 3).delay()).isEqualTo(Duration.ofSeconds(20));
        assertThat(share.temper(FORECAST, 40, LIMIT, 3)).isEqualTo(FORECAST);
    }

    @Test
    void neverForetellsAShorterWaitThanTheBudgetItself() {
        getting(90, 90, 90);

        assertThat(share.temper(FORECAST, 95, LIMIT, 3)).isEqualTo(FORECAST);
    }

    @Test
    void leavesTheForecastAloneWhereTheLaneGetsAll() {
        getting(100, 100, 100);

        assertThat(share.temper(FORECAST, 350, LIMIT, 3)).isEqualTo(FORECAST);
    }

    @Test
    void doesNotTakeARestForAShareOfNothing() {
        getting(50, 50, 0);

        assertThat(share.temper(FORECAST, 120, LIMIT, 3).delay()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void takesLessThanAnEqualShareForBadLuck() {
        getting(1, 0, 2);

        assertThat(share.temper(FORECAST, 100, LIMIT, 3).delay()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void leavesTheForecastAloneWhereNobodyShares() {
        getting(1, 0, 2);

        assertThat(share.temper(FORECAST, 100, LIMIT, 1)).isEqualTo(FORECAST);
    }

    @Test
    void beginsAnewWhenNobodyWaitedMeanwhile() {
        getting(50, 50, 50);

        share.relax();
        getting(10);

        assertThat(share.temper(FORECAST, 120, LIMIT, 3)).isEqualTo(FORECAST);
    }

    /** So many in each interval, and into the next. */
    private void getting(int... grants) {
        for (int each : grants) {
            share.count(each, LIMIT, now);
            now += LIMIT.per().toNanos();
        }
        share.count(0, LIMIT, now);
    }
}
