package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;

/**
 * Budgets that begin carefully: a key never heard of sends a few requests, and the rest of its quota only once a reply
 * has said what that quota is. So a token with less than the configured limit (a sandbox's has a quarter) is met without
 * a burst of 429s. Only of use where replies are learned from.
 */
public final class ProbingBudgets implements Budgets {

    private final LoadingCache<BudgetKey, ProbingBudget> known;

    public ProbingBudgets(Budgets budgets, Ticker ticker) {
        this.known = WhileHeld.by(key -> new ProbingBudget(budgets.of(key), ticker));
    }

    @Override
    public Budget of(BudgetKey key) {
        return known.get(key);
    }
}
