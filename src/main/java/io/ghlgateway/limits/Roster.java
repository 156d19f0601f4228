package io.ghlgateway.limits;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds on to the budgets, and to the limits beside them, that have something to remember. Whoever spends has the oldest tidied now and then, so that
 * those grown idle go without a timer, and no call pays for many.
 */
final class Roster {

    private static final long PACE_NANOS = 1_000_000;
    private static final int AT_ONCE = 4;

    /** Something to remember. */
    interface Guest {

        /** Lets go of what need not be kept; false when something is left, and the guest stays. */
        boolean leave();
    }

    private final Queue<Guest> present = new ConcurrentLinkedQueue<>();
    private final AtomicLong tidiedAt = new AtomicLong();

    void enter(Guest guest) {
        present.add(guest);
    }

    void tidy(long now) {
        long last = tidiedAt.get();
        if (now - last < PACE_NANOS || !tidiedAt.compareAndSet(last, now)) {
            return;
        }
        for (int i = 0; i < AT_ONCE; i++) {
            var oldest = present.poll();
            if (oldest != null && !oldest.leave()) {
                present.add(oldest);
            }
        }
    }
}
