package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import java.time.InstantSource;

/**
 * The wall clock as it stood when this process began, carried on by the monotonic one: it never jumps, whatever is done
 * to the machine's clock meanwhile.
 */
public final class WallClock implements TimeMeter {

    private final Ticker ticker;
    private final long offset;

    private WallClock(Ticker ticker, long offset) {
        this.ticker = ticker;
        this.offset = offset;
    }

    public static WallClock starting(InstantSource wall, Ticker ticker) {
        var now = wall.instant();
        return new WallClock(ticker, now.getEpochSecond() * 1_000_000_000L + now.getNano() - ticker.read());
    }

    @Override
    public long currentTimeNanos() {
        return ticker.read() + offset;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
