package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;

/** What of each key's short window all but interactive requests must leave to those. Any thread. */
final class ClassReserves {

    private final LoadingCache<BudgetKey, ClassReserve> reserves;

    /** @param budgets whose quotas they are parts of */
    ClassReserves(int percent, BucketStore store, Budgets budgets, Ticker ticker) {
        var roster = new Roster();
        this.reserves = Caffeine.newBuilder().weakValues().build(key -> {
            var budget = budgets.of(key);
            return new ClassReserve(key, percent, store, roster, ticker, budget::limit, budget::restraint);
        });
    }

    ClassReserve of(BudgetKey key) {
        return reserves.get(key);
    }
}
