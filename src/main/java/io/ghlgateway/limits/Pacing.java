package io.ghlgateway.limits;

/**
 * The bound on what is sent at once: a plain token bucket that fills at the quota's own rate. Milliseconds.
 *
 * @param allowance what it holds at most
 */
record Pacing(long requests, long per, int allowance) {

    /** So many windows are gone through one by one; what comes after them comes as they do. */
    private static final int FORESEEN = 4;

    /** What it holds so much later. */
    double after(double level, long millis) {
        return Math.min(allowance, level + (double) millis * requests / per);
    }

    private long untilOne(double level) {
        return (long) Math.ceil((1 - level) * per / requests);
    }

    /**
     * When the send at {@code position} may be made if each before it is made as soon as both this and the window have room,
     * from then on: what the window holds up does not come at once later.
     *
     * @param level what it holds at {@code from}
     * @param sent what the window counts; changed
     * @param capacity of the window
     * @param period for how long it counts
     */
    long when(long position, long from, double level, PaymentTimes sent, long capacity, long period) {
        long beyond = Math.max(0, (position - 1) / capacity - (FORESEEN - 1));
        long near = position - beyond * capacity;
        long at = from;
        double held = level;
        long before = Long.MIN_VALUE; // when the one a window earlier was
        for (long done = 0; ; ) {
            long left = capacity - sent.countSince(at - period);
            long next = at;
            if (left <= 0) {
                next = sent.when(sent.total() - capacity + 1) + period + 1;
            } else if (held >= 1) {
                long count = Math.min(Math.min(left, (long) held), near - done);
                sent.add(count, at);
                done += count;
                held -= count;
                if (before == Long.MIN_VALUE && done >= near - capacity) {
                    before = at;
                }
                if (done == near) {
                    return at + beyond * Math.max(at - before, period + 1);
                }
            }
            if (held < 1) {
                next = Math.max(next, at + untilOne(held));
            }
            held = after(held, next - at);
            at = next;
        }
    }
}
