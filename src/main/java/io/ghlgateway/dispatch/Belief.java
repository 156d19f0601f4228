package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Spend;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lane believes its budget to hold, so that it gives turns for permits that are likely there and asks only when
 * it cannot know. Wrong beliefs cost a look or a wait, never a permit: only a spend pays. Not thread-safe: its lane's
 * lock guards it.
 */
final class Belief {

    private static final Logger LOG = LoggerFactory.getLogger(Belief.class);

    /** A dry budget is looked at again before it is due to give, if that is later: holds end and limits rise while we wait. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final Duration LOOK_AT_LAST = Duration.ofSeconds(5);

    /**
     * How many callers may hold a connection before they are paid for. Few, for they are paid for together and written
     * one after the other, and the last of them must still be written within permit-ttl on a slow and cold machine.
     */
    private static final int MOST_TURNS = 16;

    private int free;
    private boolean denied;
    /** Nothing was spent since the budget was asked last. */
    private boolean fresh;

    private boolean looking;
    private boolean asking;

    private boolean dry;
    private long dryUntil;

    /** Whether the budget is known to hold nothing yet. */
    boolean isDry(long now) {
        dry = dry && now - dryUntil < 0;
        return dry;
    }

    /** Whether there is anything to be decided about turns now. */
    boolean isOpen(int inTurn, long now) {
        return inTurn < MOST_TURNS && !isDry(now);
    }

    /** Whether one more may take its turn beside {@code inTurn} others. A lone one may always try. */
    boolean pays(int inTurn) {
        return !denied && (inTurn < free || inTurn == 0);
    }

    /** Claims the next question to the budget: true for the one who is to ask it, for it could tell something new. */
    boolean startsAsking() {
        boolean first = !fresh && !asking;
        asking |= first;
        return first;
    }

    /** All that is believed to be there is in turn. Claims the next look: true for the one who is to see later if more has come. */
    boolean startsLooking() {
        boolean first = !looking && !asking;
        looking |= first;
        return first;
    }

    /** What was known is too old to go by. */
    void age() {
        looking = false;
        fresh = false;
    }

    /** The budget holds something, as somebody was told just now. */
    void refute() {
        if (dry) {
            dry = false;
            denied = false;
            fresh = false;
        }
    }

    void spent(Spend spend, int wanted) {
        fresh = false;
        free = Math.max(0, free - spend.granted());
        if (spend.granted() < wanted) {
            free = 0;
            denied = true;
        }
    }

    /** For a budget that failed, which is a defect: the lane goes on all the same. */
    static Spend unspent(Throwable defect, long now) {
        LOG.error("a budget failed to be spent from", defect);
        return new Spend(0, Cause.DEGRADED, now);
    }

    /** Likewise. */
    static Forecast untold(Throwable defect) {
        LOG.error("a budget failed to foretell", defect);
        return new Forecast(0, LOOK_AGAIN, Cause.DEGRADED);
    }

    /** The longer the wait the less often: a thousand lanes that wait for a shared store would be its load. */
    private static Duration pause(Duration delay) {
        var pause = delay.dividedBy(4);
        if (pause.compareTo(LOOK_AGAIN) < 0) {
            pause = LOOK_AGAIN;
        } else if (pause.compareTo(LOOK_AT_LAST) > 0) {
            pause = LOOK_AT_LAST;
        }
        return delay.compareTo(pause) < 0 ? delay : pause;
    }

    /** @return how long there is nothing to be had; zero when there is something now */
    Duration told(Forecast forecast, long now) {
        asking = false;
        fresh = true;
        free = forecast.free();
        denied = !forecast.isNow();
        if (!denied) {
            return Duration.ZERO;
        }
        var pause = pause(forecast.delay());
        fresh = false;
        dry = true;
        dryUntil = now + pause.toNanos();
        return pause;
    }
}
