package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private final FakeTime time = new FakeTime();

    @Test
    void givesTheConstantRateOverTenSecondsWhenNothingWasAsked() {
        var budget = new RetryBudget(time, 20, 2);

        assertThat(taken(budget, 50)).isEqualTo(20);
    }

    @Test
    void givesAShareOfTheRequestsOnTop() {
        var budget = new RetryBudget(time, 20, 2);
        ask(budget, 100);

        assertThat(taken(budget, 100)).isEqualTo(40);
    }

    @Test
    void forgetsWhatIsTenSecondsPast() {
        var budget = new RetryBudget(time, 20, 1);
        ask(budget, 100);
        assertThat(taken(budget, 100)).isEqualTo(30);

        time.pass(Duration.ofSeconds(9));
        assertThat(taken(budget, 100)).isZero();
        time.pass(Duration.ofSeconds(1));

        assertThat(taken(budget, 100)).isEqualTo(10);
    }

    @Test
    void forgetsAllAfterALongSilence() {
        var budget = new RetryBudget(time, 20, 1);
        ask(budget, 1_000);

        time.pass(Duration.ofHours(5));

        assertThat(taken(budget, 500)).isEqualTo(10);
    }

    @Test
    void givesNothingWhereNothingIsAllowed() {
        var budget = new RetryBudget(time, 0, 0);
        ask(budget, 1_000);

        assertThat(taken(budget, 5)).isZero();
    }

    @Test
    void whatWasAskedCountsForTenSecondsFromThenOn() {
        var budget = new RetryBudget(time, 20, 1);
        time.pass(Duration.ofSeconds(5));
        ask(budget, 100);

        time.pass(Duration.ofSeconds(9));

        assertThat(taken(budget, 100)).isEqualTo(30);
    }

    private static void ask(RetryBudget budget, int times) {
        for (int i = 0; i < times; i++) {
            budget.request();
        }
    }

    private static int taken(RetryBudget budget, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += budget.tryRetry() ? 1 : 0;
        }
        return taken;
    }
}
