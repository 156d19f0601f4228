package io.ghlgateway.dispatch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many requests, and bytes of their kept bodies, wait in the whole process. Any thread. */
final class Occupancy {

    private final Lanes.Bounds bounds;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Occupancy(Lanes.Bounds bounds) {
        this.bounds = bounds;
    }

    int waiting() {
        return waiting.get();
    }

    /** Takes a place, or says that there is none. What entered must {@link #leave}. */
    boolean enter(Waiter waiter) {
        enterUnchecked(waiter);
        if (waiting.get() > bounds.total() || bytes.get() > bounds.bytes()) {
            leave(waiter);
            return false;
        }
        return true;
    }

    /** Whether {@link #enter} would take it now. */
    boolean hasRoom(Waiter waiter) {
        return waiting.get() < bounds.total() && bytes.get() + waiter.weight() <= bounds.bytes();
    }

    /** Takes a place for one that had one before: it is never turned away. */
    void enterUnchecked(Waiter waiter) {
        waiting.incrementAndGet();
        bytes.addAndGet(waiter.weight());
    }

    void leave(Waiter waiter) {
        waiting.decrementAndGet();
        bytes.addAndGet(-waiter.weight());
    }
}
