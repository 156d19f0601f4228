package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What HighLevel can find wrong with a call that it has let in: a body that is no JSON, no form where one is needed, or
 * too large; a page too long; and where it is strict, a location that is not named.
 */
final class Validation {

    private static final long MEGABYTE = 1_000_000;
    private static final Map<String, Long> UPLOADS =
            Map.of("/medias/upload-file", 25 * MEGABYTE, "/forms/upload-custom-files", 50 * MEGABYTE);
    private static final long MOST_OF_A_VIDEO = 500 * MEGABYTE;
    private static final String FORM = "multipart/form-data";

    private final boolean strict;

    Validation(boolean strict) {
        this.strict = strict;
    }

    Optional<Answer> refuse(Visit visit, MultiMap query, ReceivedBody body) {
        return upload(visit, body)
                .or(() -> malformed(visit, body))
                .or(() -> visit.operation()
                        .filter(known -> strict)
                        .flatMap(known -> noLocation(visit, known, query, body)))
                .or(() -> page(visit, query, body));
    }

    private static Optional<Answer> upload(Visit visit, ReceivedBody body) {
        boolean form = visit.operation()
                .filter(operation -> operation.body(visit.version()).equals(FORM))
                .isPresent();
        if (!form) {
            return Optional.empty();
        }
        if (!contentType(visit).startsWith(FORM)) {
            return Optional.of(visit.voice().uploadRefusal(415, "Unsupported Media Type: send " + FORM));
        }
        long most = mostOf(visit);
        return body.bytes() > most
                ? Optional.of(visit.voice().uploadRefusal(413, "File too large: at most " + most / MEGABYTE + " MB"))
                : Optional.empty();
    }

    private static long mostOf(Visit visit) {
        String template = visit.operation().map(Operation::template).orElse("");
        boolean video = template.equals("/medias/upload-file") && visit.voice().thirdGeneration();
        return video ? MOST_OF_A_VIDEO : UPLOADS.getOrDefault(template, Long.MAX_VALUE);
    }

    /** Only a body that says it is JSON is read as JSON. */
    private static Optional<Answer> malformed(Visit visit, ReceivedBody body) {
        if (visit.reads() || !contentType(visit).startsWith("application/json")) {
            return Optional.empty();
        }
        return body.kept()
                .filter(kept -> kept.length() > 0 && !isJson(kept))
                .map(kept -> visit.refusal(400, "Unexpected token in JSON"));
    }

    private static boolean isJson(Buffer body) {
        try {
            Object value = Json.decodeValue(body);
            return value instanceof JsonObject || value instanceof JsonArray;
        } catch (DecodeException notJson) {
            return false;
        }
    }

    private static Optional<Answer> noLocation(Visit visit, Operation operation, MultiMap query, ReceivedBody body) {
        List<PublishedRow> rows = operation.rows(visit.version());
        boolean named = rows.stream().anyMatch(row -> isNamed(row, query, body));
        String field = rows.get(0).field();
        return named
                ? Optional.empty()
                : Optional.of(
                        visit.voice().invalid(List.of(field + " must be a string", field + " should not be empty")));
    }

    /** Bodies that are forms are not looked into; lists of locations are what is worked on, not who works. */
    private static boolean isNamed(PublishedRow row, MultiMap query, ReceivedBody body) {
        return switch (row.place()) {
            case "query" ->
                query.contains(row.field()) && !query.get(row.field()).isBlank();
            case "body" ->
                !row.body().isEmpty()
                        || row.field().equals("locationIds")
                        || body.json()
                                .map(json -> json.getValue(row.field()))
                                .filter(value -> value instanceof String text && !text.isBlank())
                                .isPresent();
            default -> true;
        };
    }

    private static Optional<Answer> page(Visit visit, MultiMap query, ReceivedBody body) {
        boolean lists = visit.reads() || visit.path().endsWith("/search");
        if (!lists || visit.operation().isEmpty()) {
            return Optional.empty();
        }
        return Paging.wrong(visit.path(), query, body.json().orElseGet(JsonObject::new))
                .map(wrong -> wrong.refusal(visit.voice()));
    }

    private static String contentType(Visit visit) {
        return visit.header("Content-Type").orElse("").strip().toLowerCase(Locale.ROOT);
    }
}
