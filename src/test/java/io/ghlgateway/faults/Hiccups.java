package io.ghlgateway.faults;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
            long lateness = System.nanoTime() - before - PAUSE_NANOS;
            worst.accumulateAndGet(lateness, Math::max);
            looks.incrementAndGet();
            late.addAndGet(lateness > LATE_NANOS ? 1 : 0);
        }
    }

    long worstMillis() {
        return TimeUnit.NANOSECONDS.toMillis(worst.get());
    }

    /** Which part of all looks was late by more than 10 ms. */
    double late() {
        return (double) late.get() / Math.max(1, looks.get());
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
