package io.ghlgateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The quotas of all resources that were ever called for, one for each. Changed on the simulator's event loop only;
 * {@link #stats} may be read from any thread.
 */
final class Quotas {

    private final SimulatorOptions options;
    private final LongSupplier clock;
    private final Duration phase;
    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();
    private final LongAdder faults = new LongAdder();
    private final long dayBegan;
    private volatile long began;

    Quotas(SimulatorOptions options, LongSupplier clock, RandomGenerator random) {
        this.options = options;
        this.clock = clock;
        this.phase = options.phase()
                .orElseGet(() -> Duration.ofNanos(
                        random.nextLong(options.limit().interval().toNanos())));
        this.dayBegan = clock.getAsLong();
        this.began = dayBegan;
    }

    Quota of(String resource) {
        return quotas.computeIfAbsent(
                resource,
                name -> new Quota(options, options.dailyOf().getOrDefault(name, options.daily()), phase, dayBegan));
    }

    /** A scripted fault struck; said apart, so that a scripted 429 is not taken for an overrun. */
    void faultStruck() {
        faults.increment();
    }

    /** Forgets every call; the windows' phase and the hour of the daily reset stay. */
    void reset() {
        quotas.clear();
        faults.reset();
        began = clock.getAsLong();
    }

    SimulatorStats stats() {
        Map<String, SimulatorStats.Counts> resources = new TreeMap<>();
        quotas.forEach((resource, quota) -> resources.put(resource, quota.counts()));
        long start = began;
        return new SimulatorStats(
                resources,
                faults.sum(),
                Instant.EPOCH.plusNanos(start),
                Duration.ofNanos(Math.max(0, clock.getAsLong() - start)));
    }
}
