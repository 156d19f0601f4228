package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.PathPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Budgets of which requests to some endpoints must also pay what those are limited to. Any thread. */
public final class RoutedBudgets implements Budgets {
    /*
     * A limit that is replaced by another on the same paths knows what was sent lately, and the other does not. So both are
     * kept to until the other knows as much: for `per` and a credit's time, and before that for as long as a request may
     * still wait that came when there was only the old one, and pays to no other. Until then no stretch sees more than the
     * smaller of the two; from then on none sees more than the new one.
     */

    /** @param until when it need not be kept to any more */
    private record Retired(RouteLimit limit, long until) {}

    /**
     * @param all that are kept to, in the order in which they pay
     * @param configured of these the ones that stay
     */
    private record InForce(List<RouteLimit> all, List<RouteLimit> configured, List<Retired> retired) {

        /** Longest first; of one interval the narrowest, for what the next cannot use is soon lost. */
        private static final Comparator<RouteLimit> PAYING =
                Comparator.comparing(RouteLimit::per).reversed().thenComparing(RouteLimit::requests);

        static InForce of(List<RouteLimit> configured, List<Retired> retired) {
            var all = Stream.concat(configured.stream(), retired.stream().map(Retired::limit))
                    .sorted(PAYING)
                    .toList();
            return new InForce(all, List.copyOf(configured), List.copyOf(retired));
        }

        InForce at(long now) {
            return of(
                    configured,
                    retired.stream().filter(limit -> limit.until() - now > 0).toList());
        }

        boolean isOutdated(long now) {
            for (var limit : retired) {
                if (limit.until() - now <= 0) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Bundle(BudgetKey key, List<RouteLimit> limits) {}

    private final Budgets budgets;
    private final Ticker ticker;
    private final LimitEvents events;
    private final LoadingCache<RouteKey, RouteAllowance> allowances;
    private final LoadingCache<Bundle, RoutedBudget> bundles;
    private volatile InForce inForce; // written under this object's lock

    RoutedBudgets(
            Budgets budgets,
            List<RouteLimit> limits,
            LoadingCache<RouteKey, RouteAllowance> allowances,
            Ticker ticker,
            LimitEvents events) {
        this.budgets = budgets;
        this.inForce = InForce.of(limits, List.of());
        this.ticker = ticker;
        this.events = events;
        this.allowances = allowances;
        this.bundles = WhileHeld.by(this::make);
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

    /**
     * Has these limits kept to instead. One that only gives another number is kept to beside its successor for a while.
     *
     * @param longestWait how long a request may wait that came before
     */
    public synchronized void limitTo(List<RouteLimit> limits, Duration longestWait) {
        long now = ticker.read();
        var before = inForce.at(now);
        var retired = new ArrayList<>(before.retired());
        retired.removeIf(old -> limits.contains(old.limit()));
        before.configured().stream()
                .filter(old -> !limits.contains(old) && limits.stream().anyMatch(old::isOfTheSame))
                .map(old -> new Retired(
                        old, now + longestWait.plus(old.granted().per()).toNanos()))
                .forEach(retired::add);
        inForce = InForce.of(limits, retired);
    }

    private List<RouteLimit> inForce() {
        var known = inForce;
        return known.retired().isEmpty() || !known.isOutdated(ticker.read()) ? known.all() : tidied().all();
    }

    private synchronized InForce tidied() {
        return inForce = inForce.at(ticker.read());
    }

    private List<RouteLimit> applying(String uri) {
        var limits = inForce();
        if (limits.isEmpty()) {
            return limits;
        }
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
