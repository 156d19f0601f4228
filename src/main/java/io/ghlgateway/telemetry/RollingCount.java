package io.ghlgateway.telemetry;

import io.ghlgateway.admin.Activity.Count;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts, and remembers how far it had counted: so it can tell the last minute's and the last day's part. Counting is one
 * addition; remembering is a matter of {@link #tick}. Any thread.
 */
final class RollingCount {

    /** Ticks in a minute, and in an hour. */
    static final int MINUTE = 12;

    static final int HOUR = 720;

    private static final int HOURS = 24;

    /** One more than a minute has, and one for the tick that is under way: what is read meanwhile is not what it writes. */
    static final int SLOTS = MINUTE + 2;

    private final LongAdder total = new LongAdder();
    /** Guarded by this, as the hours are. */
    private final long[] minute = new long[SLOTS];

    private final long[] hours = new long[HOURS + 2];

    void add() {
        total.increment();
    }

    /** @param number of the tick: one more each time, for all counts alike */
    synchronized void tick(long number) {
        minute[at(number, minute)] = total.sum();
        if (number % HOUR == 0) {
            hours[at(number / HOUR, hours)] = total.sum();
        }
    }

    /** @param number of the last tick */
    synchronized Count read(long number) {
        long sum = total.sum();
        return new Count(sum, sum - minute[at(number + 2, minute)], sum - hours[at(number / HOUR + 2, hours)]);
    }

    private static int at(long number, long[] ring) {
        return (int) (number % ring.length);
    }
}
