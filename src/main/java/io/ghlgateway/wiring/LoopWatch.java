package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * How late event loops come to what is due: one that is held up holds up every request on it. Beside it, for how much of that
 * they were at work themselves: the rest is the machine's, which gave them no time, or a collection of garbage.
 */
final class LoopWatch {

    private static final Duration EVERY = Duration.ofMillis(50);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Vertx vertx;
    private final Ticker ticker;
    private final BiConsumer<Duration, Duration> late;

    private LoopWatch(Vertx vertx, Ticker ticker, BiConsumer<Duration, Duration> late) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.late = late;
    }

    /**
     * Until {@code vertx} is closed.
     *
     * @param loops how many there are; contexts are spread over them in turn
     * @param late told of each look by how much it was late, and of that for how long at most the loop was at work; on the
     *     loop, must not block
     */
    static void start(Vertx vertx, int loops, Ticker ticker, BiConsumer<Duration, Duration> late) {
        var watch = new LoopWatch(vertx, ticker, late);
        for (int i = 0; i < loops; i++) {
            Context loop = ((VertxInternal) vertx).createEventLoopContext();
            loop.runOnContext(begun -> watch.look());
        }
    }

    private void look() {
        long due = ticker.read() + EVERY.toNanos();
        long worked = THREADS.getCurrentThreadCpuTime();
        vertx.setTimer(EVERY.toMillis(), id -> {
            long by = Math.max(0, ticker.read() - due);
            late.accept(
                    Duration.ofNanos(by), Duration.ofNanos(Math.min(by, THREADS.getCurrentThreadCpuTime() - worked)));
            look();
        });
    }
}
