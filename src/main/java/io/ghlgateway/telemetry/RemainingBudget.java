package io.ghlgateway.telemetry;

import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;

/** A budget asked at each scrape; where it answers later (Redis), the scrape shows what the last one learned. */
final class RemainingBudget {

    private final Budgets budgets;
    private final BudgetKey key;
    private volatile double free = Double.NaN;

    RemainingBudget(Budgets budgets, BudgetKey key) {
        this.budgets = budgets;
        this.key = key;
    }

    double read() {
        budgets.of(key).forecast(1).onSuccess(forecast -> free = forecast.free());
        return free;
    }
}
