package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RateHeaders;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProbingBudgetTest {

    private static final RateHeaders SANDBOX = new RateHeaders(
            OptionalInt.of(25),
            OptionalInt.of(24),
            Optional.of(Duration.ofSeconds(10)),
            OptionalLong.of(10_000),
            OptionalLong.of(9_999),
            Optional.empty());

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Budget budget = new ProbingBudgets(
                    BucketBudgets.inMemory(
                            new BudgetSettings(
                                    new Limit(100, Duration.ofSeconds(10), 200_000),
                                    true,
                                    StrictWindow.Tuning.BURST,
                                    URI.create("https://upstream.example")),
                            SpendJournal.none(),
                            time,
                            time,
                            LimitEvents.NONE),
                    time)
            .of(BudgetsContract.ACME);

    @Test
    void givesTenUntilTheFirstReplyAndTheRestOfTheQuotaThen() {
        var first = Await.result(budget.trySpend(64));
        var second = Await.result(budget.trySpend(64));
        budget.observe(RateHeaders.NONE, BudgetsContract.LONG_AGO);

        assertThat(first.granted()).isEqualTo(10);
        assertThat(first.cause()).isEqualTo(Cause.WINDOW);
        assertThat(second.granted()).isZero();
        assertThat(Await.result(budget.trySpend(100)).granted()).isEqualTo(90);
    }

    @Test
    void spendsNoMoreThanASmallerQuotaThatTheFirstReplyStates() {
        int spent = Await.result(budget.trySpend(64)).granted();
        budget.observe(SANDBOX, BudgetsContract.LONG_AGO);
        spent += Await.result(budget.trySpend(64)).granted();

        assertThat(spent).isEqualTo(25);
    }

    @Test
    void tellsThoseWhoWaitForTheFirstReplyToLookAgainSoon() {
        budget.trySpend(10);

        var forecast = Await.result(budget.forecast(1));

        assertThat(forecast.free()).isZero();
        assertThat(forecast.delay()).isBetween(Duration.ofMillis(1), Duration.ofMillis(100));
    }

    @Test
    void predictsTheWaitOfTheWholeQuotaMeanwhile() {
        budget.trySpend(10);

        assertThat(Await.result(budget.forecast(150)).delay()).isGreaterThan(Duration.ofSeconds(5));
    }

    @Test
    void probesAgainAfterAnIntervalWhenNoReplyCame() {
        budget.trySpend(10);

        time.advance(Duration.ofSeconds(11));

        assertThat(Await.result(budget.trySpend(64)).granted()).isEqualTo(10);
    }

    @Test
    void givesBackProbesThatTheBudgetBehindItDidNotPayFor() {
        BudgetsContract.hold(budget, Duration.ofSeconds(1));
        assertThat(Await.result(budget.trySpend(64)).granted()).isZero();
        time.advance(Duration.ofSeconds(2));

        assertThat(Await.result(budget.trySpend(64)).granted()).isEqualTo(10);
    }
}
