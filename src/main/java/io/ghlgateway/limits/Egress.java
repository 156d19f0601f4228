package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address that all requests leave from. HighLevel's edge may refuse it as a whole, whichever key paid (Cloudflare's
 * error 1015): then no key is given anything, by this process at once and within half a second by all that share its
 * budgets, for they are taken to leave from the same address. Any thread; nothing here blocks.
 */
public final class Egress {

    private static final Logger LOG = LoggerFactory.getLogger(Egress.class);

    /** Such a rule bars an address for seconds to an hour, and seldom says for how long: so less at first, then more. */
    private static final Duration FIRST = Duration.ofSeconds(30);

    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** Refusals that come together ask for much the same. */
    private static final long WORTH_TELLING_NANOS = Duration.ofSeconds(1).toNanos();

    private final Rests rests;
    private final Ticker ticker;
    private final LimitEvents events;
    /** By the ticker: what only this process knows of, until the others were told. */
    private volatile long heldUntil;

    private Duration guess = Duration.ZERO; // guarded by this: the last rest that nobody had asked for
    private long guessedUntil; // guarded by this

    public Egress(Rests rests, Ticker ticker, LimitEvents events) {
        this.rests = rests;
        this.ticker = ticker;
        this.events = events;
        this.heldUntil = ticker.read();
    }

    /** How much longer nothing is sent; zero when nothing is in the way. */
    public Duration held() {
        return Duration.ofNanos(nanos(ticker.read()));
    }

    /** An operator's word: nothing is sent for {@code pause}; a longer rest in force stays. Fails where nobody heard. */
    public Future<Void> rest(Duration pause) {
        return rests.rest(Rests.ALL, pause);
    }

    /** An operator's word: the rest is over, for all. Fails as {@link #rest} does. */
    public Future<Void> wake() {
        heldUntil = ticker.read();
        return rests.wake(Rests.ALL);
    }

    /** As {@link #held}, at {@code now} by the ticker. What only this process knows of is looked at first: it goes once the others were told. */
    long nanos(long now) {
        long own = heldUntil - now;
        return Math.max(Math.max(0, own), rests.nanos(Rests.ALL));
    }

    /** The edge refused a send. @param asked for how long it says to stay away, if it does */
    void barred(Optional<Duration> asked) {
        events.egressRefused();
        Duration pause;
        long until;
        synchronized (this) {
            long left = nanos(ticker.read());
            if (asked.isEmpty() && left > 0) {
                return; // it was on its way when the rest began
            }
            pause = asked.orElseGet(this::longer);
            if (pause.toNanos() - left < WORTH_TELLING_NANOS) {
                return;
            }
            until = ticker.read() + pause.toNanos();
            heldUntil = until;
        }
        LOG.warn(
                "HighLevel's edge refuses our address (Cloudflare 1015): nothing is sent for {} ms, for no key; it goes on by"
                        + " itself, or with POST /admin/v1/egress/resume",
                pause.toMillis());
        // From then on the shared rest holds here too, and whoever ends it ends it here.
        rests.rest(Rests.ALL, pause).onSuccess(told -> forget(until));
    }

    private synchronized void forget(long until) {
        if (heldUntil == until) {
            heldUntil = ticker.read();
        }
    }

    private Duration longer() {
        long now = ticker.read();
        boolean again = !guess.isZero() && now - guessedUntil < LONGEST.toNanos();
        var next = again ? guess.multipliedBy(2) : FIRST;
        guess = next.compareTo(LONGEST) > 0 ? LONGEST : next;
        guessedUntil = now + guess.toNanos();
        return guess;
    }
}
