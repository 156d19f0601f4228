package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Hold;
import java.time.Duration;

/**
 * The pause after Redis's clock was set forward, which fills buckets before their time. The period counts from when the last
 * replica can have seen it, two looks that failed included, since until then that one goes on by the old time.
 */
final class ClockSteps {

    private static final long TOLERATED_ERROR_NANOS = Duration.ofMillis(10).toNanos();

    private final SharedClock clock;
    private final Ticker ticker;
    private final Duration pause;
    private final Hold closed;
    private volatile long steps;

    /** @param every how often replicas look */
    ClockSteps(SharedClock clock, Ticker ticker, Duration period, Duration every) {
        this.clock = clock;
        this.ticker = ticker;
        this.pause = period.plus(every.multipliedBy(3));
        this.closed = new Hold(ticker);
    }

    /** Whether the time there is known well enough for a grant. */
    boolean isKnown() {
        return clock.errorNanos() <= TOLERATED_ERROR_NANOS;
    }

    void look() {
        if (clock.steps() != steps) {
            steps = clock.steps();
            closed.lengthen(pause);
        }
    }

    long closedNanos() {
        return closed.nanosLeft(ticker.read());
    }
}
