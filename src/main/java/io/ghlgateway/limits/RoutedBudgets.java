package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.PathPattern;
import java.util.Comparator;
import java.util.List;

/** Budgets of which requests to some endpoints must also pay what those are limited to. */
final class RoutedBudgets implements Budgets {

    private record Bundle(BudgetKey key, List<RouteLimit> limits) {}

    private final Budgets budgets;
    private final List<RouteLimit> limits;
    private final Ticker ticker;
    private final LimitEvents events;
    private final LoadingCache<RouteKey, RouteAllowance> allowances;
    private final LoadingCache<Bundle, RoutedBudget> bundles;

    RoutedBudgets(Budgets budgets, List<RouteLimit> limits, BucketStore store, Ticker ticker, LimitEvents events) {
        this.budgets = budgets;
        this.limits = limits.stream()
                .sorted(Comparator.comparing(RouteLimit::per).reversed())
                .toList();
        this.ticker = ticker;
        this.events = events;
        var roster = new Roster();
        this.allowances = Caffeine.newBuilder()
                .weakValues()
                .build(key -> new RouteAllowance(key, store.route(key), roster, ticker, events));
        this.bundles = Caffeine.newBuilder().weakValues().build(this::make);
    }

    @Override
    public Budget of(BudgetKey key) {
        return budgets.of(key);
    }

    @Override
    public Budget of(BudgetKey key, String uri) {
        var applying = applying(uri);
        return applying.isEmpty() ? budgets.of(key) : bundles.get(new Bundle(key, applying));
    }

    private List<RouteLimit> applying(String uri) {
        var readings = PathPattern.readings(uri);
        for (var limit : limits) {
            if (limit.match().matches(readings)) {
                return limits.stream()
                        .filter(one -> one.match().matches(readings))
                        .toList();
            }
        }
        return List.of(); // the common case, without a stream
    }

    private RoutedBudget make(Bundle bundle) {
        var needed = bundle.limits().stream()
                .map(limit -> allowances.get(RouteKey.of(bundle.key(), limit)))
                .toList();
        return new RoutedBudget(budgets.of(bundle.key()), needed, ticker, events);
    }
}
