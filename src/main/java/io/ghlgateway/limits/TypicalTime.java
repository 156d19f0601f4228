package io.ghlgateway.limits;

/**
 * About the median of what it was told, of the latest a few dozen more than of those before: each that is longer moves it up a
 * little, each that is shorter down (a stochastic approximation, Robbins and Monro 1951). Not thread-safe.
 */
final class TypicalTime {

    private static final int STEPS = 16;

    private long median; // in nanoseconds; zero before the first

    void add(long nanos) {
        if (median == 0) {
            median = Math.max(1, nanos);
        } else {
            long step = Math.max(1, median / STEPS);
            median += nanos > median ? step : nanos < median ? -Math.min(step, median - 1) : 0;
        }
    }

    /** In nanoseconds; {@link Long#MAX_VALUE} before anything was told. */
    long median() {
        return median == 0 ? Long.MAX_VALUE : median;
    }
}
