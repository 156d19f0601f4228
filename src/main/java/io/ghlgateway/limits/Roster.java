package io.ghlgateway.limits;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds on to the budgets, and to the limits beside them, that have something to remember. Whoever spends has the oldest tidied now and then, so that
 * those grown idle go without a timer, and no call pays for many.
 */
final class Roster {

    private static final long PACE_NANOS = 1_000_000;
    private static final int AT_ONCE = 4;

    /** Something to remember. */
    abstract static class Guest {

        final Roster roster;
        private final AtomicBoolean present = new AtomicBoolean();

        Guest(Roster roster) {
            this.roster = roster;
        }

        /** Keeps it in memory though nobody may be holding it. */
        final void stay() {
            if (!present.get() && present.compareAndSet(false, true)) {
                roster.present.add(this);
            }
        }

        /** Whether it left; who comes back meanwhile is entered anew. */
        private boolean leave() {
            present.set(false);
            return letGo() || !present.compareAndSet(false, true);
        }

        /** Lets go of what need not be kept. True when nothing is left to let go of. */
        abstract boolean letGo();
    }

    private final Queue<Guest> present = new ConcurrentLinkedQueue<>();
    private final AtomicLong tidiedAt = new AtomicLong();

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
