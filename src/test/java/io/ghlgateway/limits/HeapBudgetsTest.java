package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeapBudgetsTest extends BudgetsContract {

    @Override
    protected BucketBudgets budgets(BudgetSettings settings) {
        return BucketBudgets.inMemory(settings, SpendJournal.none(), time, time, LimitEvents.NONE);
    }

    @Test
    void answersAtOnce() {
        var budget = budgets(LIMIT).of(ACME);

        assertThat(budget.trySpend(1).isComplete()).isTrue();
        assertThat(budget.forecast(1).isComplete()).isTrue();
    }

    @Test
    void forgetsNothingOfAKeyThatNobodyHolds() {
        var budgets = budgets(new Limit(30, TEN_SECONDS, 40));
        assertThat(spend(budgets.of(ACME), 30)).isEqualTo(30);

        time.advance(PERIOD);
        othersComeAndGo(budgets);

        assertThat(spend(budgets.of(ACME), 30)).isEqualTo(10);
    }

    @Test
    void letsGoOfAKeyThatHasNothingToRemember() {
        var budgets = budgets(LIMIT);
        var used = new WeakReference<>(budgets.of(ACME));
        spend(budgets.of(ACME), 30);

        time.advance(Duration.ofHours(26));

        Await.until(() -> {
            othersComeAndGo(budgets);
            return used.get() == null;
        });
    }

    private void othersComeAndGo(Budgets budgets) {
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofMillis(1));
            spend(budgets.of(new BudgetKey(App.PRIVATE, Resource.location("other" + i))), 1);
        }
        System.gc();
    }
}
