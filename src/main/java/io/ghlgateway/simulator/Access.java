package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who may call: token, Version, and whether the token opens the location that the call names. */
final class Access {

    private static final Set<String> VERSIONS = Set.of("v3", "2023-02-21", "2021-07-28", "2021-04-15", "legacy");
    private static final Pattern LOCATION_PATH = Pattern.compile("/locations/([^/]+)(/.*)?");

    private final Map<String, String> locationsByToken;

    Access(Map<String, String> locationsByToken) {
        this.locationsByToken = locationsByToken;
    }

    /** What the call counts for: its token's location, or the token itself where any token opens anything. */
    Optional<String> resource(HttpServerRequest request) {
        var authorization = request.getHeader("Authorization");
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return Optional.empty();
        }
        var token = authorization.substring("Bearer ".length());
        if (!locationsByToken.isEmpty()) {
            return Optional.ofNullable(locationsByToken.get(token));
        }
        return token.startsWith("pit-") && token.length() > "pit-".length()
                ? Optional.of("token-" + token.substring(Math.max(4, token.length() - 6)))
                : Optional.empty();
    }

    static Optional<Refused> version(MultiMap headers) {
        var version = headers.get("Version");
        if (version == null) {
            return Optional.of(Refused.noVersion());
        }
        return VERSIONS.contains(version) ? Optional.empty() : Optional.of(Refused.badVersion());
    }

    /** Refuses a call that names a location its token does not open. */
    Optional<Refused> location(HttpServerRequest request, JsonObject body, String resource) {
        if (locationsByToken.isEmpty()) {
            return Optional.empty();
        }
        return named(request, body).stream().allMatch(resource::equals)
                ? Optional.empty()
                : Optional.of(Refused.otherLocation());
    }

    private static Set<String> named(HttpServerRequest request, JsonObject body) {
        var named = new LinkedHashSet<String>();
        var path = LOCATION_PATH.matcher(request.path());
        if (path.matches() && !path.group(1).equals("search")) {
            named.add(path.group(1));
        }
        named.addAll(request.params().getAll("locationId"));
        named.addAll(request.params().getAll("location_id"));
        if (body.getValue("locationId") instanceof String id) {
            named.add(id);
        }
        if (!request.path().startsWith("/conversations/messages/")) {
            alt(request.params().get("altId"), request.params().get("altType")).ifPresent(named::add);
            alt(text(body, "altId"), text(body, "altType")).ifPresent(named::add);
        }
        return named;
    }

    private static Optional<String> alt(@Nullable String id, @Nullable String type) {
        return Optional.ofNullable(id).filter(value -> type == null || type.equals("location"));
    }

    private static @Nullable String text(JsonObject body, String name) {
        return body.getValue(name) instanceof String text ? text : null;
    }
}
