package io.ghlgateway.highlevel;

import java.time.Duration;

/**
 * How long something lasts, for people: {@code 250 ms}, {@code 2.5 s}, {@code 24 h 14 min}. Never less than it is, for who is
 * told to come again then must not come too early. Pure.
 */
public final class TimeWords {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** The largest two units of a time say enough from here on. */
    private static final long TWO_DAYS = 2 * DAY;

    private TimeWords() {}

    /** @param time none, or more */
    public static String of(Duration time) {
        long millis = time.plusNanos(999_999).toMillis();
        if (millis < SECOND) {
            return millis + " ms";
        }
        if (millis < MINUTE) {
            long tenths = ceil(millis, SECOND / 10);
            if (tenths < MINUTE / SECOND * 10) {
                return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " s";
            }
        }
        if (ceil(millis, SECOND) < HOUR / SECOND) {
            return two(ceil(millis, SECOND), 60, " min", " s");
        }
        return ceil(millis, MINUTE) < TWO_DAYS / MINUTE
                ? two(ceil(millis, MINUTE), 60, " h", " min")
                : two(ceil(millis, HOUR), 24, " d", " h");
    }

    private static long ceil(long millis, long unit) {
        return (millis + unit - 1) / unit;
    }

    private static String two(long count, long inOne, String unit, String lesser) {
        return count / inOne + unit + (count % inOne == 0 ? "" : " " + count % inOne + lesser);
    }
}
