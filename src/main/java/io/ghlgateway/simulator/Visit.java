package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;

/**
 * One call.
 *
 * @param arrived when its head had come, in the clock's nanoseconds
 * @param operation what it asks for, if that has been published
 */
record Visit(
        HttpServerRequest request,
        long arrived,
        Future<ReceivedBody> body,
        Optional<Operation> operation,
        Voice voice) {

    String method() {
        return request.method().name();
    }

    /** The raw path; empty where the request line has none. */
    String path() {
        return path(request);
    }

    static String path(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.path(), "");
    }

    /** Its parameters; empty where they cannot be decoded. */
    Optional<MultiMap> query() {
        try {
            return Optional.of(request.params());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Empty where none was sent. */
    String version() {
        return header("Version").orElse("");
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** GET, or HEAD in its place. */
    boolean reads() {
        return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    }

    Answer refusal(int status, String message) {
        return voice.refusal(status, message);
    }

    /** In HighLevel's words, without the code that only some of its services add. */
    Answer refusal(Wording words) {
        return refusal(words.status(), words.message());
    }

    /** The simulator's own paths, which HighLevel does not have. */
    boolean isOwn() {
        return path().startsWith(Endpoints.OWN_PATHS);
    }

    void hangUp() {
        request.connection().close();
    }
}
