package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.HeapBucket;
import io.ghlgateway.limits.HeapLog;
import io.ghlgateway.limits.Ledger;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.RecentSpends;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.TokenBucket;
import io.ghlgateway.limits.WindowLog;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What one replica grants on its own from the moment Redis is lost until it is back: its part of four fifths of each
 * quota, from one period after the last shared grant on, for what the others were granted until then is not known. But of a key
 * that is known to be quiet ({@link BusyKeys}) at most half can be on its way, and the part of the other half is granted at
 * once. Endpoints' buckets begin empty, days full.
 *
 * <p>Together the replicas stay within the quota as long as they lose Redis together. One that is cut off while others
 * go on exceeds by its part: that is the price of serving at all.
 */
final class LocalShare {

    private static final double PRUDENT = 0.8;

    private final TimeMeter clock;
    private final int replicas;
    private final long sinceNanos;
    private final long opensAtNanos;
    private final Optional<Future<Set<String>>> busy;
    private volatile boolean lingers;

    /**
     * @param sinceNanos when the last shared grant can have been, epoch nanoseconds
     * @param busy the logs of which more than half of the quota may have been granted; empty where it may be any
     */
    LocalShare(TimeMeter clock, int replicas, long sinceNanos, Duration period, Optional<Future<Set<String>>> busy) {
        this.clock = clock;
        this.replicas = replicas;
        this.sinceNanos = sinceNanos;
        this.opensAtNanos = sinceNanos + period.toNanos();
        this.busy = busy;
    }

    /** Whether it, or that of another replica that lost Redis with it, can have granted anything beside what is early. */
    boolean opened() {
        return clock.currentTimeNanos() >= opensAtNanos;
    }

    /** Completed, on any thread, when logs may be made; soon. */
    Future<Void> knowsBusyKeys() {
        return busy.<Future<Void>>map(known -> known.mapEmpty()).orElseGet(Future::succeededFuture);
    }

    /**
     * Redis answers again and may not grant yet: until it may, or this would have opened, keys that are quiet go on.
     *
     * @return false where there are none: it has ended
     */
    boolean startLingering() {
        boolean goesOn = busy.isPresent() && !opened();
        lingers |= goesOn;
        return goesOn;
    }

    Duration opensIn() {
        return Duration.ofNanos(Math.max(0, opensAtNanos - clock.currentTimeNanos()));
    }

    boolean lingers() {
        return lingers;
    }

    /** Whether nothing of it may be sent any more: it lingered, and would have opened by now. */
    boolean hasEnded() {
        return lingers && opened();
    }

    /** How much of a quota all replicas' shares of it together grant before they have opened. */
    static int early(Limit limit) {
        return (int) (PRUDENT * limit.requests() / 2);
    }

    /** How much of it they grant together once they have. */
    static int whole(Limit limit) {
        return (int) (PRUDENT * limit.requests());
    }

    /** How long ago the last shared grant can have been. */
    Duration lasted() {
        return Duration.ofNanos(clock.currentTimeNanos() - sinceNanos);
    }

    /** This replica's part of a quota; empty when it is less than one. */
    Optional<Limit> of(Limit limit) {
        int requests = (int) (PRUDENT * limit.requests() / replicas);
        long daily = (long) (PRUDENT * limit.daily() / replicas);
        return requests == 0 || daily == 0 ? Optional.empty() : Optional.of(new Limit(requests, limit.per(), daily));
    }

    /**
     * Gives nothing before what was sent until the loss counts no more, and before {@link #opened}; of a quiet key it gives half sooner.
     *
     * @param key what {@link BusyKeys} tell it by
     */
    WindowLog log(String key, Limit part, Duration guard) {
        long own = sinceNanos + part.per().plus(guard).toNanos();
        long opensAt = -Math.floorDiv(-Math.max(opensAtNanos, own), 1_000_000L);
        // Of a longer interval than the configured one nobody knows so far back.
        boolean early = part.requests() > 1
                && own <= opensAtNanos
                && busy.filter(known -> known.succeeded() && !known.result().contains(key))
                        .isPresent();
        return early
                ? new OpeningLog(part, guard, clock, opensAt)
                : new HeapLog(part, guard, clock, Ledger.NONE, opensAt);
    }

    /** Begins empty for a period of its own. */
    TokenBucket route(StrictWindow part) {
        var before = RecentSpends.everything(sinceNanos, part.period());
        return new HeapBucket(part, clock, new Ledger() {
            @Override
            public Past past() {
                return before.of(0, clock.currentTimeNanos());
            }
        });
    }

    /** What was spent of the day before is not known here; the next reply's {@code Daily-Remaining} tells. */
    TokenBucket day(StrictWindow part) {
        return new HeapBucket(part, clock, Ledger.NONE);
    }
}
