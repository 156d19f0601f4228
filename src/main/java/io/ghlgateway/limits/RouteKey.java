package io.ghlgateway.limits;

/**
 * What an endpoint's limit is counted by, in one case.
 *
 * @param owner the app's name, or the whole {@link BudgetKey}; free of braces
 */
public record RouteKey(String owner, RouteLimit limit) {

    static RouteKey of(BudgetKey key, RouteLimit limit) {
        return new RouteKey(
                switch (limit.scope()) {
                    case LOCATION -> key.toString();
                    case APP -> key.app().toString();
                },
                limit);
    }

    /** Unique among the limits of one owner; another limit on the same paths is another bucket. */
    String name() {
        return "route:" + limit.match() + ":" + limit.requests() + "/"
                + limit.per().toMillis();
    }
}
