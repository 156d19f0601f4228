package io.ghlgateway.edge;

import io.ghlgateway.highlevel.OAuthPaths;
import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantFields;
import io.ghlgateway.http.RequestForm;
import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * For Jazzer: no request target makes anything throw that reads it, and what is let through is, to another decoder than ours,
 * the same operation and tenant without a way out of its path.
 */
public final class RequestTargetFuzzer {

    private static final RouteCatalogue ROUTES = RouteCatalogue.load();
    private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE);
    private static final Set<String> DOTS = Set.of(".", "..");

    private RequestTargetFuzzer() {}

    /** @param data the target, in ISO 8859-1 */
    public static void fuzzerTestOneInput(byte[] data) {
        var uri = new String(data, StandardCharsets.ISO_8859_1);
        PathPattern.readings(uri).forEach(reading -> OAuthPaths.contain(reading));
        for (var method : METHODS) {
            if (RequestRules.brokenLine(ROUTES, method, uri).isEmpty()) {
                check(method, uri);
            }
        }
    }

    private static void check(HttpMethod method, String uri) {
        if (!uri.matches("/[!\"$-~]*")) {
            throw new AssertionError("not to be sent: " + uri);
        }
        var path = RequestForm.path(uri);
        var query = uri.substring(Math.min(uri.length(), path.length() + 1));
        var route = ROUTES.match(method, path);
        TenantFields.namedIn(route, path, query);
        String decoded;
        try {
            decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return;
        }
        if (Arrays.stream(decoded.split("[/\\\\]")).anyMatch(DOTS::contains)
                || decoded.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n')) {
            throw new AssertionError("leads elsewhere: " + uri);
        }
        var other = ROUTES.match(method, decoded);
        if (!other.equals(route)
                || !TenantFields.namedIn(other, decoded, query).equals(TenantFields.namedIn(route, path, query))) {
            throw new AssertionError(uri + " is " + route.label() + ", and decoded " + other.label());
        }
    }
}
