package io.ghlgateway.limits;

import java.util.Optional;

/**
 * What an endpoint's limit is counted by, in one case.
 *
 * @param owner the app's name, the whole {@link BudgetKey}, or a caller with or without it; free of braces
 */
public record RouteKey(String owner, RouteLimit limit) {

    static RouteKey of(BudgetKey key, RouteLimit limit) {
        return new RouteKey(
                switch (limit.scope()) {
                    case LOCATION -> key.toString();
                    case APP -> key.app().toString();
                    case CALLER -> throw new IllegalArgumentException("a caller's limit is not the key's: " + limit);
                },
                limit);
    }

    /** @param key empty where it counts over all keys */
    static RouteKey of(String caller, Optional<BudgetKey> key, RouteLimit limit) {
        return new RouteKey("caller:" + caller + key.map(of -> "@" + of).orElse(""), limit);
    }

    /** Unique among the limits of one owner; another limit on the same paths is another bucket. */
    public String name() {
        return "route:" + limit.match() + ":" + limit.requests() + "/"
                + limit.per().toMillis();
    }
}
