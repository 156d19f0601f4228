package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Waits and their percentiles by nearest rank; exact up to {@code most} waits, from then on of a fair sample of them (a
 * reservoir: Vitter's algorithm R). Not safe for use by several threads.
 */
final class WaitTimes {

    private final int most;
    private final RandomGenerator random;
    private long[] nanos = new long[1024];
    private int kept;
    private long seen;

    WaitTimes(int most, RandomGenerator random) {
        this.most = most;
        this.random = random;
    }

    void add(Duration wait) {
        seen++;
        if (kept < most) {
            if (kept == nanos.length) {
                nanos = Arrays.copyOf(nanos, Math.min(most, kept * 2));
            }
            nanos[kept++] = wait.toNanos();
            return;
        }
        long place = random.nextLong(seen);
        if (place < most) {
            nanos[(int) place] = wait.toNanos();
        }
    }

    /** Zero when nothing was added. */
    Duration percentile(double percent) {
        if (kept == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(nanos, kept);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * kept);
        return Duration.ofNanos(sorted[Math.max(rank, 1) - 1]);
    }
}
