package io.ghlgateway.dispatch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests in this process of one caller that has a quota: who wait in its lanes, and who are under way. Any thread. */
final class CallerLoad {

    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Runnable> blocked = ConcurrentHashMap.newKeySet();
    private final Wakes wakes = new Wakes();

    /** @param most how many may be under way at once */
    CallerLoad(int most) {
        this.most = most;
    }

    int most() {
        return most;
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

    /** Under no lane's lock, for it wakes lanes. */
    void release(int places) {
        if (places > 0) {
            underWay.addAndGet(-places);
            for (var wake : List.copyOf(blocked)) {
                if (blocked.remove(wake)) {
                    wakes.run(wake);
                }
            }
        }
    }

    /** Has {@code wake} run when a place is free again, once; who asks must look again afterwards. */
    void tellWhenFree(Runnable wake) {
        blocked.add(wake);
    }

    void waits(int more) {
        waiting.addAndGet(more);
    }

    int waiting() {
        return waiting.get();
    }
}
