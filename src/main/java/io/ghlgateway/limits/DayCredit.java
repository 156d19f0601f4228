package io.ghlgateway.limits;

import java.util.concurrent.atomic.AtomicInteger;

/** Sends of the day that are paid for and that the short window had no room for: never lost, never spent twice. */
final class DayCredit {

    private final AtomicInteger sends = new AtomicInteger();

    int get() {
        return sends.get();
    }

    void add(int more) {
        sends.addAndGet(more);
    }

    /** @return how many there were, of {@code most} at most */
    int take(int most) {
        int had = sends.get();
        while (had > 0) {
            int taken = Math.min(had, most);
            if (sends.compareAndSet(had, had - taken)) {
                return taken;
            }
            had = sends.get();
        }
        return 0;
    }

    /** Throws away what is beyond {@code most}, and tells what is left. */
    int within(long most) {
        return sends.updateAndGet(had -> (int) Math.min(had, most));
    }
}
