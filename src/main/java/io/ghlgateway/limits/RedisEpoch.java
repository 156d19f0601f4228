package io.ghlgateway.limits;

import io.lettuce.core.SetArgs;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that tells a Redis which remembers from one which forgot. It never expires and holds the time from which
 * shared grants may begin (zero: always), the run of the Redis server (of a Cluster: of all its masters) that the buckets
 * were last kept by, and its birth: which replica found none and made it.
 *
 * <p>Missing though it was there before, of another birth, or written under another run (a restart, perhaps from an old
 * snapshot; a promoted replica): what the buckets hold cannot be believed, so nothing is granted for one period, or until all
 * replicas have told what they sent ({@link Repayment}). Missing
 * when a replica looks for the first time it means a first start, which begins full, unless Redis says that it was emptied.
 */
final class RedisEpoch {

    private static final Logger LOG = LoggerFactory.getLogger(RedisEpoch.class);

    private final RedisCalls redis;
    private final byte[] key;
    private final String self;
    private final Supplier<Future<Boolean>> emptied;
    private final SharedClock clock;
    private final Duration period;
    private volatile @Nullable Known known; // written under this

    /**
     * @param self this replica's name, without blanks
     * @param emptied whether the servers were emptied in their lives; asked where no mark was ever seen
     */
    RedisEpoch(
            RedisCalls redis,
            byte[] key,
            String self,
            Supplier<Future<Boolean>> emptied,
            SharedClock clock,
            Duration period) {
        this.redis = redis;
        this.key = key;
        this.self = self;
        this.emptied = emptied;
        this.clock = clock;
        this.period = period;
    }

    /** When shared grants may begin, in epoch nanoseconds; as far as is known. */
    long opensAtNanos() {
        return state().opensAtNanos();
    }

    /** All of it as it was at one moment. */
    State state() {
        var now = known;
        return now == null
                ? new State(Long.MAX_VALUE, 0, Set.of())
                : new State(TimeUnit.MILLISECONDS.toNanos(now.mark().opensAtMillis()), now.lives(), now.openings());
    }

    /**
     * What is known.
     *
     * @param opensAtNanos when shared grants may begin, in epoch nanoseconds
     * @param lives how often Redis was found to have forgotten something, or to be another server
     * @param openings when they were to begin, in epoch milliseconds: of the pause that goes on, or of the last, all that were seen
     */
    record State(long opensAtNanos, long lives, Set<Long> openings) {}

    private record Known(Mark mark, long lives, Set<Long> openings) {}

    /** Reads the mark again, and mends it. Fails when Redis does not answer. */
    Future<Void> check(String run) {
        return redis.call(c -> c.get(key)).compose(value -> {
            var mark = value == null ? null : Mark.parse(new String(value, StandardCharsets.US_ASCII));
            var now = known;
            var before = now == null ? null : now.mark();
            if (mark != null && (mark.run().equals(run) || mark.run().isEmpty() || run.isEmpty())) {
                if (mark.isFirst() && before != null && !before.birth().equals(mark.birth())) {
                    // A replica that was new here took a Redis that forgot for a first start.
                    return distrust(run);
                }
                know(mark);
                return Future.succeededFuture();
            }
            boolean missing = value == null;
            if (missing && before == null) {
                return emptied.get().compose(was -> was ? rest(run, true) : write(0, run, birth(), true));
            }
            return rest(run, missing);
        });
    }

    private Future<Void> rest(String run, boolean missing) {
        LOG.warn(
                "Redis {}: no sends for up to {}", missing ? "forgot everything" : "was restarted or replaced", period);
        return write(closed(), run, missing ? birth() : sameBirth(), missing);
    }

    /** No replica grants for one period from now; those that are connected learn of it within two seconds. */
    Future<Void> postpone(String run) {
        return write(closed(), run, sameBirth(), false);
    }

    /** The same, and that what it kept cannot be believed. */
    Future<Void> distrust(String run) {
        return write(closed(), run, birth(), false);
    }

    private long closed() {
        return now() + period.toMillis();
    }

    /** Unlike any before. */
    private String birth() {
        return self + "." + now();
    }

    private String sameBirth() {
        var now = known;
        return now == null ? birth() : now.mark().birth();
    }

    /** Where the mark is missing the first replica to write wins; all others read what it wrote. */
    private Future<Void> write(long opensAtMillis, String run, String birth, boolean missing) {
        var value = new Mark(opensAtMillis, run, birth).toString().getBytes(StandardCharsets.US_ASCII);
        var args = missing ? SetArgs.Builder.nx() : SetArgs.Builder.xx();
        return redis.call(c -> c.set(key, value, args))
                .compose(done -> redis.call(c -> c.get(key)))
                .map(written -> {
                    if (written != null) {
                        know(Mark.parse(new String(written, StandardCharsets.US_ASCII)));
                    }
                    return null;
                });
    }

    private synchronized void know(@Nullable Mark mark) {
        if (mark == null) {
            return; // not ours; the next look mends it
        }
        var before = known;
        long lives = before == null ? 0 : before.lives() + (mark.isOfSameLife(before.mark()) ? 0 : 1);
        boolean wasClosed = before != null && before.mark().opensAtMillis() > now();
        var openings = wasClosed ? new HashSet<>(before.openings()) : new HashSet<Long>();
        openings.add(mark.opensAtMillis());
        known = new Known(mark, lives, Set.copyOf(openings));
    }

    private long now() {
        return clock.currentTimeNanos() / 1_000_000L;
    }

    /** @param birth empty for one that was made before there were any, by a version that reads it only without */
    private record Mark(long opensAtMillis, String run, String birth) {

        static @Nullable Mark parse(String text) {
            var parts = text.split(" ", -1);
            boolean isMark = (parts.length == 2 || parts.length == 3) && parts[0].matches("\\d{1,13}");
            return isMark ? new Mark(Long.parseLong(parts[0]), parts[1], parts.length == 3 ? parts[2] : "") : null;
        }

        boolean isFirst() {
            return opensAtMillis == 0;
        }

        boolean isOfSameLife(Mark other) {
            return run.equals(other.run) && birth.equals(other.birth);
        }

        @Override
        public String toString() {
            return opensAtMillis + " " + run + (birth.isEmpty() ? "" : " " + birth);
        }
    }
}
