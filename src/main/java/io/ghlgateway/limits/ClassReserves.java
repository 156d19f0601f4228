package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** What of each key's short window and day all but interactive requests must leave to those. Any thread. */
final class ClassReserves {

    private final LoadingCache<BudgetKey, ClassReserve> reserves;
    private final Function<BudgetKey, DayReserve> days;

    /**
     * @param percent as it is in force
     * @param budgets whose quotas they are parts of
     */
    ClassReserves(IntSupplier percent, BucketStore store, Budgets budgets, Ticker ticker) {
        var roster = new Roster();
        this.reserves = WhileHeld.by(key -> {
            var budget = budgets.of(key);
            return new ClassReserve(key, percent, store, roster, ticker, budget::limit, budget::restraint);
        });
        this.days = key -> new DayReserve(percent, budgets.of(key), store::isAlone, ticker);
    }

    ClassReserve of(BudgetKey key) {
        return reserves.get(key);
    }

    /** It remembers nothing, so any is as good as another. */
    DayReserve ofDay(BudgetKey key) {
        return days.apply(key);
    }
}
