package io.ghlgateway.dispatch;

import java.time.Duration;

/**
 * Until when the last send of a call may begin. Queue and pauses between attempts count together, and nothing renews
 * it.
 *
 * @param at on the monotonic clock, in nanoseconds
 * @param patience what the caller asked for; zero means "only if it can be sent now"
 */
public record Deadline(long at, Duration patience) {

    public static Deadline after(long now, Duration patience) {
        return new Deadline(now + patience.toNanos(), patience);
    }

    /** When the caller's request arrived. */
    public long began() {
        return at - patience.toNanos();
    }

    /** Whether something that begins {@code delay} from now still begins in time. */
    public boolean allows(long now, Duration delay) {
        return at - now >= delay.toNanos();
    }

    public boolean isOver(long now) {
        return at - now < 0;
    }

    public Duration left(long now) {
        return Duration.ofNanos(Math.max(0, at - now));
    }

    /** A caller that does not wait at all gets one look at the budget, however late it is by then. */
    public boolean isImpatient() {
        return patience.isZero();
    }
}
