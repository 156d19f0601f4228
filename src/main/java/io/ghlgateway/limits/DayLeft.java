package io.ghlgateway.limits;

/**
 * What a reply said of the day: of {@code quota}, {@code remaining} were left.
 *
 * @param remaining zero or more; sends that are paid for and not yet under way are already taken off
 */
public record DayLeft(long quota, long remaining) {

    /**
     * How many of a bucket's tokens somebody else must have spent. A bucket that still stands under a larger quota is
     * about to change, and what was spent of it stays spent then: so it keeps what it has beyond this quota. One under a
     * smaller quota keeps as many as there truly are.
     */
    public long excess(long available, long capacity) {
        return Reconciliation.excess(available, remaining + Math.max(0, capacity - quota));
    }

    DayLeft lower(DayLeft other) {
        return other.remaining < remaining ? other : this;
    }
}
