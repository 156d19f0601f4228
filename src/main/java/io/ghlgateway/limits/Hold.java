package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Until when nothing is given, by a monotonic clock and in this process alone. Any thread. */
public final class Hold {

    private final Ticker ticker;
    private final AtomicLong until;

    /** One that is over. */
    public Hold(Ticker ticker) {
        this.ticker = ticker;
        this.until = new AtomicLong(ticker.read());
    }

    /** For {@code pause} from now on; a longer one in force stays. */
    public void lengthen(Duration pause) {
        long asked = ticker.read() + pause.toNanos();
        until.accumulateAndGet(asked, (old, next) -> next - old > 0 ? next : old);
    }

    void end() {
        until.set(ticker.read());
    }

    /** How much of it is left; zero when it is over. */
    public long nanosLeft(long now) {
        return Math.max(0, until.get() - now);
    }
}
