package io.ghlgateway.limits;

import io.github.bucket4j.EstimationProbe;

/**
 * What a bucket holds, and how long until it will have given as many as were asked about.
 *
 * @param available never below zero
 * @param nanos zero when they are there now
 */
record Outlook(long available, long nanos) {

    /**
     * @param near the bucket's own estimate of a position within its capacity
     * @param beyond how much further the position is: whole capacities. Bucket4j calls such a position impossible; in
     *     truth each capacity takes one more period.
     */
    static Outlook of(EstimationProbe near, long beyond, StrictWindow window) {
        long periods = beyond / window.requests();
        return new Outlook(
                Math.max(0, near.getRemainingTokens()),
                near.getNanosToWaitForRefill() + periods * window.period().toNanos());
    }
}
