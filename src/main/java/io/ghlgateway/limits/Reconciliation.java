package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import java.time.Duration;

/** What becomes of a budget when the upstream's headers say something else than we believed: arithmetic only. */
public final class Reconciliation {

    private Reconciliation() {}

    /**
     * What is left under a new quota when all that was spent under the old one stays spent.
     *
     * @return 0 to {@code newCapacity}
     */
    public static long carriedOver(long oldCapacity, long available, long newCapacity) {
        return Math.min(newCapacity, Math.max(0, newCapacity - (oldCapacity - available)));
    }

    /** How many of {@code available} to throw away so that no more than {@code remaining} stay; never loosens. */
    static long excess(long available, long remaining) {
        return Math.max(0, available - Math.max(0, remaining));
    }

    /** The part of a position that is within a capacity, 1 to {@code capacity}; the rest are whole periods. */
    static long withinCapacity(long position, long capacity) {
        return (position - 1) % capacity + 1;
    }

    /** The quota that a reply states; what it doesn't say stays as it is. */
    static Limit stated(Limit current, RateHeaders headers) {
        var per = headers.interval().orElse(current.per());
        int requests = headers.max().orElse(current.requests());
        long daily = headers.dailyMax().orElse(current.daily());
        return requests == current.requests() && daily == current.daily() && per.equals(current.per())
                ? current
                : new Limit(requests, per, daily);
    }

    /** Whether {@code next} allows more than {@code current} in any respect. */
    static boolean raises(Limit current, Limit next) {
        return next.daily() > current.daily()
                || perHour(next) > perHour(current)
                || next.requests() > current.requests();
    }

    /** What is the stricter of two quotas in each respect; stricter than both where one is short and the other long. */
    static Limit strictest(Limit current, Limit next) {
        if (perHour(next) <= perHour(current) && next.requests() <= current.requests()) {
            return new Limit(next.requests(), next.per(), Math.min(current.daily(), next.daily()));
        }
        return new Limit(
                Math.min(current.requests(), next.requests()),
                current.per().compareTo(next.per()) < 0 ? next.per() : current.per(),
                Math.min(current.daily(), next.daily()));
    }

    private static double perHour(Limit limit) {
        return (double) limit.requests()
                * Duration.ofHours(1).toNanos()
                / limit.per().toNanos();
    }
}
