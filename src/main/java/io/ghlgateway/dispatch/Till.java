package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import io.ghlgateway.limits.Spend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers with a connection in hand on one side, paid permits on the other. Permits are at hand when a spend comes back,
 * or when the caller they were paid for left before it could send; they age fast. Not thread-safe: its lane's lock
 * guards it.
 */
final class Till {

    /** @param paidAt the monotonic clock reading that the permit was paid with */
    record Paid(Waiter waiter, long paidAt) {}

    private final ArrayDeque<Waiter> ready = new ArrayDeque<>();
    private final ArrayDeque<Long> permits = new ArrayDeque<>();
    private boolean spending;

    int ready() {
        return ready.size();
    }

    int permits() {
        return permits.size();
    }

    void add(Waiter waiter) {
        waiter.state = State.READY;
        ready.addLast(waiter);
    }

    /** For one whose permit had aged. */
    void addFirst(Waiter waiter) {
        waiter.state = State.READY;
        ready.addFirst(waiter);
    }

    void remove(Waiter waiter) {
        ready.remove(waiter);
    }

    /** All who were not paid for, the last first. */
    List<Waiter> removeAll() {
        var all = new ArrayList<Waiter>(ready.size());
        while (!ready.isEmpty()) {
            all.add(ready.removeLast());
        }
        return all;
    }

    /** How many permits a spend should ask for now; 0 when nobody is ready or one is under way. */
    int claim() {
        if (spending || ready.isEmpty()) {
            return 0;
        }
        spending = true;
        return ready.size();
    }

    /** The spend that was claimed came back. */
    void settle(Spend spend) {
        spending = false;
        for (int i = 0; i < spend.granted(); i++) {
            permits.add(spend.readAt());
        }
    }

    /** A permit whose caller left. */
    void handBack(long paidAt) {
        permits.add(paidAt);
    }

    /** Brings callers and permits together, in order. */
    List<Paid> match() {
        if (ready.isEmpty() || permits.isEmpty()) {
            return List.of();
        }
        var pairs = new ArrayList<Paid>(Math.min(ready.size(), permits.size()));
        while (!ready.isEmpty() && !permits.isEmpty()) {
            pairs.add(new Paid(ready.remove(), permits.remove()));
        }
        return pairs;
    }

    /** Drops permits older than {@code ttl}, telling of each. */
    void dropStale(long now, Duration ttl, Runnable lost) {
        while (!permits.isEmpty() && now - permits.element() > ttl.toNanos()) {
            permits.remove();
            lost.run();
        }
    }
}
