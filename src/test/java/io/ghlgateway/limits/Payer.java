package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import java.time.Duration;
import java.util.ArrayDeque;

/** What a proof holds against an upstream: our budget, or what others do. */
interface Payer {

    /** How many of {@code wanted} may be sent now. */
    int take(int wanted);

    /** How long until there may be one more; more than zero after {@link #take} gave less than was wanted. */
    Duration pause();

    void observe(RateHeaders headers);

    void refused(Duration pause, RateHeaders headers);

    static Payer of(Budget budget) {
        return new Payer() {
            @Override
            public int take(int wanted) {
                return Await.result(budget.trySpend(wanted)).granted();
            }

            @Override
            public Duration pause() {
                return Await.result(budget.forecast(1)).delay();
            }

            @Override
            public void observe(RateHeaders headers) {
                budget.observe(headers);
            }

            @Override
            public void refused(Duration pause, RateHeaders headers) {
                budget.hold(pause, headers);
            }
        };
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
        public void observe(RateHeaders headers) {}

        @Override
        public void refused(Duration pause, RateHeaders headers) {
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
        public void observe(RateHeaders headers) {}

        @Override
        public void refused(Duration pause, RateHeaders headers) {
            restsUntil = Math.max(restsUntil, time.currentTimeNanos() + pause.toNanos());
        }
    }
}
