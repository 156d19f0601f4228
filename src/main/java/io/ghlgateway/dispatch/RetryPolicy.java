package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.Upstream.Failed.Stage;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.Limit;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Whether what came back is the caller's answer or a reason to go round again. Decides only; who asks must still hold
 * the pause against the deadline, and a burdening retry against the {@link RetryBudget}.
 */
final class RetryPolicy {

    /** What is to be done with what came back. */
    enum Next {
        /** It is the caller's answer. */
        ANSWER,
        /** Back to the head of the lane: it was refused before it was executed. */
        REQUEUE,
        /** Try to get a connection again: nothing was written. */
        RECONNECT,
        /** Send it again: the upstream had its work with it and will have it again. */
        RESEND
    }

    /** @param pause how long not to send */
    record Verdict(Next next, Duration pause) {}

    static final Verdict ANSWER = new Verdict(Next.ANSWER, Duration.ZERO);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** On top of what a 429 asks for: the upstream's clock and ours do not tick as one. */
    private static final Duration HOLD_MARGIN = Duration.ofMillis(400);

    private static final int HOLD_JITTER_MILLIS = 200;
    private static final long LONGEST_RETRY_AFTER_SECONDS = Duration.ofDays(1).toSeconds();

    private final int attempts;
    private final Set<HttpMethod> repeatable;
    private final RandomGenerator random;

    /**
     * @param attempts sends in all, at least 1
     * @param repeatable methods beyond the safe ones that may be sent again when it is unknown whether they were executed
     */
    RetryPolicy(int attempts, Set<HttpMethod> repeatable, RandomGenerator random) {
        this.attempts = attempts;
        this.repeatable = Set.copyOf(repeatable);
        this.random = random;
    }

    /**
     * @param attempt the number of the attempt that ended so, from 1
     * @param hold how long the key is held, when the reply is a 429
     */
    Verdict afterReply(UpstreamRequest request, int attempt, Reply reply, Duration hold) {
        if (!mayGoAgain(request, attempt)) {
            return ANSWER;
        }
        if (reply.status() == 429) {
            return new Verdict(Next.REQUEUE, hold); // not executed, so any method may go again
        }
        return isOverload(reply.status()) && mayRepeat(request) ? new Verdict(Next.RESEND, backoff(attempt)) : ANSWER;
    }

    /** @param attempt the number of the attempt that ended so, from 1 */
    Verdict afterFailure(UpstreamRequest request, int attempt, Upstream.Failed failure) {
        if (attempt >= attempts) {
            return ANSWER;
        }
        // Nothing was written: any method, and also a body that can be read only once, for none of it was read.
        if (failure.stage() == Stage.CONNECT) {
            return new Verdict(Next.RECONNECT, backoff(attempt));
        }
        return request.body().isReplayable() && mayRepeat(request)
                ? new Verdict(Next.RESEND, backoff(attempt))
                : ANSWER;
    }

    /**
     * How long a key is held after a 429: {@code Retry-After}, else one interval, plus a margin and jitter.
     *
     * @param said what the reply says of the quota
     */
    Duration holdFor(Reply reply, RateHeaders said, Limit limit) {
        return withMargin(retryAfter(reply).or(said::interval).orElse(limit.per()));
    }

    /** As {@link #holdFor}, of a refusal by the edge; empty where it does not say for how long. */
    Optional<Duration> edgeRestFor(Reply reply) {
        return retryAfter(reply).map(this::withMargin);
    }

    private Duration withMargin(Duration asked) {
        return asked.plus(HOLD_MARGIN).plusMillis(random.nextInt(HOLD_JITTER_MILLIS));
    }

    /** Whether a request that was refused before it was executed may go again, when that is possible. */
    boolean mayGoAgain(UpstreamRequest request, int attempt) {
        return attempt < attempts && request.body().isReplayable();
    }

    private boolean mayRepeat(UpstreamRequest request) {
        return request.isSafe() || repeatable.contains(request.method());
    }

    private static boolean isOverload(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    /** Full jitter: anything between nothing and the capped exponential. */
    private Duration backoff(int attempt) {
        long cap = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 16));
        return Duration.ofMillis(random.nextLong(cap + 1));
    }

    private static Optional<Duration> retryAfter(Reply reply) {
        var header = reply.headers().get("retry-after");
        if (header == null || header.isEmpty() || header.length() > 9) {
            return Optional.empty();
        }
        for (int i = 0; i < header.length(); i++) {
            if (!Character.isDigit(header.charAt(i))) {
                return Optional.empty(); // HTTP-date is allowed by RFC 9110 and never seen here: one interval it is
            }
        }
        long seconds = Math.min(Long.parseLong(header), LONGEST_RETRY_AFTER_SECONDS);
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
