package io.ghlgateway.faults;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * How late this machine is by itself: the most that a thread which wanted to go on after a few ms had to wait for longer.
 * A bar of some ms means nothing on a machine that stalls for a second, so rows allow for what it stalled meanwhile.
 */
final class Hiccups implements AutoCloseable {

    private static final long PAUSE_NANOS = 5_000_000;
    /** Of a request's way there and back, each of which may have to wait for its turn on the CPU. */
    private static final int HOPS = 4;

    private static final long LATE_NANOS = 10_000_000;

    private static final long STEP_NANOS = 100_000;
    private static final int STEPS = 10_000;

    private final AtomicLongArray lateness = new AtomicLongArray(STEPS); // how many looks were late by so many steps
    private final AtomicLong worst = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "hiccups");

    Hiccups() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            long before = System.nanoTime();
            LockSupport.parkNanos(PAUSE_NANOS);
            long by = System.nanoTime() - before - PAUSE_NANOS;
            worst.accumulateAndGet(by, Math::max);
            lateness.incrementAndGet((int) Math.min(STEPS - 1, Math.max(0, by) / STEP_NANOS));
            looks.incrementAndGet();
            late.addAndGet(by > LATE_NANOS ? 1 : 0);
        }
    }

    long worstMillis() {
        return TimeUnit.NANOSECONDS.toMillis(worst.get());
    }

    /** Which part of all looks was late by more than 10 ms. */
    double late() {
        return (double) late.get() / Math.max(1, looks.get());
    }

    /** By which 99 of 100 looks were late at most, in us. */
    long p99Micros() {
        long beyond = looks.get() / 100;
        int step = STEPS;
        for (long seen = 0; step > 0 && seen <= beyond; ) {
            seen += lateness.get(--step);
        }
        return TimeUnit.NANOSECONDS.toMicros((step + 1) * STEP_NANOS);
    }

    /** What 99 of 100 requests may have lost to it at most, in us. */
    long usualAllowanceMicros() {
        return HOPS * p99Micros();
    }

    /** What a request may have lost to the machine, in ms. */
    long allowance() {
        return HOPS * worstMillis();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
