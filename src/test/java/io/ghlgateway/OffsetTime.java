package io.ghlgateway;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The real time, and what a test has added to it; timers do not heed that. */
final class OffsetTime implements Ticker, InstantSource {

    private final AtomicReference<Duration> added = new AtomicReference<>(Duration.ZERO);

    void advance(Duration length) {
        added.updateAndGet(before -> before.plus(length));
    }

    @Override
    public long read() {
        return System.nanoTime() + added.get().toNanos();
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(added.get());
    }
}
