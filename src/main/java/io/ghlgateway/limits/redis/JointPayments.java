package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.Payment;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Payments from one log, of which one is made at a time: those that are asked for meanwhile are made together by the next, and
 * get what it gave in their order. Any thread; completes on the maker's.
 */
final class JointPayments {

    private static final Logger LOG = LoggerFactory.getLogger(JointPayments.class);

    private record Asked(int wanted, long at, Promise<Payment> payment) {}

    /** @param at by the clock, just before it was sent */
    record Made(Payment payment, long at) {}

    private final TimeMeter clock;
    private final IntFunction<Future<Made>> maker;
    private List<Asked> waiting = new ArrayList<>(); // guarded by this
    private boolean paying; // guarded by this

    JointPayments(TimeMeter clock, IntFunction<Future<Made>> maker) {
        this.clock = clock;
        this.maker = maker;
    }

    Future<Payment> pay(int wanted) {
        Promise<Payment> mine = Promise.promise();
        synchronized (this) {
            waiting.add(new Asked(wanted, clock.currentTimeNanos(), mine));
            if (paying) {
                return mine.future();
            }
            paying = true;
        }
        payNext();
        return mine.future();
    }

    private void payNext() {
        List<Asked> all;
        synchronized (this) {
            all = waiting;
            waiting = new ArrayList<>();
            if (all.isEmpty()) {
                paying = false;
                return;
            }
        }
        int wanted = all.stream().mapToInt(Asked::wanted).sum();
        Future.succeededFuture().compose(go -> maker.apply(wanted)).onComplete((made, failure) -> {
            if (failure != null) {
                refuse(all, failure);
            } else {
                share(made, all);
                payNext();
            }
        });
    }

    /** Those who came meanwhile too: nothing of theirs was sent, and a store that does not answer is not asked again at once. */
    private void refuse(List<Asked> all, Throwable failure) {
        List<Asked> later;
        synchronized (this) {
            later = waiting;
            waiting = new ArrayList<>();
            paying = false;
        }
        all.forEach(each -> tell(() -> each.payment().fail(failure)));
        later.forEach(each -> tell(() -> each.payment().fail(failure)));
    }

    private static void share(Made made, List<Asked> all) {
        int left = made.payment().count();
        for (var each : all) {
            int part = Math.min(left, each.wanted());
            left -= part;
            var payment = new Payment(
                    part,
                    part < each.wanted() && made.payment().byPace(),
                    made.payment().left(),
                    made.payment().reading(),
                    Math.max(0, made.at() - each.at()));
            tell(() -> each.payment().complete(payment));
        }
    }

    /** One that fails to hear is no reason not to tell the others. */
    private static void tell(Runnable word) {
        try {
            word.run();
        } catch (RuntimeException e) {
            LOG.error("a payment was not taken note of", e);
        }
    }
}
