package io.ghlgateway.limits;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.BudgetsContract.LIMIT;
import static io.ghlgateway.limits.BudgetsContract.OTHER;
import static io.ghlgateway.limits.BudgetsContract.settings;
import static io.ghlgateway.limits.BudgetsContract.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of all keys when HighLevel's edge bars the address that they leave from. */
class EgressTest {

    private static final Duration FIRST = Duration.ofSeconds(30);

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-25T12:00:00Z"));
    private int refused;
    private final BucketBudgets budgets =
            BucketBudgets.inMemory(settings(LIMIT, true), SpendJournal.none(), time, time, new LimitEvents() {
                @Override
                public void egressRefused() {
                    refused++;
                }

                @Override
                public void foreign(BudgetKey key, long sends) {
                    throw new AssertionError("nobody else spent");
                }
            });
    private final Egress egress = budgets.egress();

    @Test
    void aRefusalOfOneKeyRestsAllForAsLongAsTheEdgeAsks() {
        budgets.of(ACME).blocked(Optional.of(Duration.ofSeconds(7)));

        assertThat(Await.result(budgets.of(OTHER).trySpend(1)).cause()).isEqualTo(Cause.HOLD);
        assertThat(Await.result(budgets.of(OTHER).forecast(1)).delay()).isEqualTo(Duration.ofSeconds(7));
        assertThat(egress.held()).isEqualTo(Duration.ofSeconds(7));
        time.advance(Duration.ofSeconds(7));
        assertThat(spend(budgets.of(OTHER), 1)).isEqualTo(1);
        assertThat(spend(budgets.of(ACME), 100)).as("and nothing was charged").isEqualTo(100);
    }

    @Test
    void requestsThatWereOnTheirWayWhenTheRestBeganDoNotProlongIt() {
        budgets.of(ACME).blocked(Optional.empty());
        time.advance(Duration.ofSeconds(1));
        budgets.of(OTHER).blocked(Optional.empty());

        assertThat(egress.held()).isEqualTo(FIRST.minusSeconds(1));
        assertThat(refused).isEqualTo(2);
    }

    @Test
    void whoIsRefusedAgainAfterTheRestStaysAwayTwiceAsLongUpToTenMinutes() {
        var rests = new Duration[6];
        for (int i = 0; i < rests.length; i++) {
            budgets.of(ACME).blocked(Optional.empty());
            rests[i] = egress.held();
            time.advance(rests[i]);
        }

        assertThat(rests)
                .containsExactly(
                        FIRST,
                        FIRST.multipliedBy(2),
                        FIRST.multipliedBy(4),
                        FIRST.multipliedBy(8),
                        FIRST.multipliedBy(16),
                        Duration.ofMinutes(10));
        time.advance(Duration.ofMinutes(10));
        budgets.of(ACME).blocked(Optional.empty());
        assertThat(egress.held()).isEqualTo(FIRST);
    }

    @Test
    void anOperatorEndsARestOrOrdersOne() {
        budgets.of(ACME).blocked(Optional.empty());
        Await.result(egress.wake());
        assertThat(spend(budgets.of(OTHER), 1)).isEqualTo(1);

        Await.result(egress.rest(Duration.ofHours(1)));
        assertThat(spend(budgets.of(OTHER), 1)).isZero();
        Await.result(budgets.of(OTHER).wake());
        assertThat(spend(budgets.of(OTHER), 1))
                .as("a key's rest is another thing")
                .isZero();
    }
}
