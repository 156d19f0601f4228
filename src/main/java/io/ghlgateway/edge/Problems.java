package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The gateway's own answers: problem details (RFC 9457) that also carry HighLevel's fields, so that code written for
 * HighLevel's errors reads ours. Where time is the cure, {@code Retry-After} says when; so do the {@code X-RateLimit-*}
 * headers, for the official SDK reads only those, and sleeps as long as the interval says.
 */
final class Problems {

    /** Those that pass. */
    static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private Problems() {}

    /**
     * Fills in the head and gives the body.
     *
     * @param traceId empty where the request is not traced; then what goes by that name is the request's id
     */
    static JsonObject write(Refusal refusal, String requestId, String traceId, HttpServerResponse response) {
        var code = refusal.code();
        response.setStatusCode(code.status())
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Gateway-Error", code.wire());
        if (code == Code.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"ghl-gateway\"");
        }
        if (code == Code.METHOD_NOT_ALLOWED) {
            response.putHeader("Allow", METHODS);
        }
        refusal.retryAfter().ifPresent(wait -> {
            response.putHeader("Retry-After", String.valueOf(Math.max(1, ceilSeconds(wait))));
            rateHeaders(refusal, wait, response);
        });
        var title = response.getStatusMessage();
        var detail = Secret.blotted(refusal.detail()); // it names tenants as they were asked for
        var problem = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", code.status())
                .put("detail", detail)
                .put("code", code.wire())
                .put("statusCode", code.status())
                .put("message", detail)
                .put("error", title)
                .put("traceId", traceId.isEmpty() ? requestId : traceId)
                .put("requestId", requestId);
        refusal.retryAfter().ifPresent(wait -> problem.put("retryAfterMs", ceilMillis(wait)));
        refusal.cause().ifPresent(cause -> problem.put("cause", cause.wire()));
        return problem;
    }

    private static void rateHeaders(Refusal refusal, Duration wait, HttpServerResponse response) {
        response.putHeader("X-RateLimit-Interval-Milliseconds", String.valueOf(Math.max(1, ceilMillis(wait))))
                .putHeader("X-RateLimit-Remaining", "0");
        refusal.limit()
                .ifPresent(limit -> response.putHeader("X-RateLimit-Max", String.valueOf(limit.requests()))
                        .putHeader("X-RateLimit-Limit-Daily", String.valueOf(limit.daily())));
        // Zero left of the day makes the SDK give up, as it should, so it is said only when it is true.
        if (refusal.code() == Code.DAILY_EXHAUSTED) {
            response.putHeader("X-RateLimit-Daily-Remaining", "0")
                    .putHeader("X-RateLimit-Daily-Reset", String.valueOf(ceilMillis(wait)));
        }
    }

    /** Up, for who comes a fraction too early waits again, and a longer window promises less. */
    static long ceilSeconds(Duration duration) {
        return duration.getSeconds() + (duration.getNano() > 0 ? 1 : 0);
    }

    private static long ceilMillis(Duration wait) {
        return wait.plusNanos(999_999).toMillis();
    }
}
