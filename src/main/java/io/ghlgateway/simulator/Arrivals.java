package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How calls follow each other at a given rate. */
public enum Arrivals {
    /** As many independent callers make them: exponential gaps. */
    POISSON,
    /** Evenly. */
    UNIFORM;

    /** @param rate calls a second */
    Duration gap(double rate, RandomGenerator random) {
        double gaps = this == UNIFORM ? 1 : random.nextExponential();
        return Duration.ofNanos((long) (gaps * 1_000_000_000L / rate));
    }

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
