package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import java.time.Duration;
import java.util.ArrayDeque;

/** What a proof holds against an upstream: our budget, or what others do. */
interface Payer {

    /** How many of {@code wanted} may be sent now. */
    int take(int wanted);

    /** What the last {@link #take} is known by. */
    default long paidAt() {
        return 0;
    }

    /** How long until there may be one more; more than zero after {@link #take} gave less than was wanted. */
    Duration pause();

    void observe(RateHeaders headers, long paidAt);

    void upstreamRefused(Duration pause, RateHeaders headers, long paidAt);

    /** Word of another's 429. */
    void rest(Duration pause);

    static Payer of(Budget budget) {
        return new OfBudget(budget);
    }

    /** For those who must leave a reserve: pays there first, and the key last. */
    static Payer leaving(Budget budget, CallerAllowance reserve) {
        return new OfBudget(budget) {
            @Override
            public int take(int wanted) {
                var key = Await.result(budget.forecast(1)); // a lane gives turns for what it believes the key to hold
                if (!key.isNow()) {
                    return 0;
                }
                var taken = Await.result(reserve.take(Math.max(1, Math.min(wanted, key.free()))));
                int paid = taken.count() == 0 ? 0 : super.take(taken.count());
                taken.giveBack(taken.count() - paid);
                return paid;
            }

            @Override
            public Duration pause() {
                var own = Await.result(reserve.forecast(1, 0, 1)).delay();
                var key = super.pause();
                return own.compareTo(key) > 0 ? own : key;
            }
        };
    }

    /** Ours. */
    class OfBudget implements Payer {
        private final Budget budget;
        private long paidAt;

        OfBudget(Budget budget) {
            this.budget = budget;
        }

        @Override
        public int take(int wanted) {
            var spend = Await.result(budget.trySpend(wanted));
            paidAt = spend.paidAt();
            return spend.granted();
        }

        @Override
        public long paidAt() {
            return paidAt;
        }

        @Override
        public Duration pause() {
            return Await.result(budget.forecast(1)).delay();
        }

        @Override
        public void observe(RateHeaders headers, long paidAt) {
            budget.observe(headers, paidAt);
        }

        @Override
        public void upstreamRefused(Duration pause, RateHeaders headers, long paidAt) {
            budget.upstreamRefused(pause, headers, paidAt);
        }

        @Override
        public void rest(Duration pause) {
            BudgetsContract.hold(budget, pause);
        }
    }

    /** The token bucket of most gateways: the limit at once, and refilled evenly. Rests after a 429 as we do. */
    final class NaiveBucket implements Payer {
        private final FakeTime time;
        private final double max;
        private final double perNano;
        private double tokens;
        private long at;
        private long restsUntil;

        NaiveBucket(FakeTime time, Limit limit) {
            this.time = time;
            this.max = limit.requests();
            this.perNano = max / limit.per().toNanos();
            this.tokens = max;
            this.at = time.currentTimeNanos();
        }

        @Override
        public int take(int wanted) {
            long now = time.currentTimeNanos();
            tokens = Math.min(max, tokens + (now - at) * perNano);
            at = now;
            int taken = now < restsUntil ? 0 : Math.min(wanted, (int) tokens);
            tokens -= taken;
            return taken;
        }

        @Override
        public Duration pause() {
            long rest = restsUntil - time.currentTimeNanos();
            return Duration.ofNanos(Math.max(rest, tokens >= 1 ? 1 : (long) Math.ceil((1 - tokens) / perNano)));
        }

        @Override
        public void observe(RateHeaders headers, long paidAt) {}

        @Override
        public void upstreamRefused(Duration pause, RateHeaders headers, long paidAt) {
            rest(pause);
        }

        @Override
        public void rest(Duration pause) {
            restsUntil = Math.max(restsUntil, time.currentTimeNanos() + pause.toNanos());
        }
    }

    /** An exact log of what was sent, which knows nothing of what happens on the way. */
    final class IdealLog implements Payer {
        private final FakeTime time;
        private final Limit limit;
        private final ArrayDeque<Long> log = new ArrayDeque<>();
        private long restsUntil;

        IdealLog(FakeTime time, Limit limit) {
            this.time = time;
            this.limit = limit;
        }

        @Override
        public int take(int wanted) {
            long now = time.currentTimeNanos();
            forget(now);
            int taken = now < restsUntil ? 0 : Math.min(wanted, limit.requests() - log.size());
            for (int i = 0; i < taken; i++) {
                log.add(now);
            }
            return taken;
        }

        private void forget(long now) {
            while (!log.isEmpty() && log.peek() <= now - limit.per().toNanos()) {
                log.remove();
            }
        }

        @Override
        public Duration pause() {
            long now = time.currentTimeNanos();
            forget(now);
            long room = log.size() < limit.requests()
                    ? 1
                    : log.element() + limit.per().toNanos() - now;
            return Duration.ofNanos(Math.max(room, restsUntil - now));
        }

        @Override
        public void observe(RateHeaders headers, long paidAt) {}

        @Override
        public void upstreamRefused(Duration pause, RateHeaders headers, long paidAt) {
            rest(pause);
        }

        @Override
        public void rest(Duration pause) {
            restsUntil = Math.max(restsUntil, time.currentTimeNanos() + pause.toNanos());
        }
    }
}
