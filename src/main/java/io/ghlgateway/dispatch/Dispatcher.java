package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.dispatch.Outcome.Answered;
import io.ghlgateway.dispatch.Outcome.CallerGone;
import io.ghlgateway.dispatch.Outcome.Refused;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RetryPolicy.Next;
import io.ghlgateway.dispatch.RetryPolicy.Verdict;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
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
            return Future.succeededFuture(new Refused(Refusal.of(
                    Code.BODY_TOO_SLOW,
                    "the body took longer to arrive than the caller waits (Prefer: wait=SECONDS)")));
        }
        retries.budget().request();
        return attempt(call, 1);
    }

    /** Where the budget stands that pays for the call, as last known. */
    public Standing standing(Call call) {
        return call.budget(budgets).standing();
    }

    /** Where the quota stands that a request would be paid from which goes no further. Any thread. */
    public Standing standing(BudgetKey key, String uri) {
        return budgets.of(key, uri).standing();
    }

    private Future<Outcome> attempt(Call call, int attempt) {
        return lanes.permit(
                        call, attempt > 1, () -> connect(call)) // our turn, a connection in hand, and it is paid for
                .compose(Permit::send) // at once: the permit ages
                .transform((reply, failure) -> conclude(call, attempt, reply, failure)); // answer, or go round again
    }

    private Future<Exchange> connect(Call call) {
        return tokens.token(call.tenant()).compose(token -> upstream.connect(call.request(), token.bearer()));
    }

    private Future<Outcome> conclude(Call call, int attempt, @Nullable Reply reply, @Nullable Throwable failure) {
        if (call.isGone()) {
            if (reply != null) {
                reply.discard();
            }
            return Future.succeededFuture(GONE);
        }
        var verdict = reply != null ? judge(call, attempt, reply) : judge(call, attempt, failure);
        if (isAllowed(call, verdict)) {
            if (reply != null) {
                reply.discard();
            }
            return switch (verdict.next()) {
                case REQUEUE -> attempt(call, attempt + 1); // it rests in its lane, at the head
                default ->
                    rest(call, verdict.pause())
                            .compose(rested -> attempt(call, attempt + 1), gone -> Future.succeededFuture(GONE));
            };
        }
        return reply != null
                ? Future.succeededFuture(new Answered(reply))
                : Refusal.of(failure).map(Refused::new);
    }

    private Verdict judge(Call call, int attempt, Reply reply) {
        var pause = Duration.ZERO;
        if (reply.status() == 429) {
            var budget = call.budget(budgets);
            pause = retries.policy().hold(reply, budget.limit());
            budget.hold(pause, RateHeaders.of(reply.headers()));
            events.upstream429(call.budgetKey());
        }
        return retries.policy().judge(call.request(), attempt, reply, pause);
    }

    private Verdict judge(Call call, int attempt, Throwable failure) {
        return failure instanceof Upstream.Failed failed
                ? retries.policy().judge(call.request(), attempt, failed)
                : RetryPolicy.ANSWER;
    }

    private boolean isAllowed(Call call, Verdict verdict) {
        return verdict.next() != Next.ANSWER
                && call.deadline().allows(ticker.read(), verdict.pause())
                && (verdict.next() != Next.RESEND || retries.budget().tryRetry());
    }

    /** Fails when the caller hangs up meanwhile. */
    private Future<Void> rest(Call call, Duration pause) {
        Promise<Void> rested = Promise.promise();
        var wake = alarm.set(pause, () -> call.atHome(rested::tryComplete));
        call.whenGone(() -> {
            wake.run();
            rested.tryFail(new CallerGoneException());
        });
        call.waited(pause.toNanos());
        call.metObstacle(Obstacle.RETRY);
        return rested.future();
    }
}
