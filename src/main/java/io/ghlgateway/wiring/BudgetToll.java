package io.ghlgateway.wiring;

import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Pause;
import io.ghlgateway.credentials.Renewals;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;

/**
 * Pays for the gateway's own calls with an agency's token out of that agency's budget, for HighLevel counts them there.
 * They wait for what is free and stand in no lane: a handful a day for each location.
 */
record BudgetToll(Budgets budgets, Pause pause) implements Renewals.Toll {

    private static final int MOST_LOOKS = 20;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    @Override
    public Future<Void> pay(InstallationKey company) {
        return pay(budgets.of(new BudgetKey(company.app(), company.resource())), MOST_LOOKS);
    }

    private Future<Void> pay(Budget budget, int looks) {
        return budget.trySpend(1).compose(spend -> {
            if (spend.granted() > 0) {
                return Future.succeededFuture();
            }
            return looks == 0
                    ? Future.failedFuture(new IOException("the agency's own quota is in use"))
                    : budget.forecast(1)
                            .compose(forecast -> pause.of(between(forecast.delay())))
                            .compose(rested -> pay(budget, looks - 1));
        });
    }

    private static Duration between(Duration delay) {
        return delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
