package io.ghlgateway.telemetry;

import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Standing;
import java.util.function.ToDoubleFunction;

/** A budget asked at each scrape; where it answers later (Redis), the scrape shows what the last one learned. */
final class BudgetGauges {

    /** As {@link Standing} names it. */
    private static final String DAY = "day";

    private final Budgets budgets;
    private final BudgetKey key;
    private final String label;
    private volatile double free = Double.NaN;

    /** @param label what the key is called in metrics */
    BudgetGauges(Budgets budgets, BudgetKey key, String label) {
        this.budgets = budgets;
        this.key = key;
        this.label = label;
    }

    void register(MeterMaker meters) {
        read(); // so that the first scrape, too, has something to show
        gauge(meters, "remaining", "Sends that the short window would pay for now", budget -> read());
        gauge(
                meters,
                "left_to_others",
                "Of the short window, so many are left to others who spend it too",
                budget -> budget.restraint().foreign());
        gauge(
                meters,
                "at_once",
                "So many may be sent at once; fewer than the quota after an unexpected 429",
                budget -> Math.min(budget.limit().requests(), budget.restraint().allowance()));
        gauge(
                meters,
                "day_lasts_seconds",
                "How long the day's quota lasts at the rate of the last quarter of an hour; NaN: not being spent",
                budget -> budget.dayExhaustedIn()
                        .map(left -> left.toMillis() / 1_000.0)
                        .orElse(Double.NaN));
        gauge(
                meters,
                "day_back_seconds",
                "How long until all of the day's quota is back if nothing more is spent; NaN: not known",
                BudgetGauges::dayBack);
    }

    private static double dayBack(Budget budget) {
        return budget.standing().lefts().stream()
                .filter(left -> left.policy().equals(DAY))
                .findFirst()
                .map(left -> left.refill().toMillis() / 1_000.0)
                .orElse(Double.NaN);
    }

    private void gauge(MeterMaker meters, String name, String description, ToDoubleFunction<Budget> value) {
        meters.gauge("budget_" + name, description, () -> value.applyAsDouble(budgets.of(key)), "budget", label);
    }

    private double read() {
        budgets.of(key).forecast(1).onSuccess(forecast -> free = forecast.free());
        return free;
    }
}
