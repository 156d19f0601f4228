package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Budgets kept in Bucket4j buckets; in memory or in Redis they are the same but for where the buckets stand. */
public final class BucketBudgets implements Budgets {

    private final BudgetSettings settings;
    private final BucketStore store;
    private final Windows windows;
    private final Ticker ticker;
    private final LimitEvents events;
    private final Roster keys = new Roster();
    private final Roster parts = new Roster();
    /** The quota of a key that nothing else is known of. */
    private volatile Limit configured;

    /** Weak: a budget that nobody holds, and that has nothing to remember, is as good as a new one. */
    private final LoadingCache<BudgetKey, KeyBudget> known = WhileHeld.by(this::make);

    /** Of endpoints' limits, and of callers'. */
    private final LoadingCache<RouteKey, RouteAllowance> allowances = WhileHeld.by(this::makeAllowance);

    /**
     * Budgets whose buckets stand in {@code store}.
     *
     * @param windows those that the store makes its buckets of
     */
    public BucketBudgets(
            BudgetSettings settings, BucketStore store, Windows windows, Ticker ticker, LimitEvents events) {
        this.settings = settings;
        this.configured = settings.initial();
        this.store = store;
        this.windows = windows;
        this.ticker = ticker;
        this.events = events;
    }

    /**
     * Budgets of this process alone.
     *
     * @param clock what the buckets live by; wall-clock based, see {@link WallClock}
     * @param ticker what {@link Spend#paidAt} and holds are told in
     */
    public static BucketBudgets inMemory(
            BudgetSettings settings, SpendJournal journal, TimeMeter clock, Ticker ticker, LimitEvents events) {
        var windows = new Windows(settings.tuning());
        return new BucketBudgets(
                settings, new HeapStore(windows, clock, journal, ticker, events), windows, ticker, events);
    }

    /**
     * These budgets, of which requests to some endpoints must also pay what those are limited to.
     *
     * @param budgets these, or what was made of them
     */
    public RoutedBudgets limiting(List<RouteLimit> limits, Budgets budgets) {
        return new RoutedBudgets(budgets, limits, allowances, ticker, events);
    }

    /**
     * Has this be the quota of all keys where none is learned, else of those that are not known yet.
     *
     * @param quota in the interval that was said when these were made: the buckets of all keys turn with it
     */
    public void configure(Limit quota) {
        if (!quota.per().equals(settings.initial().per())) {
            throw new IllegalArgumentException(
                    "the interval stays " + settings.initial().per());
        }
        configured = quota;
    }

    /** What rests when all keys do. */
    public Egress egress() {
        return store.egress();
    }

    /**
     * What callers with a quota may take of these, and those who must leave a reserve.
     *
     * @param reserve for interactive requests, in percent of each short window
     */
    public CallerAllowances callers(Optional<Integer> reserve) {
        return new CallerAllowances(store, this, allowances, reserve, ticker, events);
    }

    /** How many replicas share these budgets, as last heard. */
    public int replicas() {
        return store.replicas();
    }

    /** Whether Redis is lost and this replica goes on by itself. */
    public boolean isAlone() {
        return store.isAlone();
    }

    /** Completed once Redis was there and is trusted, so that something can be spent; may never be. */
    public Future<Void> opened() {
        return store.opened();
    }

    /** What Redis may do that its budgets must not rely on, a sentence each; mostly none. */
    public List<String> weaknesses() {
        return store.weaknesses();
    }

    @Override
    public Budget of(BudgetKey key) {
        return known.get(key);
    }

    private RouteAllowance makeAllowance(RouteKey key) {
        return new RouteAllowance(key, store.route(key), parts, ticker, events);
    }

    private KeyBudget make(BudgetKey key) {
        var budget = new KeyBudget(key, store, windows, keys, ticker, events, () -> configured, settings.learn());
        budget.begin();
        return budget;
    }
}
