package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * How many retries the upstream may be burdened with: a share of the requests of the last ten seconds plus a constant
 * rate, so that a failing upstream sees little more load than a healthy one (Finagle's {@code RetryBudget}: 20 % and 10
 * a second). 429s are not retried from here: the budget they wait for bounds them.
 */
final class RetryBudget {

    private static final int SLOTS = 10;
    private static final long SLOT_NANOS = 1_000_000_000L;

    private final Ticker ticker;
    private final double share;
    private final int perSecond;
    // guarded by this: deposits and withdrawals of each of the last ten seconds
    private final long[] requests = new long[SLOTS];
    private final long[] retries = new long[SLOTS];
    private long slot;

    RetryBudget(Ticker ticker, int percent, int perSecond) {
        this.ticker = ticker;
        this.share = percent / 100.0;
        this.perSecond = perSecond;
        this.slot = ticker.read() / SLOT_NANOS;
    }

    synchronized void request() {
        turn();
        requests[Math.floorMod(slot, SLOTS)]++;
    }

    /** Takes one retry, if one is left. */
    synchronized boolean tryRetry() {
        turn();
        long asked = 0;
        long retried = 0;
        for (int i = 0; i < SLOTS; i++) {
            asked += requests[i];
            retried += retries[i];
        }
        if (retried + 1 > asked * share + (double) perSecond * SLOTS) {
            return false;
        }
        retries[Math.floorMod(slot, SLOTS)]++;
        return true;
    }

    private void turn() {
        long now = ticker.read() / SLOT_NANOS;
        for (long turned = 0; slot < now && turned < SLOTS; turned++) {
            slot++;
            requests[Math.floorMod(slot, SLOTS)] = 0;
            retries[Math.floorMod(slot, SLOTS)] = 0;
        }
        slot = Math.max(slot, now);
    }
}
