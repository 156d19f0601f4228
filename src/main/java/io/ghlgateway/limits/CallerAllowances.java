package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.vertx.core.Future;
import java.util.Optional;

/** What callers with a quota, and requests that must leave a reserve, may take of keys' budgets. Any thread. */
public final class CallerAllowances {

    private static final PathPattern EVERY_PATH = PathPattern.parse("/**").orElseThrow();
    private static final int PERCENT = 100;

    private final BucketStore store;
    private final Budgets budgets;
    private final LoadingCache<RouteKey, RouteAllowance> parts;
    private final Ticker ticker;
    private final LimitEvents events;
    private final LoadingCache<BudgetKey, ClassReserve> reserves;
    /** Of it in percent; what was reserved last still counts for who came before there was no reserve any more. */
    private volatile int percent;

    private volatile boolean isReserved;

    /**
     * @param budgets whose quotas are reserved in part
     * @param parts the allowances of endpoints' limits, and of callers' own
     * @param reserve in percent; empty where nothing is reserved
     */
    CallerAllowances(
            BucketStore store,
            Budgets budgets,
            LoadingCache<RouteKey, RouteAllowance> parts,
            Optional<Integer> reserve,
            Ticker ticker,
            LimitEvents events) {
        this.store = store;
        this.budgets = budgets;
        this.parts = parts;
        this.ticker = ticker;
        this.events = events;
        var roster = new Roster();
        this.reserves = WhileHeld.by(key -> new ClassReserve(budgets.of(key), this::percent, store, roster, ticker));
        reserve(reserve);
    }

    private int percent() {
        return percent;
    }

    /** Whether there is a reserve for interactive requests, which all others must leave to them. */
    public boolean reserve() {
        return isReserved;
    }

    /** Has so many percent of each quota reserved from now on, or nothing. */
    public void reserve(Optional<Integer> reserve) {
        reserve.ifPresent(part -> percent = part);
        isReserved = reserve.isPresent();
    }

    /** An interactive request came for this key. Completes when it has been counted, or could not be; nobody need wait. */
    public Future<Void> asked(BudgetKey key) {
        return isReserved ? reserves.get(key).asked() : Future.succeededFuture();
    }

    /** @param interactive whether these requests of the caller's leave no reserve to others: it is for them, or there is none */
    public CallerAllowance of(Caller caller, boolean interactive, Budget budget) {
        var quota = caller.quota();
        boolean leaves = percent > 0 && !interactive;
        return new CallerAllowance(
                budget,
                quota.flatMap(CallerQuota::rate).map(rate -> part(caller, Optional.empty(), rate)),
                limit -> quota.flatMap(CallerQuota::share)
                        .map(percent -> part(caller, Optional.of(budget.key()), share(limit, percent))),
                leaves ? Optional.of(reserves.get(budget.key())) : Optional.empty(),
                leaves ? Optional.of(dayReserve(budget.key())) : Optional.empty(),
                events);
    }

    /** It remembers nothing, so any is as good as another. */
    private DayReserve dayReserve(BudgetKey key) {
        return new DayReserve(this::percent, budgets.of(key), store::isAlone, ticker);
    }

    private RouteAllowance part(Caller caller, Optional<BudgetKey> key, CallerQuota.Rate rate) {
        var limit = new RouteLimit(EVERY_PATH, rate.requests(), rate.per(), RouteLimit.Scope.CALLER);
        return parts.get(RouteKey.of(caller.name(), key, limit));
    }

    /** One at least; of a window too short to be kept to, as many times over. */
    private static CallerQuota.Rate share(Limit limit, int percent) {
        long times = Math.max(
                1, -Math.floorDiv(-RouteLimit.SHORTEST.toMillis(), limit.per().toMillis()));
        long requests = Math.max(1, limit.requests() * times * percent / PERCENT);
        var per = limit.per().multipliedBy(times);
        var longest = RouteLimit.LONGEST;
        return new CallerQuota.Rate(
                (int) Math.min(Integer.MAX_VALUE, requests), per.compareTo(longest) < 0 ? per : longest);
    }
}
