package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Every published operation of HighLevel's API, found by method and path. Immutable; any thread may ask. See {@link
 * TemplateTree} for which template wins when several fit.
 */
public final class RouteCatalogue {

    private static final String RESOURCE = "endpoints.tsv";

    private final List<Route> routes;
    private final Map<HttpMethod, TemplateTree<Route>> trees;

    private RouteCatalogue(List<Route> routes, Map<HttpMethod, TemplateTree<Route>> trees) {
        this.routes = routes;
        this.trees = trees;
    }

    /** The catalogue that ships with the gateway; blocks when it is asked for first, so once at start. */
    public static RouteCatalogue load() {
        return Shipped.ALL;
    }

    private static final class Shipped {

        private static final RouteCatalogue ALL = readResource();

        private static RouteCatalogue readResource() {
            var stream = Objects.requireNonNull(
                    RouteCatalogue.class.getResourceAsStream(RESOURCE), RESOURCE + " is not on the class path");
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                return read(reader.lines().toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static RouteCatalogue read(List<String> lines) {
        try {
            return of(RouteTable.read(lines));
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IllegalStateException(RESOURCE + ": " + e.getMessage(), e);
        }
    }

    private static RouteCatalogue of(List<Route> routes) {
        var trees = new HashMap<HttpMethod, TemplateTree<Route>>();
        for (Route route : routes) {
            trees.computeIfAbsent(route.method(), method -> new TemplateTree<>())
                    .add(route.template(), route);
        }
        return new RouteCatalogue(List.copyOf(routes), Map.copyOf(trees));
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
        return PathReadings.differ(this, method, rawPath);
    }
}
