package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.limits.Standing.Left;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A day of 200,000, of which a tenth is reserved. */
class DayReserveTest {

    private final Day day = new Day();
    private boolean degraded;
    private final DayReserve reserve = new DayReserve(() -> 10, day, () -> degraded, () -> 7);

    @Test
    void atTheBeginningAllOfItIsKept() {
        day.is(20_003, Duration.ofHours(24));

        assertThat(taken(5)).isEqualTo(3);
        assertThat(reserve.forecast(3).result().isNow()).isTrue();
        assertThat(reserve.forecast(4).result().cause()).isEqualTo(Cause.DAY);
    }

    @Test
    void halfOfItIsLentWhenHalfTheDayIsOverAndTheRestUntilItsEnd() {
        day.is(10_001, Duration.ofHours(12));
        assertThat(taken(5)).isEqualTo(1);

        day.is(5, Duration.ofNanos(1));
        assertThat(taken(5)).isEqualTo(4);
    }

    @Test
    void whoMustWaitIsToldWhenTheFloorIsLowEnough() {
        day.is(10_000, Duration.ofHours(18));

        var told = reserve.forecast(1).result();

        assertThat(told.free()).isZero();
        day.is(10_000, Duration.ofHours(18).minus(told.delay()));
        assertThat(taken(1)).isEqualTo(1);
        day.is(10_000, Duration.ofHours(18).minus(told.delay()).plusSeconds(5));
        assertThat(taken(1)).isZero();
    }

    @Test
    void atTheResetNothingIsKeptUntilTheNewDayWasLookedAt() {
        day.is(500, Duration.ZERO);

        assertThat(taken(5)).isEqualTo(5);
        assertThat(reserve.forecast(5).result().isNow()).isTrue();
    }

    @Test
    void nothingIsKeptWhereTheDayIsNotKnownOrNotShared() {
        assertThat(taken(5)).isEqualTo(5);

        day.is(1, Duration.ofHours(24));
        degraded = true;
        assertThat(taken(5)).isEqualTo(5);
        assertThat(reserve.forecast(5).result().isNow()).isTrue();
    }

    private int taken(int wanted) {
        return reserve.take(wanted).result().count();
    }

    /** As a budget tells of it. */
    private static final class Day implements Budget {

        private List<Left> lefts = List.of();

        void is(long left, Duration untilReset) {
            lefts = List.of(new Left("burst", 100, Duration.ZERO), new Left("day", left, untilReset));
        }

        @Override
        public BudgetKey key() {
            return new BudgetKey(App.PRIVATE, Resource.location("loc1"));
        }

        @Override
        public Limit limit() {
            return new Limit(100, Duration.ofSeconds(10), 200_000);
        }

        @Override
        public Standing standing() {
            return new Standing(List.of(), lefts);
        }

        @Override
        public Future<Spend> trySpend(int wanted) {
            throw new AssertionError("nothing is spent here");
        }

        @Override
        public Future<Forecast> forecast(int position) {
            throw new AssertionError("nor foretold");
        }

        @Override
        public void observe(RateHeaders headers, long paidAt) {}

        @Override
        public void upstreamRefused(Duration pause, RateHeaders said, long paidAt) {}

        @Override
        public Future<Void> rest(Duration pause) {
            throw new AssertionError("nobody orders a rest");
        }

        @Override
        public void blocked(Optional<Duration> asked) {}
    }
}
