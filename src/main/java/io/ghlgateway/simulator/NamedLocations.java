package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which locations a call names: in its path, its query or its JSON body. A {@code locationId} header names one only to the
 * event streams.
 */
final class NamedLocations {

    private static final Pattern PATH = Pattern.compile("/locations/([^/]+)(?:/.*)?");

    /** Here {@code altId} is a mail provider's message or a call. */
    private static final String MESSAGES = "/conversations/messages/";

    private NamedLocations() {}

    static Set<String> of(Visit visit, MultiMap query, ReceivedBody body) {
        String path = visit.path();
        Stream<String> inQuery = Stream.of("locationId", "location_id").flatMap(name -> query.getAll(name).stream());
        Stream<String> alternatives = path.startsWith(MESSAGES)
                ? Stream.empty()
                : Stream.concat(
                        alternative(Optional.ofNullable(query.get("altType")), Optional.ofNullable(query.get("altId"))),
                        body.json().stream().flatMap(json -> alternative(text(json, "altType"), text(json, "altId"))));
        Stream<String> inTemplate =
                visit.operation().stream().flatMap(operation -> operation.locationsIn(path).stream());
        Stream<String> inHeader = Mcp.isMeant(path) ? visit.header("locationId").stream() : Stream.empty();
        Stream<String> inBody = body.json().flatMap(json -> text(json, "locationId")).stream();
        return Stream.of(inPath(path), inTemplate, inQuery, alternatives, inHeader, inBody)
                .flatMap(named -> named)
                .filter(id -> !id.isBlank())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> inPath(String path) {
        Matcher named = PATH.matcher(path);
        return named.matches() && !named.group(1).equals("search") ? Stream.of(named.group(1)) : Stream.empty();
    }

    /** {@code altId} is a location's unless {@code altType} says otherwise. */
    private static Stream<String> alternative(Optional<String> type, Optional<String> id) {
        return type.orElse("location").equals("location") ? id.stream() : Stream.empty();
    }

    private static Optional<String> text(JsonObject body, String field) {
        return body.getValue(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
