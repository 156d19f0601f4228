package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** One time that moves only when told to, as a wall clock and as a ticker with another origin. Safe for any thread. */
public final class FakeTime implements TimeMeter, Ticker, InstantSource {

    private static final long TICKER_ORIGIN = 1_700_000_000_123_456_789L;

    private volatile long nanos;
    private volatile long errorNanos;

    public FakeTime(Instant start) {
        this.nanos = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    }

    public void advance(Duration by) {
        nanos += by.toNanos();
    }

    /** From now on, as a clock that follows another. */
    public void isUnsureBy(Duration error) {
        errorNanos = error.toNanos();
    }

    public long errorNanos() {
        return errorNanos;
    }

    @Override
    public long currentTimeNanos() {
        return nanos;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }

    @Override
    public long read() {
        return nanos - TICKER_ORIGIN;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos);
    }
}
