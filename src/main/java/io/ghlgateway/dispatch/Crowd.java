package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.RouteKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The lanes that wait for the same permits: those of one key's quota, or of one endpoint's limit. Any thread. */
final class Crowd {

    private final Set<Place> present = ConcurrentHashMap.newKeySet();

    /** Every crowd that some lane may stand in. */
    static final class All {

        /** By {@link io.ghlgateway.limits.BudgetKey} and {@link RouteKey}; gone with the last lane of it. */
        private final LoadingCache<Object, Crowd> crowds =
                Caffeine.newBuilder().weakValues().build(key -> new Crowd());

        private final Wakes wakes = new Wakes();

        /** @param wake has the lane look again whether it may go */
        Place place(Budget budget, Runnable wake) {
            Map<RouteKey, Crowd> routes = new LinkedHashMap<>();
            budget.routes().forEach(route -> routes.put(route, crowds.get(route)));
            return new Place(crowds.get(budget.key()), routes.isEmpty() ? Map.of() : routes, wake, wakes);
        }
    }

    void enter(Place place) {
        present.add(place);
    }

    void leave(Place place) {
        present.remove(place);
    }

    /** How many wait in other lanes and would take these permits if they came now. */
    int others(Place place) {
        if (present.isEmpty()) {
            return 0;
        }
        int sum = 0;
        for (var other : present) {
            sum += other == place || !other.wants(this) ? 0 : other.waiting();
        }
        return sum;
    }

    /** Whether another lane's turn comes before that of {@code place}. */
    boolean isBehind(Place place, long since) {
        if (present.isEmpty()) {
            return false;
        }
        for (var other : present) {
            if (other != place && other.wants(this) && other.since() - since < 0) {
                return true;
            }
        }
        return false;
    }

    void wakeOthers(Place place) {
        present.forEach(other -> {
            if (other != place) {
                other.wake();
            }
        });
    }
}
