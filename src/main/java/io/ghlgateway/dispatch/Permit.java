package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.EdgeBlock;
import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.limits.Budget;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One paid send and the connection to make it on. Whoever gets it sends at once: between the payment and the first byte
 * lies nothing but the way home to the caller's event loop.
 */
final class Permit {

    private final Call call;
    private final Upstream.Exchange exchange;
    private final Budget budget;
    private final long paidAt;
    private final Lanes.Setting setting;

    Permit(Call call, Upstream.Exchange exchange, Budget budget, long paidAt, Lanes.Setting setting) {
        this.call = call;
        this.exchange = exchange;
        this.budget = budget;
        this.paidAt = paidAt;
        this.setting = setting;
    }

    /** Writes the request and, whatever comes, tells budget and observers about it exactly once. */
    Future<Reply> send() {
        // A read is cut when its caller hangs up; what may change something goes on, as nobody could undo it, unless
        // its body breaks off with the caller.
        call.whenGone(call.request().isSafe() ? exchange::abandon : () -> {});
        call.attempted();
        call.trace().sends(exchange, paidAt);
        var reply = exchange.send();
        long sentAt = setting.now();
        setting.events().sent(budget.key(), call.caller().name(), Duration.ofNanos(sentAt - paidAt));
        return reply.andThen((head, failure) -> settle(head, failure, sentAt));
    }

    /** Of what was sent only the reply's body is left, and who it is for is there: it is cut when they hang up. */
    void cutWhenCallerLeaves() {
        call.whenGone(exchange::abandon);
    }

    /** {@link io.ghlgateway.limits.Spend#paidAt} of its payment. */
    long paidAt() {
        return paidAt;
    }

    private void settle(@Nullable Reply head, @Nullable Throwable failure, long sentAt) {
        call.trace().cameBack(head, failure);
        long took = setting.now() - sentAt;
        call.spentUpstream(took);
        setting.events().cameBack(budget.key(), Duration.ofNanos(took));
        if (head != null && !EdgeBlock.isPossible(head)) { // else nobody knows yet who speaks
            budget.observe(RateHeaders.of(head.headers()), paidAt);
        }
    }
}
