package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Limit;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many this replica was granted for one key within the key's last interval and guard, or up to a fifteenth longer: what a
 * Redis that lost them must be told. Any thread.
 */
final class OwnSends {

    private static final int SLOTS = 16; // a power of two; one of them is only partly within
    /** Of a quota whose interval changed just now: all that it may have been. */
    private static final int EVERYTHING = 1 << 30;

    /** Is shown what was sent. */
    interface Reader {

        /** @param ageNanos how long ago at least */
        void sent(int count, long ageNanos);
    }

    private final Ticker ticker;
    private final Supplier<Limit> limit;
    private final long guardNanos;
    private final Runnable some;
    private final Runnable none;
    private int @Nullable [] counts; // guarded by this, as all below; by stretches of time, absent while nothing counts
    private long slotNanos;
    private long latest; // the number of the stretch that was counted in last

    /**
     * @param limit the quota in force whenever it is asked
     * @param some run when there is something to remember, and then not before it was forgotten
     * @param none run when it is forgotten
     */
    OwnSends(Ticker ticker, Supplier<Limit> limit, Duration guard, Runnable some, Runnable none) {
        this.ticker = ticker;
        this.limit = limit;
        this.guardNanos = guard.toNanos();
        this.some = some;
        this.none = none;
    }

    synchronized void add(int count) {
        if (count == 0) {
            return;
        }
        if (counts == null) {
            counts = new int[SLOTS];
            slotNanos = slotNanos();
            latest = Math.floorDiv(ticker.read(), slotNanos);
            some.run();
        }
        long now = roll(counts);
        counts[slot(now)] = Math.min(EVERYTHING, counts[slot(now)] + count);
    }

    synchronized long count() {
        return counts == null ? 0 : count(counts);
    }

    /** Shows them, those of one stretch as if made at its end. */
    synchronized void each(Reader reader) {
        if (counts == null) {
            return;
        }
        long now = ticker.read();
        long last = roll(counts);
        for (long stretch = last - SLOTS + 1; stretch <= last; stretch++) {
            int count = counts[slot(stretch)];
            if (count > 0) {
                reader.sent(count, Math.max(0, now - (stretch + 1) * slotNanos));
            }
        }
    }

    /** Lets go of what counts no more; true when nothing is left. */
    synchronized boolean letGo() {
        if (counts != null && count(counts) == 0) {
            counts = null;
            none.run();
        }
        return counts == null;
    }

    private long count(int[] counts) {
        roll(counts);
        return Arrays.stream(counts).asLongStream().sum();
    }

    /** Forgets what counts no more. @return the stretch that is now */
    private long roll(int[] counts) {
        long nanos = slotNanos();
        if (slotNanos != nanos) {
            slotNanos = nanos;
            latest = Math.floorDiv(ticker.read(), nanos);
            Arrays.fill(counts, 0);
            counts[slot(latest)] = EVERYTHING;
        }
        long now = Math.max(latest, Math.floorDiv(ticker.read(), nanos));
        for (long gone = Math.max(latest, now - SLOTS) + 1; gone <= now; gone++) {
            counts[slot(gone)] = 0;
        }
        latest = now;
        return now;
    }

    private long slotNanos() {
        return (limit.get().per().toNanos() + guardNanos) / (SLOTS - 1) + 1;
    }

    private static int slot(long number) {
        return (int) number & SLOTS - 1;
    }
}
