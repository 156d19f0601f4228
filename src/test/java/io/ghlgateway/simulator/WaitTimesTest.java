package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WaitTimesTest {

    private final WaitTimes waits = new WaitTimes(5_000, new SplittableRandom(3));

    @Test
    void hasNoWaitWhereNothingWaited() {
        assertThat(waits.percentile(99)).isZero();
    }

    @Test
    void takesTheNearestRank() {
        for (int wait = 2_000; wait >= 1; wait--) {
            waits.add(Duration.ofMillis(wait));
        }

        assertThat(waits.percentile(50)).isEqualTo(Duration.ofMillis(1_000));
        assertThat(waits.percentile(99)).isEqualTo(Duration.ofMillis(1_980));
        assertThat(waits.percentile(100)).isEqualTo(Duration.ofMillis(2_000));
    }

    @Test
    void keepsAFairSampleOfMoreThanItHolds() {
        for (int wait = 1; wait <= 100_000; wait++) {
            waits.add(Duration.ofMillis(wait));
        }

        assertThat(waits.percentile(50)).isBetween(Duration.ofMillis(47_000), Duration.ofMillis(53_000));
        assertThat(waits.percentile(99)).isBetween(Duration.ofMillis(98_000), Duration.ofMillis(99_900));
    }
}
