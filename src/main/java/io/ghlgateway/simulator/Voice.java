package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How one call is answered: every JSON body names the call's trace, and errors have the form of the {@code Version} that
 * was sent.
 *
 * @param thirdGeneration whether {@code Version: v3} was sent, whose errors stand in an envelope
 */
record Voice(String traceId, boolean thirdGeneration) {

    /** These go without the error's name, as HighLevel's do: a wrong request, a missing record, a spent quota. */
    private static final Set<Integer> WITHOUT_NAME = Set.of(400, 404, 429);

    private static final Map<Integer, String> NAMES = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not Found",
            413, "Payload Too Large",
            415, "Unsupported Media Type",
            422, "Unprocessable Entity",
            429, "Too Many Requests",
            500, "Internal Server Error");

    Answer json(int status, JsonObject body) {
        return Answer.json(status, new JsonObject().mergeIn(body).put("traceId", traceId));
    }

    Answer refusal(int status, String message) {
        return refusal(status, message, new JsonObject());
    }

    /** In HighLevel's words, and with the code that some of its services add. */
    Answer refusal(int status, Wording words) {
        return refusal(status, words.message(), new JsonObject().put("canonicalCode", words.canonicalCode()));
    }

    private Answer refusal(int status, String message, JsonObject more) {
        if (thirdGeneration) {
            return envelope(status, message, List.of());
        }
        JsonObject body = new JsonObject().put("statusCode", status).put("message", message);
        return json(status, (WITHOUT_NAME.contains(status) ? body : body.put("error", name(status))).mergeIn(more));
    }

    Answer missing(String kind, String id) {
        return refusal(404, kind + " with id " + id + " not found");
    }

    /** 422, with one sentence for each field. */
    Answer invalid(List<String> complaints) {
        if (thirdGeneration) {
            return envelope(422, name(422), complaints);
        }
        return json(
                422,
                new JsonObject()
                        .put("statusCode", 422)
                        .put("message", new JsonArray(complaints))
                        .put("error", name(422)));
    }

    /** 422, unless each of these fields is said. */
    Optional<Answer> incomplete(List<String> fields, Function<String, Optional<String>> said) {
        List<String> missing = fields.stream()
                .filter(field -> said.apply(field).isEmpty())
                .map(field -> field + " should not be empty")
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(invalid(missing));
    }

    /** The shorter form that uploads are refused in. */
    Answer uploadRefusal(int status, String message) {
        return thirdGeneration
                ? envelope(status, message, List.of())
                : json(status, new JsonObject().put("status", status).put("message", message));
    }

    /** Which codes HighLevel uses is not known; these are the statuses' names. */
    private Answer envelope(int status, String message, List<String> details) {
        String code = name(status).toUpperCase(Locale.ROOT).replace(' ', '_');
        JsonObject error =
                new JsonObject().put("code", code).put("message", message).put("details", new JsonArray(details));
        return json(status, new JsonObject().put("error", error));
    }

    private static String name(int status) {
        return NAMES.getOrDefault(status, "Error");
    }
}
