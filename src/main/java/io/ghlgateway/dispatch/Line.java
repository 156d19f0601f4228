package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those who wait for their turn, in order of arrival, and the places they take. Not thread-safe: its lane's lock guards it. */
final class Line {

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Waiter.BY_TICKET);
    private final Occupancy occupancy;
    // Who is done stays in the queue until it comes to the head, so leaving costs nothing however long the line is.
    private int size;

    Line(Occupancy occupancy) {
        this.occupancy = occupancy;
    }

    int size() {
        return size;
    }

    void add(Waiter waiter) {
        waiter.state = State.QUEUED;
        waiters.add(waiter);
        size++;
    }

    /** Who is next, if anyone waits. */
    @Nullable
    Waiter head() {
        var waiter = waiters.peek();
        while (waiter != null && waiter.isDone()) {
            waiters.poll();
            waiter = waiters.peek();
        }
        return waiter;
    }

    @Nullable
    Waiter poll() {
        var waiter = head();
        if (waiter != null) {
            waiters.poll();
            size--;
        }
        return waiter;
    }

    /** Ends a stay, wherever the waiter stands; every waiter that has a place is finished exactly once. */
    void finish(Waiter waiter) {
        if (waiter.state == State.QUEUED) {
            size--;
        }
        waiter.state = State.DONE;
        waiter.unwatch();
        occupancy.leave(waiter);
        if (waiters.size() > 2 * size + 64) {
            waiters.removeIf(Waiter::isDone);
        }
    }

    /** Finishes all in the line that match. */
    List<Waiter> finishIf(Predicate<Waiter> condition) {
        var matching = waiters.stream()
                .filter(waiter -> !waiter.isDone() && condition.test(waiter))
                .toList();
        matching.forEach(this::finish);
        return matching;
    }
}
