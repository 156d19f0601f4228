package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** A reply whose body is known in full. */
record Answer(int status, String contentType, Buffer body) implements Reply {

    private static final Map<Integer, String> ERRORS =
            Map.of(400, "Bad Request", 401, "Unauthorized", 403, "Forbidden", 500, "Internal Server Error");

    static Answer json(int status, JsonObject body) {
        return new Answer(status, "application/json; charset=utf-8", body.toBuffer());
    }

    static Answer text(int status, String body) {
        return new Answer(status, "text/plain", Buffer.buffer(body));
    }

    /** HighLevel's own form of an error; 404 and 429 have code and message alone, others name the error as well. */
    static Answer refusal(int status, String message) {
        JsonObject body = new JsonObject().put("statusCode", status).put("message", message);
        if (ERRORS.containsKey(status)) {
            body.put("error", ERRORS.get(status));
        }
        return json(status, body);
    }

    @Override
    public Future<Void> sendTo(HttpServerResponse response) {
        var begun = head(response);
        if (status != 204 && status != 304) {
            begun.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())); // to HEAD Vert.x gives none
        }
        return begun.end(body);
    }

    @Override
    public Future<Void> sendHalfTo(HttpServerResponse response) {
        return head(response)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .write(body.slice(0, body.length() / 2));
    }

    private HttpServerResponse head(HttpServerResponse response) {
        return response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
}
