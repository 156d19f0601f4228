package io.ghlgateway.limits;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Grants in the order of their times, and the most of them that any half-open stretch of one length ever saw. */
public final class GrantLog {

    private record Grant(long at, int count) {}

    private final long stretch;
    private final Deque<Grant> recent = new ArrayDeque<>();
    private int inStretch;
    private int most;
    private long total;

    public GrantLog(Duration stretch) {
        this.stretch = stretch.toNanos();
    }

    public void add(long at, int count) {
        if (count == 0) {
            return;
        }
        forget(at);
        recent.add(new Grant(at, count));
        inStretch += count;
        total += count;
        most = Math.max(most, inStretch);
    }

    /** How many there were in the stretch that ends now. */
    int inStretch(long at) {
        forget(at);
        return inStretch;
    }

    private void forget(long at) {
        while (!recent.isEmpty() && recent.peek().at() <= at - stretch) {
            inStretch -= recent.remove().count();
        }
    }

    public int most() {
        return most;
    }

    public long total() {
        return total;
    }
}
