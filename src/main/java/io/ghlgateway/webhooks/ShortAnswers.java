package io.ghlgateway.webhooks;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * Answers of a few words, in JSON.
 *
 * @param retryAfter when one that was told 503 may come again, in seconds
 */
record ShortAnswers(String retryAfter) {

    /** Does nothing where the answer was given already, or nobody waits for it. */
    void give(HttpServerRequest request, int status, String said) {
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (status == 503) {
            response.putHeader("Retry-After", retryAfter);
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("status", status).put("message", said).toBuffer())
                .otherwiseEmpty();
    }
}
