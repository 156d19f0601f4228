package io.ghlgateway.dispatch;

import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.highlevel.TimeWords;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.Upstream.Failed.Stage;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.tenancy.CallerQuota;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * An ending of the gateway's own making: who refused, why, and when to come again.
 *
 * @param detail one sentence for a human: what was seen and what would be right
 * @param retryAfter the true time until the same request can be served, where time is the cure
 * @param limit the quota that stood in the way, where one did
 * @param cause what would have had to be waited for, where time may be the cure and that is known
 */
public record Refusal(
        Code code, String detail, Optional<Duration> retryAfter, Optional<Limit> limit, Optional<Obstacle> cause) {

    /** The closed list of our own answers, with their status. */
    public enum Code {
        BAD_REQUEST(400, "bad_request"),
        TENANT_REQUIRED(400, "tenant_required"),
        TENANT_CONFLICT(400, "tenant_conflict"),
        UNAUTHORIZED(401, "unauthorized"),
        CREDENTIAL_DEAD(401, "credential_dead"),
        FORBIDDEN(403, "forbidden"),
        SCOPE_MISSING(403, "scope_missing"),
        TENANT_UNKNOWN(404, "tenant_unknown"),
        METHOD_NOT_ALLOWED(405, "bad_request"),
        BODY_TOO_SLOW(408, "bad_request"),
        BODY_TOO_LARGE(413, "too_large"),
        URI_TOO_LONG(414, "too_large"),
        EXPECTATION_UNKNOWN(417, "bad_request"),
        MISDIRECTED(421, "bad_request"),
        CODING_UNKNOWN(501, "bad_request"),
        VERSION_UNKNOWN(505, "bad_request"),
        HEAD_TOO_LARGE(431, "too_large"),
        DEADLINE(429, "deadline"),
        DAILY_EXHAUSTED(429, "daily_exhausted"),
        HOLD(429, "hold"),
        CALLER_SHARE(429, "caller_share"),
        INTERNAL(500, "internal"),
        UPSTREAM_UNREACHABLE(502, "upstream_unreachable"),
        QUEUE_FULL(503, "queue_full"),
        CREDENTIAL_UNAVAILABLE(503, "credential_unavailable"),
        DRAINING(503, "draining"),
        UPSTREAM_TIMEOUT(504, "upstream_timeout");

        private final int status;
        private final String wire;

        Code(int status, String wire) {
            this.status = status;
            this.wire = wire;
        }

        public int status() {
            return status;
        }

        /** As it stands in {@code X-Gateway-Error}, in the body and in metrics. */
        public String wire() {
            return wire;
        }
    }

    private static final Duration SOON = Duration.ofSeconds(1);

    public static Refusal of(Code code, String detail) {
        return new Refusal(code, detail, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Where time may be the cure, and nobody knows how much of it. */
    static Refusal of(Code code, String detail, Obstacle cause) {
        return new Refusal(code, detail, Optional.empty(), Optional.empty(), Optional.of(cause));
    }

    /** Where a short time may be the cure, and no quota stands in the way. */
    private static Refusal soon(Code code, String detail, Obstacle cause) {
        return new Refusal(code, detail, Optional.of(SOON), Optional.empty(), Optional.of(cause));
    }

    /** No room is left; there will be soon. */
    public static Refusal full(String detail) {
        return soon(Code.QUEUE_FULL, detail, Obstacle.QUEUE_FULL);
    }

    /** What a budget's forecast means for a caller whose patience ends before it. */
    static Refusal of(Forecast forecast, Deadline deadline, Limit limit) {
        if (forecast.isNow()) {
            return soon(
                    Code.DEADLINE,
                    "this request's turn came too late to be sent within the " + TimeWords.of(deadline.patience())
                            + " that the caller waits",
                    Obstacle.DEADLINE);
        }
        var wait = forecast.delay();
        var code = switch (forecast.cause()) {
            case DAY -> Code.DAILY_EXHAUSTED;
            case HOLD -> Code.HOLD;
            case CALLER_SHARE -> Code.CALLER_SHARE;
            case NONE, WINDOW, ROUTE, PACE, DEGRADED -> Code.DEADLINE;
        };
        var detail = switch (code) {
            case DAILY_EXHAUSTED ->
                "the day's quota of " + limit.daily() + " requests is used up, or what is left of it is reserved"
                        + " (limits.reserve)";
            case HOLD ->
                forecast.route().map(route -> "the limit of " + route.limit()).orElse("this quota")
                        + " rests, after a 429 of HighLevel's, with all others after its edge refused our address, or by an"
                        + " operator's word";
            case CALLER_SHARE ->
                forecast.route()
                                .map(own -> "this caller's own quota of "
                                        + own.limit().requests() + " requests per "
                                        + TimeWords.of(own.limit().per()))
                                .orElse("this caller's own quota")
                        + " is used up (callers: quota)";
            default ->
                forecast.cause() == Cause.DEGRADED
                        ? "the shared budget cannot be asked at the moment"
                        : forecast.route()
                                        .map(route -> "the limit of " + route.limit())
                                        .orElseGet(() -> "the quota of " + limit.requests() + " requests per "
                                                + TimeWords.of(limit.per()))
                                + " is in use";
        };
        return new Refusal(
                code,
                detail + "; this request could be sent in " + TimeWords.of(wait) + ", but the caller "
                        + (deadline.patience().isZero()
                                ? "does not wait"
                                : "waits " + TimeWords.of(deadline.patience()) + " at most")
                        + " (Prefer: wait=SECONDS)",
                Optional.of(wait),
                Optional.of(inTheWay(forecast, limit)),
                Obstacle.of(forecast.cause()));
    }

    /** All are under way that its caller may have at once; nobody knows until when. */
    static Refusal busy(Call call) {
        var most = call.caller().quota().flatMap(CallerQuota::concurrency).orElse(0);
        return soon(
                Code.CALLER_SHARE,
                "caller '" + call.caller().name() + "' has " + most
                        + " requests under way, as many as its quota lets it (callers: quota.concurrency)",
                Obstacle.CALLER_SHARE);
    }

    private static Limit inTheWay(Forecast forecast, Limit limit) {
        return forecast.route()
                .map(route -> new Limit(route.limit().requests(), route.limit().per(), limit.daily()))
                .orElse(limit);
    }

    /** The quota was there, and a connection was not. */
    static Refusal unconnected(Deadline deadline) {
        return of(
                Code.UPSTREAM_UNREACHABLE,
                "no connection to HighLevel was to be had within the " + TimeWords.of(deadline.patience())
                        + " that the caller waits; nothing was sent",
                Obstacle.UPSTREAM);
    }

    /** This process takes no more requests. */
    public static Refusal draining() {
        return soon(Code.DRAINING, "this replica is going away; send again", Obstacle.DEGRADED);
    }

    /** No room to wait. */
    static Refusal full(Forecast forecast, Limit limit) {
        return new Refusal(
                Code.QUEUE_FULL,
                "too many requests wait already, for this quota or in this gateway",
                Optional.of(forecast.delay()),
                Optional.of(inTheWay(forecast, limit)),
                Optional.of(Obstacle.QUEUE_FULL));
    }

    /** There is no token to send. */
    public static Refusal of(TokenSource.Unavailable unavailable) {
        var code = switch (unavailable.reason()) {
            case NONE, TEMPORARY -> Code.CREDENTIAL_UNAVAILABLE;
            case DEAD -> Code.CREDENTIAL_DEAD;
            case WRONG_KIND -> Code.FORBIDDEN;
            case SCOPE_MISSING -> Code.SCOPE_MISSING;
        };
        Optional<Obstacle> cause = unavailable.reason() == TokenSource.Unavailable.Reason.TEMPORARY
                ? Optional.of(Obstacle.UPSTREAM)
                : Optional.empty();
        return new Refusal(code, unavailable.getMessage(), unavailable.retryAfter(), Optional.empty(), cause);
    }

    /**
     * The refusal that an expected failure means; anything else is a defect and stays a failure.
     *
     * @return succeeds with the refusal, or fails with {@code failure}
     */
    static Future<Refusal> of(Throwable failure) {
        if (failure instanceof RefusedException refused) {
            return Future.succeededFuture(refused.refusal());
        }
        if (failure instanceof TokenSource.Unavailable unavailable) {
            return Future.succeededFuture(of(unavailable));
        }
        if (failure instanceof Upstream.Failed failed) {
            return Future.succeededFuture(of(failed));
        }
        return Future.failedFuture(failure);
    }

    private static Refusal of(Upstream.Failed failed) {
        var what = failed.getMessage();
        var code = failed.stage() == Stage.TIMEOUT ? Code.UPSTREAM_TIMEOUT : Code.UPSTREAM_UNREACHABLE;
        var detail = switch (failed.stage()) {
            case CONNECT -> "HighLevel could not be reached (" + what + "); nothing was sent";
            case BROKEN ->
                "HighLevel broke the connection before it answered (" + what + "); the request may have been executed";
            case TIMEOUT -> "HighLevel gave " + what + "; the request may have been executed";
        };
        return of(code, detail, Obstacle.UPSTREAM);
    }
}
