package io.ghlgateway.telemetry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what happens a thousand times a second from being logged as often. Any thread. */
final class NowAndThen {

    private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong last = new AtomicLong(System.nanoTime() - EVERY_NANOS);

    /** True to one of those who ask within ten seconds. */
    boolean takeTurn() {
        long now = System.nanoTime();
        long before = last.get();
        return now - before >= EVERY_NANOS && last.compareAndSet(before, now);
    }
}
