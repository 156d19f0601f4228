package io.ghlgateway.limits;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When one key's day begins, from what replies say of its reset. Two that agree, minutes apart, are believed: one alone
 * may state the length of a day rather than what is left of it.
 */
final class DayStart {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration APART = Duration.ofMinutes(2);
    private static final long AGREEING_MILLIS =
            Duration.ofMinutes(1).plusSeconds(1).toMillis();
    private static final long DAY_MILLIS = DAY.toMillis();
    private static final Duration NEARLY = Duration.ofMinutes(5);

    private @Nullable Instant saidAt; // guarded by this: when a reply first named the reset below
    private @Nullable Instant reset; // guarded by this
    private @Nullable Instant anchor; // guarded by this: the reset that is believed

    /** True when {@link #of} says something else from now on. */
    synchronized boolean learns(Duration untilReset, Instant now) {
        var named = now.plus(untilReset);
        if (anchor != null && agree(named, anchor)) {
            return false;
        }
        if (reset == null || saidAt == null || !agree(named, reset)) {
            reset = named;
            saidAt = now;
            return false;
        }
        if (Duration.between(saidAt, now).compareTo(APART) < 0) {
            return false;
        }
        anchor = roundedUp(named);
        return true;
    }

    /**
     * Makes do with the word of one reply, for when the day is spent: then no second one comes. Wrong, it costs a few
     * refusals, which say that nothing remains; not believed, it costs up to a day without any. Not of a reset nearly a
     * day ahead: that may be the length of a day, and would fill the bucket again at once.
     *
     * @return true when {@link #of} says something else from now on
     */
    synchronized boolean believe() {
        if (anchor != null
                || reset == null
                || saidAt == null
                || Duration.between(saidAt, reset).compareTo(DAY.minus(NEARLY)) > 0) {
            return false;
        }
        anchor = roundedUp(reset);
        return true;
    }

    /** A day of so many requests; empty while its beginning is not known. */
    synchronized Optional<StrictWindow> of(long requests) {
        var known = anchor;
        return known == null ? Optional.empty() : Optional.of(StrictWindow.anchored(requests, DAY, known));
    }

    /**
     * A day where its beginning is not known.
     *
     * @param nowNanos since the epoch
     */
    synchronized long untilReset(long nowNanos) {
        var known = anchor;
        return known == null
                ? DAY.toNanos()
                : DAY.toNanos() - Math.floorMod(nowNanos - known.getEpochSecond() * 1_000_000_000L, DAY.toNanos());
    }

    /** To the next whole minute: all replicas mean the same instant, and none an earlier one than the upstream. */
    private static Instant roundedUp(Instant named) {
        return Instant.ofEpochSecond((Math.floorDiv(named.getEpochSecond() + 1, 60L) + 1) * 60L);
    }

    /** Instants of the same time of day, near enough. */
    private static boolean agree(Instant one, Instant other) {
        long apart = Math.floorMod(other.toEpochMilli() - one.toEpochMilli(), DAY_MILLIS); // for each reply: no objects
        return Math.min(apart, DAY_MILLIS - apart) <= AGREEING_MILLIS;
    }
}
