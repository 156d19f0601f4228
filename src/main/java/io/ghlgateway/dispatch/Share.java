package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import java.util.Arrays;

/**
 * What part of a budget this lane has been getting while callers waited in it. The budget's own forecast takes a lane to
 * be the only one that spends; where replicas share a budget, each gets on more slowly than that, and a caller is better
 * told so at once than at the end of its patience.
 *
 * <p>Counted in intervals of the quota (the longest of those that are paid here), from the moment at which callers began to wait. The best of the last few is
 * believed, so that a rest after a 429 does not look like a share of nothing; and until two are over the forecast stands
 * as it is. Not thread-safe: its lane's lock guards it.
 */
final class Share {

    private static final int KEPT = 3;
    private static final int NEEDED = 2;

    private final int[] granted = new int[KEPT];
    private boolean waiting;
    private int over;
    private long intervalBegan;

    /** Nobody waits: what was counted is of no use for the next time. */
    void relax() {
        waiting = false;
    }

    /** Somebody waits, and this many were paid for. */
    void count(int grants, Limit limit, long now) {
        if (!waiting) {
            waiting = true;
            over = 0;
            intervalBegan = now;
            Arrays.fill(granted, 0);
        }
        long length = limit.per().toNanos();
        for (; now - intervalBegan >= length; intervalBegan += length) {
            over++;
            granted[over % KEPT] = 0;
        }
        granted[over % KEPT] += grants;
    }

    /**
     * The forecast, held against what was counted: never a shorter wait, and a longer one by whole intervals only. Which
     * replica comes first is chance, so one that got less than an equal share had bad luck, which is no forecast. Who shares
     * with nobody gets what the budget says.
     *
     * @param replicas how many share the budget
     */
    Forecast temper(Forecast forecast, int position, Limit limit, int replicas) {
        if (replicas == 1 || !waiting || over < NEEDED) {
            return forecast;
        }
        int best = Math.max(1, limit.requests() / replicas);
        for (int i = 0; i < KEPT; i++) {
            best = Math.max(best, i == over % KEPT ? 0 : granted[i]);
        }
        var atLeast = limit.per().multipliedBy((position - 1) / best);
        return best >= limit.requests() || atLeast.compareTo(forecast.delay()) <= 0 ? forecast : forecast.in(atLeast);
    }
}
