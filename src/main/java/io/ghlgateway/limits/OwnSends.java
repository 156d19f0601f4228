package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
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
        long nanos = (limit.get().per().toNanos() + guardNanos) / (SLOTS - 1) + 1;
        long now = Math.floorDiv(ticker.read(), nanos);
        if (counts == null) {
            counts = new int[SLOTS];
            slotNanos = nanos;
            latest = now;
            some.run();
        } else if (slotNanos != nanos) {
            Arrays.fill(counts, 0);
            slotNanos = nanos;
            latest = now;
            counts[slot(now)] = EVERYTHING;
        }
        forget(counts, now);
        counts[slot(latest)] = Math.min(EVERYTHING, counts[slot(latest)] + count);
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
        forget(counts, Math.floorDiv(now, slotNanos));
        for (long stretch = latest - SLOTS + 1; stretch <= latest; stretch++) {
            int count = counts[slot(stretch)];
            if (count > 0) {
                reader.sent(count, Math.max(0, now - (stretch + 1) * slotNanos));
            }
        }
    }

    /** Lets go of what counts no more; true when nothing is left. */
    synchronized boolean rest() {
        if (counts != null && count(counts) == 0) {
            counts = null;
            none.run();
        }
        return counts == null;
    }

    private long count(int[] counts) {
        forget(counts, Math.floorDiv(ticker.read(), slotNanos));
        return Arrays.stream(counts).asLongStream().sum();
    }

    private void forget(int[] counts, long now) {
        for (long gone = Math.max(latest, now - SLOTS) + 1; gone <= now; gone++) {
            counts[slot(gone)] = 0;
        }
        latest = Math.max(latest, now);
    }

    private static int slot(long number) {
        return (int) number & SLOTS - 1;
    }
}
