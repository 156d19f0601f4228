package io.ghlgateway.dispatch;

import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those of a {@link Line} who stand at the same place, in order of arrival. Not thread-safe: its lane's lock guards it.
 */
final class Rank {

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(1, Waiter.ORDER);
    // Who is done stays in the queue until it comes to the head, so leaving costs nothing however long the line is.
    private int waiting;
    private int expected;

    /** Those who wait, and those whose wait is being predicted. */
    int size() {
        return waiting + expected;
    }

    void expect() {
        expected++;
    }

    void stopExpecting() {
        expected--;
    }

    void add(Waiter waiter) {
        waiters.add(waiter);
        waiting++;
    }

    @Nullable
    Waiter head() {
        var head = waiters.peek();
        while (head != null && head.isDone()) {
            waiters.remove();
            head = waiters.peek();
        }
        return head;
    }

    /** Takes out whom {@link #head} just gave. */
    void removeHead() {
        waiters.remove();
        waiting--;
    }

    /** One of those who wait is done now. */
    void leave() {
        waiting--;
        if (waiters.size() > 2 * waiting + 64) {
            waiters.removeIf(Waiter::isDone);
        }
    }

    Stream<Waiter> stream() {
        return waiters.stream().filter(waiter -> !waiter.isDone());
    }
}
