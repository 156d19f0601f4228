package io.ghlgateway.edge;

import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.highlevel.Route;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** What the callers' door did. Called on event loops: implementations return at once and never throw. */
public interface EdgeEvents {

    /**
     * One request, answered or given up.
     *
     * @param outcome {@code ok}, {@code upstream_4xx}, {@code upstream_429}, {@code upstream_5xx}, {@code broken},
     *     {@code caller_gone}, or the code of our own refusal
     * @param caller its name, or {@code -} when it is not known
     * @param tenant its alias, or {@code -} when it is not known
     * @param route the template that matched
     * @param status as sent; 0 when nothing was
     * @param cause what it had to wait for, or was refused for, as {@link io.ghlgateway.dispatch.Obstacle} has it; else
     *     {@code -}
     * @param waited time before sends
     * @param upstream time from sends to replies' heads
     * @param total from arrival to the end of the answer
     * @param trace who followed it
     */
    record Answer(
            String requestId,
            String outcome,
            String caller,
            String tenant,
            HttpMethod method,
            String route,
            int status,
            int attempts,
            String cause,
            Duration waited,
            Duration upstream,
            Duration total,
            CallTrace trace) {

        /** What HighLevel's own answer of this status is counted as. */
        static String outcome(int status) {
            return status < 400
                    ? "ok"
                    : status == 429 ? "upstream_429" : status < 500 ? "upstream_4xx" : "upstream_5xx";
        }

        /** Of a request that was answered before anything of it was read, as those that the parser refused. */
        static Answer unread(String requestId, String outcome, HttpMethod method, int status) {
            var none = Duration.ZERO;
            return new Answer(
                    requestId,
                    outcome,
                    "-",
                    "-",
                    method,
                    Route.UNMATCHED,
                    status,
                    0,
                    "-",
                    none,
                    none,
                    none,
                    CallTrace.NONE);
        }
    }

    /** A request's head has come. @return who follows it, {@link CallTrace#NONE} for nobody */
    default CallTrace arrived(HttpServerRequest request) {
        return CallTrace.NONE;
    }

    /** Exactly once for each answer, and for each request that was given up. */
    void answered(Answer answer);

    /** An issuer of callers' tokens publishes other keys than before, this many that are of use; with none, it opens nothing. */
    default void issuerKnown(String issuer, int keys) {}

    /** An issuer's keys could not be fetched; those known before stay. */
    default void issuerSilent(String issuer, String why) {}

    /** A defect of ours, answered with 500. */
    void defect(String requestId, Throwable cause);
}
