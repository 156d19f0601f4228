package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.random.RandomGenerator;

/** How the gateway goes round again: the policy, and the budget that bounds it for the whole process. */
public final class Retries {

    private final RetryPolicy policy;
    private final RetryBudget budget;

    /**
     * @param attempts sends of one call in all, at least 1
     * @param repeatable methods beyond the safe ones that may be sent again when it is unknown whether they were executed
     * @param percent of the requests of the last ten seconds that may be retried
     * @param perSecond retries that are always allowed
     * @param random safe for use by any thread
     */
    public Retries(
            int attempts,
            Set<HttpMethod> repeatable,
            int percent,
            int perSecond,
            Ticker ticker,
            RandomGenerator random) {
        this.policy = new RetryPolicy(attempts, repeatable, random);
        this.budget = new RetryBudget(ticker, percent, perSecond);
    }

    RetryPolicy policy() {
        return policy;
    }

    RetryBudget budget() {
        return budget;
    }
}
