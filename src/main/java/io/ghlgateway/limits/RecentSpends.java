package io.ghlgateway.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What was spent within one period before this process began, added up for each key. Filled by one thread at boot; from
 * then on it doesn't change, and any thread may ask.
 *
 * <p>What can't be told (a damaged file, a ring that turned over within the period) counts as everything spent.
 */
public final class RecentSpends implements SpendRing.Reader {

    static final RecentSpends NONE = new RecentSpends(0, Duration.ZERO);

    /** Threads stamp their records before they are ordered. */
    private static final long SLACK_MILLIS = 1_000;

    private final long bootNanos;
    private final long periodNanos;
    private final Map<Long, Long> spent = new HashMap<>();
    private boolean unknown;
    private int slots;
    private long oldest;

    RecentSpends(long bootNanos, Duration period) {
        this.bootNanos = bootNanos;
        this.periodNanos = period.toNanos();
    }

    /** As if all keys had spent all they had. */
    public static RecentSpends everything(long untilNanos, Duration period) {
        var spends = new RecentSpends(untilNanos, period);
        spends.unknown();
        return spends;
    }

    void unknown() {
        unknown = true;
    }

    void beginRing() {
        slots = 0;
        oldest = Long.MAX_VALUE;
    }

    @Override
    public void grant(int slot, long hash, long epochMillis, int count) {
        slots++;
        oldest = Math.min(oldest, epochMillis);
        // A record of the future, written before the clock was set back, counts too.
        if (epochMillis >= begin()) {
            spent.merge(hash, (long) count, Long::sum);
        }
    }

    /** True when the ring just read may have lost records of the period. */
    boolean endRing() {
        boolean turnedOver = slots == SpendRing.slots() && oldest >= begin() - SLACK_MILLIS;
        unknown |= turnedOver;
        return turnedOver;
    }

    /** What to charge a bucket with that is made at {@code nowNanos}. */
    public Ledger.Past of(long hash, long nowNanos) {
        if (nowNanos - bootNanos >= periodNanos) {
            return Ledger.Past.NOTHING;
        }
        return new Ledger.Past(unknown ? Long.MAX_VALUE : spent.getOrDefault(hash, 0L), bootNanos);
    }

    private long begin() {
        return Math.floorDiv(bootNanos - periodNanos, 1_000_000L);
    }
}
