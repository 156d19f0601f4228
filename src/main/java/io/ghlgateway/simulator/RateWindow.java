package io.ghlgateway.simulator;

/** How an upstream counts a quota. Times are nanoseconds of one clock that never goes back. Not thread-safe. */
public interface RateWindow {

    /** The kinds that are met in the field; HighLevel's own is not known. */
    enum Kind {
        /** Fixed, beginning with the first call after the last one ended. */
        ANCHORED,
        /** Fixed, beginning at multiples of the interval. */
        CLOCK,
        /** Exactly the last interval. */
        SLIDING,
        /** Two fixed windows, the older weighted by how much of it still lies in the last interval (as nginx and others). */
        COUNTER,
        /** A token bucket that holds the whole quota and refills steadily. */
        BUCKET
    }

    /** Counts a call that arrives now, or refuses it. */
    boolean accept(long now);

    /** How many calls that arrive now would be accepted. */
    int remaining(long now);
}
