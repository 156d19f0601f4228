package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.Token;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.dispatch.Outcome.Answered;
import io.ghlgateway.dispatch.Outcome.CallerGone;
import io.ghlgateway.dispatch.Outcome.Refused;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RetryPolicy.Next;
import io.ghlgateway.dispatch.RetryPolicy.Verdict;
import io.ghlgateway.highlevel.EdgeBlock;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.TokenRejection;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of a call: turn, token, connection, payment, send, judgement, and an answer or another round.
 *
 * <p>The order is the product. The turn comes first, for nothing is fetched for one that may yet have to leave the
 * queue; the token is read after the wait, for it may have changed; payment is the last act before the request is
 * written, for HighLevel counts arrivals and a permit ages. One instance belongs to one event loop, as its upstream does.
 */
public final class Dispatcher {

    private static final Outcome GONE = new CallerGone();

    private final Lanes lanes;
    private final Budgets budgets;
    private final TokenSource tokens;
    private final Upstream upstream;
    private final Retries retries;
    private final Ticker ticker;
    private final Alarm alarm;
    private final DispatchEvents events;

    public Dispatcher(
            Lanes lanes,
            Budgets budgets,
            TokenSource tokens,
            Upstream upstream,
            Retries retries,
            Ticker ticker,
            Alarm alarm,
            DispatchEvents events) {
        this.lanes = lanes;
        this.budgets = budgets;
        this.tokens = tokens;
        this.upstream = upstream;
        this.retries = retries;
        this.ticker = ticker;
        this.alarm = alarm;
        this.events = events;
    }

    /** Sees the call through. On the call's home, where the outcome arrives too; fails only on a defect of ours. */
    public Future<Outcome> dispatch(Call call) {
        if (call.isGone()) {
            return Future.succeededFuture(GONE); // while its body came: nobody would tell the lane
        }
        if (call.deadline().isOver(ticker.read()) && !call.deadline().isImpatient()) {
            return Future.succeededFuture(new Refused(Refusal.late(
                    Code.BODY_TOO_SLOW,
                    "the body took longer to arrive than the caller waits (Prefer: wait=SECONDS)")));
        }
        retries.budget().request();
        return attempt(call, new Attempt(1, false));
    }

    /** What the call would be refused with at once, if it were dispatched now. On the call's home; nothing comes of it. */
    public Future<Optional<Refusal>> foretell(Call call) {
        return call.atHome(lanes.foretell(call)).map(Prospect::refusal);
    }

    /** Where the budget stands that pays for the call, as last known. */
    public Standing standing(Call call) {
        return call.budget(budgets).standing();
    }

    /** Where the quota stands that a request would be paid from which goes no further. Any thread. */
    public Standing standing(BudgetKey key, String uri) {
        return budgets.of(key, uri).standing();
    }

    private Future<Outcome> attempt(Call call, Attempt attempt) {
        call.trace().waits(attempt.number);
        return lanes.permit(
                        call,
                        attempt.number > 1,
                        () -> connect(call, attempt)) // our turn, a connection in hand, and it is paid for
                .compose(attempt::send) // at once: the permit ages
                .transform((reply, failure) -> conclude(call, attempt, reply, failure)); // answer, or go round again
    }

    private Future<Exchange> connect(Call call, Attempt attempt) {
        var withdrawn = call.withdrawn();
        if (withdrawn.isPresent()) {
            return Future.failedFuture(new RefusedException(withdrawn.get()));
        }
        var trace = call.trace();
        trace.fetchesToken();
        return call.atHome(tokens.token(call.tenant(), call.route()))
                .compose(token -> {
                    trace.connects();
                    return upstream.connect(call.request(), token.bearer())
                            .onSuccess(connected -> attempt.token = token);
                })
                .andThen((exchange, failure) -> trace.connected(failure));
    }

    private Future<Outcome> conclude(Call call, Attempt attempt, @Nullable Reply reply, @Nullable Throwable failure) {
        if (reply != null && EdgeBlock.isPossible(reply)) { // then Permit told the budget nothing of it
            return EdgeBlock.is(reply)
                    .compose(block -> block ? blocked(call, attempt, reply) : notBlocked(call, attempt, reply));
        }
        return judged(call, attempt, reply, failure);
    }

    /** HighLevel's edge bars our address: it is about no key, and says nothing of quota or token. */
    private Future<Outcome> blocked(Call call, Attempt attempt, Reply reply) {
        call.budget(budgets).blocked(retries.policy().edgeRestFor(reply));
        if (call.isGone()) {
            return gone(reply);
        }
        if (!retries.policy().mayGoAgain(call.request(), attempt.number)) {
            return answer(call, attempt, reply);
        }
        reply.discard();
        return attempt(call, attempt.next()); // at the head of its lane, which knows whether its patience lasts
    }

    private Future<Outcome> notBlocked(Call call, Attempt attempt, Reply reply) {
        // HighLevel did answer, which a budget that probes waits for.
        call.budget(budgets).observe(RateHeaders.NONE, attempt.permit().paidAt());
        return judged(call, attempt, reply, null);
    }

    /** Nobody is there to be answered; but a 429 is about all others, too. */
    private Future<Outcome> leftBehind(Call call, Attempt attempt, @Nullable Reply reply) {
        if (reply != null && reply.status() == 429) {
            holdBudget(call, attempt, reply);
        }
        return gone(reply);
    }

    private Future<Outcome> judged(Call call, Attempt attempt, @Nullable Reply reply, @Nullable Throwable failure) {
        if (reply != null && attempt.token != null) {
            if (reply.status() == 401) {
                return unauthorized(call, attempt, reply, attempt.token);
            }
            if (reply.status() < 500) { // what comes from before HighLevel's services says nothing of a token
                tokens.accepted(call.tenant(), attempt.token);
            }
        }
        if (call.isGone()) {
            return leftBehind(call, attempt, reply);
        }
        var verdict = reply != null ? afterReply(call, attempt, reply) : afterFailure(call, attempt, failure);
        if (goesAgain(call, verdict)) {
            if (reply != null) {
                reply.discard();
            }
            return switch (verdict.next()) {
                case REQUEUE -> attempt(call, attempt.next()); // it waits in its lane, at the head
                default ->
                    pause(call, verdict.pause())
                            .compose(over -> attempt(call, attempt.next()), gone -> Future.succeededFuture(GONE));
            };
        }
        return reply != null
                ? answer(call, attempt, reply)
                : Refusal.of(failure).map(Refused::new);
    }

    /** Of all 401s only those about the token itself are ours; its source learns of them, and may have another. */
    private Future<Outcome> unauthorized(Call call, Attempt attempt, Reply reply, Token token) {
        return TokenRejection.in(reply)
                .compose(message -> message.isEmpty()
                        ? Future.succeededFuture(false)
                        : call.atHome(tokens.rejected(call.tenant(), token, message.get()))
                                .otherwise(false))
                .compose(another -> {
                    boolean again =
                            another && !attempt.renewed && call.request().body().isReplayable();
                    if (!again || call.isGone() || !call.deadline().allows(ticker.read(), Duration.ZERO)) {
                        return answer(call, attempt, reply);
                    }
                    reply.discard();
                    return attempt(call, attempt.renewed());
                });
    }

    private static Future<Outcome> answer(Call call, Attempt attempt, Reply reply) {
        if (call.isGone()) {
            return gone(reply);
        }
        attempt.permit().cutWhenCallerLeaves();
        return Future.succeededFuture(new Answered(reply));
    }

    private static Future<Outcome> gone(@Nullable Reply reply) {
        if (reply != null) {
            reply.discard();
        }
        return Future.succeededFuture(GONE);
    }

    private Verdict afterReply(Call call, Attempt attempt, Reply reply) {
        var pause = reply.status() == 429 ? holdBudget(call, attempt, reply) : Duration.ZERO;
        return retries.policy().afterReply(call.request(), attempt.number, reply, pause);
    }

    /** Nothing of its key, or of its endpoint, is sent for as long as the 429 asks. What its headers say the budget knows by now. */
    private Duration holdBudget(Call call, Attempt attempt, Reply tooMany) {
        var budget = call.budget(budgets);
        var said = RateHeaders.of(tooMany.headers());
        var pause = retries.policy().holdFor(tooMany, said, budget.limit());
        budget.upstreamRefused(pause, said, attempt.permit().paidAt());
        events.upstream429(call.budgetKey());
        return pause;
    }

    private Verdict afterFailure(Call call, Attempt attempt, Throwable failure) {
        return failure instanceof Upstream.Failed failed
                ? retries.policy().afterFailure(call.request(), attempt.number, failed)
                : RetryPolicy.ANSWER;
    }

    /** Whether it does; a repetition is then taken from what all are allowed. */
    private boolean goesAgain(Call call, Verdict verdict) {
        return verdict.next() != Next.ANSWER
                && call.deadline().allows(ticker.read(), verdict.pause())
                && (verdict.next() != Next.RESEND || retries.budget().tryRetry());
    }

    /** One round of a call. */
    private static final class Attempt {

        private final int number;
        /** Whether one was for a token that HighLevel had refused: another such would go on for ever. */
        private final boolean renewed;
        /** What it is sent with; null before there is a connection. */
        private @Nullable Token token;

        /** What paid for it; null before it is sent. */
        private @Nullable Permit permit;

        Attempt(int number, boolean renewed) {
            this.number = number;
            this.renewed = renewed;
        }

        Future<Reply> send(Permit permit) {
            this.permit = permit;
            return permit.send();
        }

        /** Of one that has a reply. */
        Permit permit() {
            return Objects.requireNonNull(permit);
        }

        Attempt next() {
            return new Attempt(number + 1, renewed);
        }

        Attempt renewed() {
            return new Attempt(number + 1, true);
        }
    }

    /** Fails when the caller hangs up meanwhile. */
    private Future<Void> pause(Call call, Duration length) {
        call.trace().pauses();
        Promise<Void> over = Promise.promise();
        var cancel = alarm.set(length, () -> call.atHome(over::tryComplete));
        call.whenGone(() -> {
            cancel.run();
            over.tryFail(new CallerGoneException());
        });
        call.waited(length.toNanos());
        call.metObstacle(Obstacle.UPSTREAM);
        return over.future();
    }
}
