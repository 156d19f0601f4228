package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapBudgetsTest extends BudgetsContract {

    @Override
    Budgets budgets(BudgetSettings settings) {
        return BucketBudgets.inMemory(settings, SpendJournal.none(), time, time, LimitEvents.NONE);
    }

    @Test
    void answersAtOnce() {
        var budget = budgets(LIMIT).of(ACME);

        assertThat(budget.trySpend(1).isComplete()).isTrue();
        assertThat(budget.forecast(1).isComplete()).isTrue();
    }
}
