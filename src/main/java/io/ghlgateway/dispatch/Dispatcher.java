package io.ghlgateway.dispatch;

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
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
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
    private final Lanes.Setting setting;
    private final TokenSource tokens;
    private final Upstream upstream;
    private final Retries retries;

    /** Pays from the same budgets as {@code lanes}, by the same clock, and tells the same listener. */
    public Dispatcher(Lanes lanes, TokenSource tokens, Upstream upstream, Retries retries) {
        this.lanes = lanes;
        this.setting = lanes.setting();
        this.tokens = tokens;
        this.upstream = upstream;
        this.retries = retries;
    }

    /** Sees the call through. On the call's home, where the outcome arrives too; fails only on a defect of ours. */
    public Future<Outcome> dispatch(Call call) {
        if (call.isGone()) {
            return Future.succeededFuture(GONE); // while its body came: nobody would tell the lane
        }
        if (call.deadline().isOver(setting.now()) && !call.deadline().isImpatient()) {
            return Future.succeededFuture(new Refused(Refusal.of(
                    Code.BODY_TOO_SLOW,
                    "the body took longer to arrive than the caller waits (Prefer: wait=SECONDS)",
                    Obstacle.DEADLINE)));
        }
        retries.budget().request();
        return new Attempt(call, 1, false).outcome();
    }

    /** What the call would be refused with at once, if it were dispatched now. On the call's home; nothing comes of it. */
    public Future<Optional<Refusal>> foretell(Call call) {
        return call.atHome(lanes.foretell(call)).map(Prospect::refusal);
    }

    /** Where the budget stands that pays for the call, as last known. */
    public Standing standing(Call call) {
        return lanes.budget(call).standing();
    }

    /** Where the quota stands that a request would be paid from which goes no further. Any thread. */
    public Standing standing(BudgetKey key, String uri) {
        return lanes.budget(key, uri).standing();
    }

    /** One round of a call. */
    private final class Attempt {

        private final Call call;
        private final int number;
        /** Whether one was for a token that HighLevel had refused: another such would go on for ever. */
        private final boolean renewed;
        /** What it is sent with; null before there is a connection. */
        private @Nullable Token token;

        /** What pays for it; null before it is sent. */
        private @Nullable Permit permit;

        Attempt(Call call, int number, boolean renewed) {
            this.call = call;
            this.number = number;
            this.renewed = renewed;
        }

        Future<Outcome> outcome() {
            call.trace().waits(number);
            return lanes.permit(call, number > 1, this::connect) // our turn, a connection in hand, and it is paid for
                    .compose(this::send) // at once: the permit ages
                    .transform(this::conclude); // answer, or go round again
        }

        /** Another round, in place of what came of this one. */
        private Future<Outcome> again(boolean isRenewed) {
            return new Attempt(call, number + 1, isRenewed).outcome();
        }

        private Future<Exchange> connect() {
            var withdrawn = call.withdrawn();
            if (withdrawn.isPresent()) {
                return Future.failedFuture(new RefusedException(withdrawn.get()));
            }
            var trace = call.trace();
            trace.fetchesToken();
            return call.atHome(tokens.token(call.tenant(), call.route()))
                    .compose(fetched -> {
                        trace.connects();
                        return upstream.connect(call.request(), fetched.bearer())
                                .onSuccess(connected -> token = fetched);
                    })
                    .andThen((exchange, failure) -> trace.connected(failure));
        }

        private Future<Reply> send(Permit paid) {
            permit = paid;
            return paid.send();
        }

        private Future<Outcome> conclude(@Nullable Reply reply, @Nullable Throwable failure) {
            return reply != null && EdgeBlock.isPossible(reply) // then Permit told the budget nothing of it
                    ? EdgeBlock.is(reply).compose(block -> block ? blocked(reply) : notBlocked(reply))
                    : judged(reply, failure);
        }

        /** HighLevel's edge bars our address: it is about no key, and says nothing of quota or token. */
        private Future<Outcome> blocked(Reply reply) {
            budget().blocked(retries.policy().edgeRestFor(reply));
            if (call.isGone() || !retries.policy().mayGoAgain(call.request(), number)) {
                return answer(reply);
            }
            reply.discard();
            return again(renewed); // at the head of its lane, which knows whether its patience lasts
        }

        private Future<Outcome> notBlocked(Reply reply) {
            // HighLevel did answer, which a budget that probes waits for.
            budget().observe(RateHeaders.NONE, paid().paidAt());
            return judged(reply, null);
        }

        private Future<Outcome> judged(@Nullable Reply reply, @Nullable Throwable failure) {
            if (reply != null && token != null) {
                if (reply.status() == 401) {
                    return unauthorized(reply, token);
                }
                if (reply.status() < 500) { // what comes from before HighLevel's services says nothing of a token
                    tokens.accepted(call.tenant(), token);
                }
            }
            if (call.isGone()) {
                return leftBehind(reply);
            }
            var verdict = reply != null ? afterReply(reply) : afterFailure(failure);
            if (!goesAgain(verdict)) {
                return reply != null ? answer(reply) : Refusal.of(failure).map(Refused::new);
            }
            if (reply != null) {
                reply.discard();
            }
            return verdict.next() == Next.REQUEUE
                    ? again(renewed) // it waits in its lane, at the head
                    : pause(verdict.pause()).compose(over -> again(renewed), gone -> Future.succeededFuture(GONE));
        }

        /** Of all 401s only those about the token itself are ours; its source learns of them, and may have another. */
        private Future<Outcome> unauthorized(Reply reply, Token refused) {
            return TokenRejection.in(reply)
                    .compose(message -> message.isEmpty()
                            ? Future.succeededFuture(false)
                            : call.atHome(tokens.rejected(call.tenant(), refused, message.get()))
                                    .otherwise(false))
                    .compose(another -> {
                        boolean mayGo =
                                another && !renewed && call.request().body().isReplayable();
                        if (!mayGo || call.isGone() || !call.deadline().allows(setting.now(), Duration.ZERO)) {
                            return answer(reply);
                        }
                        reply.discard();
                        return again(true);
                    });
        }

        private Future<Outcome> answer(Reply reply) {
            if (call.isGone()) {
                return gone(reply);
            }
            paid().cutWhenCallerLeaves();
            return Future.succeededFuture(new Answered(reply));
        }

        /** Nobody is there to be answered; but a 429 is about all others, too. */
        private Future<Outcome> leftBehind(@Nullable Reply reply) {
            if (reply != null && reply.status() == 429) {
                holdBudget(reply);
            }
            return gone(reply);
        }

        private static Future<Outcome> gone(@Nullable Reply reply) {
            if (reply != null) {
                reply.discard();
            }
            return Future.succeededFuture(GONE);
        }

        private Verdict afterReply(Reply reply) {
            var pause = reply.status() == 429 ? holdBudget(reply) : Duration.ZERO;
            return retries.policy().afterReply(call.request(), number, reply, pause);
        }

        private Verdict afterFailure(Throwable failure) {
            return failure instanceof Upstream.Failed failed
                    ? retries.policy().afterFailure(call.request(), number, failed)
                    : RetryPolicy.ANSWER;
        }

        /** Nothing of its key, or of its endpoint, is sent for as long as the 429 asks. What its headers say the budget knows by now. */
        private Duration holdBudget(Reply tooMany) {
            var said = RateHeaders.of(tooMany.headers());
            var pause = retries.policy().holdFor(tooMany, said, budget().limit());
            budget().upstreamRefused(pause, said, paid().paidAt());
            setting.events().upstream429(call.budgetKey());
            return pause;
        }

        /** Whether it does; a repetition is then taken from what all are allowed. */
        private boolean goesAgain(Verdict verdict) {
            return verdict.next() != Next.ANSWER
                    && call.deadline().allows(setting.now(), verdict.pause())
                    && (verdict.next() != Next.RESEND || retries.budget().tryRetry());
        }

        /** Fails when the caller hangs up meanwhile. */
        private Future<Void> pause(Duration length) {
            call.trace().pauses();
            Promise<Void> over = Promise.promise();
            var cancel = setting.alarm().set(length, () -> call.atHome(over::tryComplete));
            call.whenGone(() -> {
                cancel.run();
                over.tryFail(new CallerGoneException());
            });
            call.waited(length.toNanos());
            call.metObstacle(Obstacle.UPSTREAM);
            return over.future();
        }

        private Budget budget() {
            return lanes.budget(call);
        }

        private Permit paid() {
            return Objects.requireNonNull(permit);
        }
    }
}
