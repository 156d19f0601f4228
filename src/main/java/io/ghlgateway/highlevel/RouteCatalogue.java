package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every published operation of HighLevel's API, found by method and path. Immutable; any thread may ask. See {@link
 * TemplateTree} for which template wins when several fit.
 */
public final class RouteCatalogue {

    private static final String RESOURCE = "endpoints.tsv";

    private final List<Route> routes;
    private final Map<HttpMethod, TemplateTree<Route>> trees;

    private RouteCatalogue(List<Route> routes) {
        this.routes = List.copyOf(routes);
        var all = new HashMap<HttpMethod, TemplateTree<Route>>();
        for (Route route : routes) {
            all.computeIfAbsent(route.method(), method -> new TemplateTree<>()).add(route.template(), route);
        }
        this.trees = Map.copyOf(all);
    }

    /** The catalogue that ships with the gateway; blocks when it is asked for first, so once at start. */
    public static RouteCatalogue load() {
        return Loaded.CATALOGUE;
    }

    private static final class Loaded {
        private static final RouteCatalogue CATALOGUE =
                read(Shipped.text(RESOURCE).lines().toList());
    }

    static RouteCatalogue read(List<String> lines) {
        try {
            return new RouteCatalogue(RouteTable.read(lines));
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IllegalStateException(RESOURCE + ": " + e.getMessage(), e);
        }
    }

    /** All known routes, by template and method. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * The route of this operation, {@link Route#unknown} if there is none. HEAD gets GET's. Never throws, whatever the
     * path.
     *
     * @param rawPath as it came, still encoded, without the query
     */
    public Route match(HttpMethod method, String rawPath) {
        var tree = trees.get(HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method);
        var route = tree == null ? null : tree.find(rawPath);
        return route == null ? Route.unknown(method) : route;
    }

    /**
     * Whether a server that resolves escapes ({@code %2f}, {@code %63}) before it routes, cuts segments at {@code ;} or takes several slashes for one
     * could see another operation, or another location or company, than {@link #match} does.
     *
     * @param rawPath as it came, still encoded, without the query
     */
    public boolean isAmbiguous(HttpMethod method, String rawPath) {
        if (PathReadings.isPlain(rawPath)) {
            return false;
        }
        var meant = reading(method, rawPath);
        return !PathReadings.of(rawPath).allMatch(path -> reading(method, path).equals(meant));
    }

    private record Reading(Route route, List<NamedResource> named) {}

    private Reading reading(HttpMethod method, String path) {
        var route = match(method, path);
        return new Reading(route, TenantFields.namedIn(route, path, ""));
    }
}
