package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** How calls follow each other at a given rate. */
public enum Arrivals {
    /** As many independent callers make them: exponential gaps. */
    POISSON,
    /** Evenly. */
    UNIFORM;

    /** @throws IllegalArgumentException naming what was seen and what would be right */
    public static Arrivals parse(String text) {
        return Arrays.stream(values())
                .filter(arrivals -> arrivals.toString().equalsIgnoreCase(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is no kind of arrivals: one of " + Arrays.toString(values())));
    }

    /** @param rate calls a second */
    Duration gap(double rate, RandomGenerator random) {
        double gaps = this == UNIFORM ? 1 : random.nextExponential();
        return Duration.ofNanos((long) (gaps * 1_000_000_000L / rate));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
