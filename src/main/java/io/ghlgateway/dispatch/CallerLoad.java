package io.ghlgateway.dispatch;

import java.util.LinkedHashSet;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests in this process of one caller that has a quota: who wait in its lanes, and who are under way. Any thread. */
final class CallerLoad {

    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LinkedHashSet<Runnable> blocked = new LinkedHashSet<>(); // guarded by itself, in order of asking
    private final Wakes wakes = new Wakes();

    /** @param most how many may be under way at once */
    CallerLoad(int most) {
        this.most = most;
    }

    /** How many more may be under way now. */
    int free() {
        return most - underWay.get();
    }

    /** Takes as many places as there are, of those that are wanted; each is to be released. */
    int take(int wanted) {
        int before = underWay.getAndUpdate(busy -> busy + taken(busy, wanted));
        return taken(before, wanted);
    }

    private int taken(int busy, int wanted) {
        return Math.max(0, Math.min(wanted, most - busy));
    }

    /** Under no lane's lock, for it wakes lanes: one for each place. */
    void release(int places) {
        if (places > 0) {
            underWay.addAndGet(-places);
            wake(places);
        }
    }

    /** So many were woken and have no use for it: others are, while a place is free. Under no lane's lock. */
    void pass(int woken) {
        if (free() > 0) {
            wake(woken);
        }
    }

    private void wake(int lanes) {
        for (int i = 0; i < lanes; i++) {
            Runnable next;
            synchronized (blocked) {
                var all = blocked.iterator();
                if (!all.hasNext()) {
                    return;
                }
                next = all.next();
                all.remove();
            }
            wakes.run(next);
        }
    }

    /**
     * Has {@code wake} run when a place is free again, once, after those who asked before. Who asks must look again
     * afterwards, and who is woken must take a place or {@link #pass}.
     */
    void tellWhenFree(Runnable wake) {
        synchronized (blocked) {
            blocked.add(wake);
        }
    }

    void waits(int more) {
        waiting.addAndGet(more);
    }

    int waiting() {
        return waiting.get();
    }
}
