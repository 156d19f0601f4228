package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares an upstream that fails whoever it is asked by, and callers the wait for it (M. Nygard: Release It!, "Circuit Breaker").
 * It opens when {@value #FAILURES} attempts in a row came to nothing: no connection, no reply, or a server's word that another
 * is out of reach. Then one attempt a second is let through, and the first that comes to anything closes it again.
 *
 * <p>In a row, and not a share of them: one endpoint that fails, or one request in two, is no reason to refuse the rest. A 429
 * is an answer. For the whole process; any thread.
 */
final class Circuit {

    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);

    private static final int FAILURES = 20;
    static final Duration PROBE_EVERY = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final DispatchEvents events;
    private int failures; // guarded by this, as all below
    private boolean open;
    private long probeAt;

    Circuit(Ticker ticker, DispatchEvents events) {
        this.ticker = ticker;
        this.events = events;
    }

    /** Whether an attempt may begin now. One that may need not be made: the next may a second later. */
    synchronized boolean lets() {
        if (!open) {
            return true;
        }
        long now = ticker.read();
        if (now - probeAt < 0) {
            return false;
        }
        probeAt = now + PROBE_EVERY.toNanos();
        return true;
    }

    /** Notes what an attempt came to; what failed for reasons of our own, or the caller's, says nothing. */
    void note(@Nullable Reply reply, @Nullable Throwable failure) {
        if (reply != null ? isOutOfReach(reply.status()) : failure instanceof Upstream.Failed) {
            failed();
        } else if (reply != null) {
            answered();
        }
    }

    /** A gateway's or an edge's word, not that of the service itself (Cloudflare's own begin with 52). */
    private static boolean isOutOfReach(int status) {
        return status >= 502 && status <= 504 || status >= 520 && status <= 527;
    }

    private synchronized void failed() {
        if (++failures == FAILURES && !open) {
            open = true;
            probeAt = ticker.read() + PROBE_EVERY.toNanos();
            LOG.warn(
                    "HighLevel failed {} times in a row: one request a second is sent until one is answered", failures);
            events.circuitOpened();
        }
    }

    private synchronized void answered() {
        failures = 0;
        if (open) {
            open = false;
            LOG.info("HighLevel answers again");
        }
    }
}
