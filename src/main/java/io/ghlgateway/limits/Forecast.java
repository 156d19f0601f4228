package io.ghlgateway.limits;

import java.time.Duration;
import java.util.Optional;

/**
 * When a budget will give, as far as it knows now; nothing is spent by asking.
 *
 * @param free how many sends could be paid for at this moment
 * @param delay how long until the asked position could be paid for; zero when that is now
 * @param cause what the delay is for; {@link Cause#NONE} when there is none
 * @param route the endpoint's limit that the delay is for, where it is one
 */
public record Forecast(int free, Duration delay, Cause cause, Optional<RouteKey> route) {

    /** Nothing stands in the way. */
    static final Forecast OPEN = new Forecast(Integer.MAX_VALUE, Duration.ZERO, Cause.NONE);

    /** Of a store that does not answer. When it will nobody knows, so one asks again soon. */
    public static final Forecast SILENT = new Forecast(0, Duration.ofSeconds(1), Cause.DEGRADED);

    public Forecast(int free, Duration delay, Cause cause) {
        this(free, delay, cause, Optional.empty());
    }

    public Forecast in(Duration longer) {
        return new Forecast(free, longer, cause, route);
    }

    /** Where both must be waited for. */
    public Forecast orLater(Forecast other) {
        var later = other.delay.compareTo(delay) > 0 ? other : this;
        return new Forecast(Math.min(free, other.free), later.delay, later.cause, later.route);
    }

    public boolean isNow() {
        return delay.isZero();
    }

    /**
     * Of a store that gives nothing for {@code nanos}: by then nothing that was sent before counts any more, and windows follow
     * each other as they do.
     */
    static Forecast closed(long nanos, int position, Limit limit, Duration guard) {
        var window = limit.per().plus(guard).plusMillis(1);
        return new Forecast(
                0, window.multipliedBy((position - 1) / limit.requests()).plusNanos(nanos), Cause.DEGRADED);
    }
}
