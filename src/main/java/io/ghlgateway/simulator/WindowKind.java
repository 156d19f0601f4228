package io.ghlgateway.simulator;

import java.util.Arrays;
import java.util.Locale;

/** The ways in which an upstream may count a burst; HighLevel does not say which one is its own. */
public enum WindowKind {
    /** A fixed window that opens with the first call after the last one closed. */
    ANCHORED,
    /** Fixed windows on a grid of the clock, moved by the phase. */
    CLOCK,
    /** A log of the calls: never more than max in any stretch of the interval. */
    SLIDING,
    /** Two fixed windows, the last one weighted by the part of it that a sliding window would still see. */
    COUNTER,
    /** A token bucket of max, refilled evenly at max an interval. */
    BUCKET;

    /** @throws IllegalArgumentException naming what was seen and what would be right */
    public static WindowKind parse(String text) {
        return Spelling.find(values(), text.strip().toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is no window kind: one of " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
