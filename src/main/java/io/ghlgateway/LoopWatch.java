package io.ghlgateway;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.function.Consumer;

/** How late event loops come to what is due: one that is held up holds up every request on it. */
final class LoopWatch {

    private static final Duration EVERY = Duration.ofMillis(50);

    private final Vertx vertx;
    private final Ticker ticker;
    private final Consumer<Duration> late;

    private LoopWatch(Vertx vertx, Ticker ticker, Consumer<Duration> late) {
        this.vertx = vertx;
        this.ticker = ticker;
        this.late = late;
    }

    /**
     * Until {@code vertx} is closed.
     *
     * @param loops how many there are; contexts are spread over them in turn
     * @param late told of each look by how much it was late, on the loop; must not block
     */
    static void start(Vertx vertx, int loops, Ticker ticker, Consumer<Duration> late) {
        var watch = new LoopWatch(vertx, ticker, late);
        for (int i = 0; i < loops; i++) {
            Context loop = ((VertxInternal) vertx).createEventLoopContext();
            loop.runOnContext(begun -> watch.look());
        }
    }

    private void look() {
        long due = ticker.read() + EVERY.toNanos();
        vertx.setTimer(EVERY.toMillis(), id -> {
            late.accept(Duration.ofNanos(Math.max(0, ticker.read() - due)));
            look();
        });
    }
}
