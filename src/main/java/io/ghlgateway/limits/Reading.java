package io.ghlgateway.limits;

import io.github.bucket4j.BucketState;
import java.util.OptionalLong;

/**
 * How a burst bucket stood at one moment: enough to tell later how much was taken from it since, by all replicas. All
 * bandwidths give the same, so what one of them lost is what was taken, as long as it was not filled meanwhile; the one
 * filled last is filled again only a period later.
 *
 * @param quota of which it keeps something back, or nothing
 * @param capacity how many it gives in its window
 * @param spent how many were taken in the period before
 * @param restraint what was kept back
 * @param bandwidth the one that was filled last
 * @param left how many that one had
 * @param filledAtMillis when it was, epoch milliseconds
 */
record Reading(
        long quota, long capacity, long spent, Restraint restraint, int bandwidth, long left, long filledAtMillis) {

    static Reading of(BucketState state, long nowNanos) {
        var shape = StrictWindow.shape(state.getConfiguration());
        long now = Math.floorDiv(nowNanos, 1_000_000L);
        int freshest = shape.freshest(now);
        return new Reading(
                shape.quota(),
                shape.requests(),
                shape.requests() - shape.left(state),
                shape.restraint(),
                freshest,
                state.getCurrentSize(freshest),
                now - shape.age(freshest, now));
    }

    /** How many were taken from a period before this reading until now; empty when that cannot be told any more. */
    OptionalLong ownUntil(BucketState state, long nowNanos) {
        var shape = StrictWindow.shape(state.getConfiguration());
        long now = Math.floorDiv(nowNanos, 1_000_000L);
        return shape.requests() != capacity || now - filledAtMillis >= shape.periodMillis()
                ? OptionalLong.empty()
                : OptionalLong.of(spent + Math.max(0, left - state.getCurrentSize(bandwidth)));
    }
}
