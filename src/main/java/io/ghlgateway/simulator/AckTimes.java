package io.ghlgateway.simulator;

import java.util.Arrays;

/** How long answers took, in tenths of a millisecond; beyond {@link #MOST} they count as that. */
final class AckTimes {

    private static final int MOST = 200_000;
    private static final int MICROS = 100;
    private static final double PER_MILLI = 1000.0 / MICROS;

    private final int[] counts = new int[MOST + 1];
    private long count;

    void add(long micros) {
        counts[(int) Math.min(MOST, micros / MICROS)]++;
        count++;
    }

    /** In milliseconds; 0 where there are none. */
    double percentile(double share) {
        long beyond = Math.min(count - 1, (long) (share * count));
        int at = 0;
        for (long before = 0; at < MOST && before + counts[at] <= beyond; at++) {
            before += counts[at];
        }
        return count == 0 ? 0 : at / PER_MILLI;
    }

    /** How many took no longer. */
    long within(int millis) {
        return Arrays.stream(counts, 0, (int) (millis * PER_MILLI)).sum();
    }

    long count() {
        return count;
    }
}
