package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * What one replica grants on its own from the moment Redis is lost until it is back: its part of four fifths of each
 * quota. Its log and its endpoints' buckets begin empty, its day full, so that the first local grant comes one period after the last shared one.
 *
 * <p>Together the replicas stay within the quota as long as they lose Redis together. One that is cut off while others
 * go on exceeds by its part: that is the price of serving at all.
 */
final class LocalShare {

    static final String NONE_LEFT = "Redis is lost, and this replica's share of the quota is less than one";

    private static final double PRUDENT = 0.8;

    private final TimeMeter clock;
    private final int replicas;
    private final long sinceNanos;
    private final long opensAtNanos;

    /** @param sinceNanos when the last shared grant can have been, epoch nanoseconds */
    LocalShare(TimeMeter clock, int replicas, long sinceNanos, Duration period) {
        this.clock = clock;
        this.replicas = replicas;
        this.sinceNanos = sinceNanos;
        this.opensAtNanos = sinceNanos + period.toNanos();
    }

    /** Whether it, or that of another replica that lost Redis with it, can have granted anything yet. */
    boolean opened() {
        return clock.currentTimeNanos() >= opensAtNanos;
    }

    /** This replica's part of a quota; empty when it is less than one. */
    Optional<Limit> of(Limit limit) {
        int requests = (int) (PRUDENT * limit.requests() / replicas);
        long daily = (long) (PRUDENT * limit.daily() / replicas);
        return requests == 0 || daily == 0 ? Optional.empty() : Optional.of(new Limit(requests, limit.per(), daily));
    }

    /** Gives nothing before what was sent until the loss counts no more, and before {@link #opened}. */
    SendLog log(Limit part, Duration guard) {
        long own = sinceNanos + part.per().plus(guard).toNanos();
        long opensAt = Math.max(opensAtNanos, own);
        return new HeapLog(part, guard, clock, Ledger.NONE, -Math.floorDiv(-opensAt, 1_000_000L));
    }

    /** Begins empty for a period of its own. */
    TokenBucket route(StrictWindow part) {
        return new HeapBucket(part, clock, new Beginning(RecentSpends.everything(sinceNanos, part.period())));
    }

    /** What was spent of the day before is not known here; the next reply's {@code Daily-Remaining} tells. */
    TokenBucket day(StrictWindow part) {
        return new HeapBucket(part, clock, Ledger.NONE);
    }

    private final class Beginning implements Ledger {

        private final RecentSpends before;

        Beginning(RecentSpends before) {
            this.before = before;
        }

        @Override
        public Past past() {
            return before.of(0, clock.currentTimeNanos());
        }
    }
}
