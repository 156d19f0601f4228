package io.ghlgateway.highlevel;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares callers the wait for an upstream that cannot be reached (M. Nygard: Release It!, "Circuit Breaker"). It opens when
 * {@value #FAILURES} attempts to connect failed in a row. Then one a second is made, and the first that succeeds closes it.
 *
 * <p>Only what no request can be the cause of counts: that no connection was to be had from there. An answer is an answer, of
 * whatever status; and who waits in vain for one of our own connections says nothing of the upstream. For the whole process;
 * any thread.
 */
public final class Circuit {

    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);

    private static final int FAILURES = 20;
    private static final long PROBE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final String IN_VAIN = "it failed often in a row, and is tried once a second";

    private final Ticker ticker;
    private final Runnable opened;
    private volatile int failures; // written under this object's lock, as all below
    private volatile boolean open;
    private long probeAt;

    /** @param opened told each time it opens */
    public Circuit(Ticker ticker, Runnable opened) {
        this.ticker = ticker;
        this.opened = opened;
    }

    /** Tries, unless that is known to be in vain for now: then it fails at once. */
    <T> Future<T> attempt(Supplier<Future<T>> connect) {
        return lets() ? connect.get().onComplete((http, failure) -> tried(failure)) : Future.failedFuture(IN_VAIN);
    }

    private boolean lets() {
        return !open || isProbe();
    }

    private synchronized boolean isProbe() {
        long now = ticker.read();
        if (open && now - probeAt < 0) {
            return false;
        }
        probeAt = now + PROBE_EVERY_NANOS;
        return true;
    }

    private void tried(@Nullable Throwable failure) {
        if (failure == null) {
            if (failures > 0) {
                connected();
            }
        } else if (failure instanceof IOException) {
            failed(failure);
        }
    }

    private synchronized void failed(Throwable failure) {
        failures++;
        if (failures >= FAILURES && !open) {
            open = true;
            probeAt = ticker.read() + PROBE_EVERY_NANOS;
            LOG.warn(
                    "HighLevel could not be reached {} times in a row; one attempt a second is made now: {}",
                    failures,
                    failure.toString());
            opened.run();
        }
    }

    private synchronized void connected() {
        failures = 0;
        if (open) {
            open = false;
            LOG.info("HighLevel can be reached again");
        }
    }
}
