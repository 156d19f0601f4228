package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which locations a call names: in its path, its query or its JSON body. A {@code locationId} header names none. */
final class NamedLocations {

    private static final Pattern PATH = Pattern.compile("/locations/([^/]+)(?:/.*)?");

    private NamedLocations() {}

    static Set<String> of(String path, MultiMap query, ReceivedBody body) {
        Stream<String> inQuery = Stream.concat(
                Stream.of("locationId", "location_id").flatMap(name -> query.getAll(name).stream()),
                alternative(Optional.ofNullable(query.get("altType")), Optional.ofNullable(query.get("altId"))));
        return Stream.of(inPath(path), inQuery, body.json().stream().flatMap(NamedLocations::inBody))
                .flatMap(named -> named)
                .filter(id -> !id.isBlank())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> inPath(String path) {
        Matcher named = PATH.matcher(path);
        return named.matches() && !named.group(1).equals("search") ? Stream.of(named.group(1)) : Stream.empty();
    }

    private static Stream<String> inBody(JsonObject body) {
        return Stream.concat(
                text(body, "locationId").stream(), alternative(text(body, "altType"), text(body, "altId")));
    }

    /** {@code altId} is a location's unless {@code altType} says otherwise. */
    private static Stream<String> alternative(Optional<String> type, Optional<String> id) {
        return type.orElse("location").equals("location") ? id.stream() : Stream.empty();
    }

    private static Optional<String> text(JsonObject body, String field) {
        return body.getValue(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
