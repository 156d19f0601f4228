package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis's own clock, followed at a distance: replicas whose machines disagree about the time agree on this one. Carried
 * on by the monotonic clock between measurements, and never set back.
 */
final class RedisClock implements SharedClock {
    /*
     * TIME is answered somewhere between asking and hearing, so half the round trip is the most that the middle can be
     * wrong by (Cristian, 1989). Of several samples the quickest is best. Between measurements the error grows by what
     * two quartz clocks may drift apart. A new measurement replaces the old one if it is better by now, or if the two
     * contradict each other: then somebody has set Redis's clock.
     */

    private static final Logger LOG = LoggerFactory.getLogger(RedisClock.class);
    private static final int SAMPLES = 4;
    private static final long DRIFT = 10_000; // one part in so many: 100 ppm
    private static final long STEP_NANOS = Duration.ofMillis(10).toNanos();

    /** How far ahead of the ticker Redis's clock is, give or take {@code error}, as of {@code at}. */
    private record Measurement(long offset, long error, long at) {

        long errorAt(long now) {
            return error + Math.max(0, now - at) / DRIFT;
        }
    }

    private final Ticker ticker;
    private final Supplier<Future<List<byte[]>>> time;
    private final AtomicLong latest = new AtomicLong();
    private volatile @Nullable Measurement measured;
    private volatile long steps;

    /** @param time Redis's TIME: seconds and microseconds */
    RedisClock(Ticker ticker, Supplier<Future<List<byte[]>>> time) {
        this.ticker = ticker;
        this.time = time;
    }

    @Override
    public long currentTimeNanos() {
        var known = measured;
        if (known == null) {
            return 0;
        }
        long now = ticker.read() + known.offset();
        return latest.accumulateAndGet(now, Math::max);
    }

    @Override
    public long errorNanos() {
        var known = measured;
        if (known == null) {
            return Long.MAX_VALUE;
        }
        long tick = ticker.read();
        // While it waits for Redis's to catch up it is ahead of it by this much.
        long ahead = Math.max(0, latest.get() - (tick + known.offset()));
        return known.errorAt(tick) + ahead;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Future<Void> measure() {
        return sample(SAMPLES, null).onSuccess(this::accept).mapEmpty();
    }

    private Future<Measurement> sample(int left, @Nullable Measurement best) {
        long asked = ticker.read();
        return time.get().compose(answer -> {
            long heard = ticker.read();
            long redis = number(answer.get(0)) * 1_000_000_000L + number(answer.get(1)) * 1_000L;
            long half = (heard - asked) / 2;
            var sample = new Measurement(redis - (asked + half), half + 1_000, heard);
            var better = best == null || sample.error() < best.error() ? sample : best;
            return left == 1 ? Future.succeededFuture(better) : sample(left - 1, better);
        });
    }

    private synchronized void accept(Measurement next) {
        var old = measured;
        if (old == null) {
            measured = next;
            return;
        }
        long oldError = old.errorAt(next.at());
        long moved = next.offset() - old.offset();
        if (Math.abs(moved) > oldError + next.error() + STEP_NANOS) {
            LOG.warn("Redis's clock was set {} by {} ms", moved > 0 ? "forward" : "back", Math.abs(moved) / 1_000_000);
            if (moved > 0) {
                steps++;
            }
            measured = next;
        } else if (next.error() <= oldError) {
            measured = next;
        }
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
    }
}
