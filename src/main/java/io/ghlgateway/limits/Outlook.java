package io.ghlgateway.limits;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.EstimationProbe;

/**
 * What a bucket holds, and how long until it will have given as many as were asked about.
 *
 * @param available never below zero
 * @param nanos zero when they are there now
 * @param byPace whether the window has them, and only may not give so many at once
 */
public record Outlook(long available, long nanos, boolean byPace) {

    /** @param position may be more than the bucket can hold */
    public static Outlook of(BucketState state, long position, long nowNanos) {
        long available = Math.max(0, state.getAvailableTokens());
        return new Outlook(
                available, state.calculateDelayNanosAfterWillBePossibleToConsume(position, nowNanos, false), false);
    }

    /**
     * @param near the bucket's own estimate of a position within its capacity
     * @param beyond how much further the position is: whole capacities. Bucket4j calls such a position impossible; in
     *     truth each capacity takes one more period.
     * @param window what the bucket stands under
     */
    public static Outlook of(EstimationProbe near, long beyond, BucketConfiguration window) {
        long periods = beyond / StrictWindow.requests(window);
        return new Outlook(
                Math.max(0, near.getRemainingTokens()),
                near.getNanosToWaitForRefill() + periods * window.getBandwidths()[0].getRefillPeriodNanos(),
                false);
    }

    /** As it is for one that is paid for already. */
    Outlook now() {
        return new Outlook(available, 0, false);
    }

    /** How long, where nothing is sent for {@code idle}: logs count in milliseconds, and what is no later waits for no more. */
    long nanosAfter(long idle) {
        return idle > 0 && nanos - idle <= 1_000_000L ? idle : nanos;
    }

    /** What a short window waits for. */
    Cause cause() {
        return byPace ? Cause.PACE : Cause.WINDOW;
    }
}
