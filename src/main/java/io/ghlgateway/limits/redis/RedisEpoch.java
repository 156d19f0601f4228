package io.ghlgateway.limits.redis;

import io.ghlgateway.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;
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
 * were last kept by, and its birth: which replica made it, and when, since there was none or what there was could not be
 * believed.
 *
 * <p>Missing though it was there before, of another birth, or written under another run (a restart, perhaps from an old
 * snapshot; a promoted replica): what the buckets hold cannot be believed, so nothing is granted for one period, or until all
 * replicas have told what they sent ({@link Repayment}). Missing
 * when a replica looks for the first time it means a first start, which begins full, unless Redis says that it was emptied.
 */
final class RedisEpoch {

    private static final Logger LOG = LoggerFactory.getLogger(RedisEpoch.class);

    /** The end of a birth that came with no other run: nobody need have lost a connection. */
    private static final String UNNOTICED = "~";

    /** Puts one mark in the place of another, if nobody did so meanwhile. */
    private static final RedisScript REPLACE = new RedisScript("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[2])
            return 1
            """, ScriptOutputType.INTEGER);

    private final RedisCalls redis;
    private final byte[] key;
    private final String self;
    private final Supplier<Future<Boolean>> emptied;
    private final SharedClock clock;
    private final Duration period;
    private volatile @Nullable Known known; // written under this
    /** In which of its lives somebody's data may have been put in the place of ours; null where that is not so. */
    private volatile @Nullable Long doubted;

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
                ? new State(Long.MAX_VALUE, 0, false, Set.of())
                : new State(
                        TimeUnit.MILLISECONDS.toNanos(now.mark().opensAtMillis()),
                        now.lives(),
                        now.mark().isUnnoticed(),
                        now.openings());
    }

    /**
     * What is known.
     *
     * @param opensAtNanos when shared grants may begin, in epoch nanoseconds
     * @param lives how often Redis was found to have forgotten something, or to be another server
     * @param isUnnoticed whether it may have been so that no connection broke: who does not look does not know of it
     * @param openings when they were to begin, in epoch milliseconds: of the pause that goes on, or of the last, all that were seen
     */
    record State(long opensAtNanos, long lives, boolean isUnnoticed, Set<Long> openings) {}

    private record Known(Mark mark, long lives, Set<Long> openings) {}

    /** Reads the mark again, and mends it. Fails when Redis does not answer. */
    Future<Void> check(String run) {
        return redis.call(c -> c.get(key)).compose(value -> {
            var mark = value == null ? null : Mark.parse(value);
            var now = known;
            var before = now == null ? null : now.mark();
            if (mark != null && (mark.run().equals(run) || mark.run().isEmpty() || run.isEmpty())) {
                if (mark.isFirst() && before != null && !before.birth().equals(mark.birth())) {
                    // A replica that was new here took a Redis that forgot for a first start.
                    return mend(value, run, birth(run));
                }
                know(mark);
                return Future.succeededFuture();
            }
            if (value != null) {
                LOG.warn("Redis was restarted or replaced: no sends for up to {}", period);
                return mend(value, run, mark != null ? mark.birth() : birth(run));
            }
            return (before != null ? Future.succeededFuture(true) : emptied.get()).compose(was -> begin(run, was));
        });
    }

    /** The first replica to write it wins; all others read what it wrote. */
    private Future<Void> begin(String run, boolean forgot) {
        if (forgot) {
            LOG.warn("Redis forgot everything: no sends for up to {}", period);
        }
        var mark = forgot ? new Mark(closed(), run, birth(run)) : new Mark(0, run, self + "." + clock.millis());
        return redis.call(c -> c.set(key, mark.bytes(), SetArgs.Builder.nx()))
                .compose(done -> redis.call(c -> c.get(key)))
                .map(written -> {
                    know(written == null ? null : Mark.parse(written));
                    return null;
                });
    }

    private Future<Void> mend(byte[] before, String run, String birth) {
        return close(before, run, birth).compose(done -> done ? Future.succeededFuture() : check(run));
    }

    /** No replica grants for one period from now; those that are connected learn of it within two seconds. */
    Future<Void> postpone(String run) {
        var now = known;
        return now == null
                ? check(run)
                : close(now.mark().bytes(), run, now.mark().birth())
                        .compose(done ->
                                done ? Future.succeededFuture() : check(run).compose(read -> postpone(run)));
    }

    /** Somebody's data may have been put in the place of ours, until it is {@linkplain #believe believed} again. */
    void doubt() {
        var lives = doubted;
        doubted = lives == null ? state().lives() : lives;
    }

    /** What was doubted cannot be believed, so it is as if it were another server. Nothing is done where that is known already. */
    Future<Void> distrustIfDoubted(String run) {
        var lives = doubted;
        return lives == null ? Future.succeededFuture() : distrust(run, lives);
    }

    void believe() {
        doubted = null;
    }

    /** @param lives as they were when it was believed last */
    private Future<Void> distrust(String run, long lives) {
        var now = known;
        return now == null || now.lives() != lives
                ? Future.succeededFuture()
                : close(now.mark().bytes(), run, birth(run))
                        .compose(done ->
                                done ? Future.succeededFuture() : check(run).compose(read -> distrust(run, lives)));
    }

    /** Nothing is granted for a period from now. @return whether it was done: nobody else did anything meanwhile */
    private Future<Boolean> close(byte[] before, String run, String birth) {
        var next = new Mark(closed(), run, birth);
        return redis.<Long>run(REPLACE, key, before, next.bytes()).map(done -> {
            if (done == 1) {
                know(next);
            }
            return done == 1;
        });
    }

    private long closed() {
        return clock.millis() + period.toMillis();
    }

    /** Of what forgot, unlike any before. */
    private String birth(String run) {
        var now = known;
        boolean restarted =
                now != null && !run.isEmpty() && !run.equals(now.mark().run());
        return self + "." + clock.millis() + (restarted ? "" : UNNOTICED);
    }

    private synchronized void know(@Nullable Mark mark) {
        if (mark == null) {
            return; // not ours; the next look mends it
        }
        var before = known;
        long lives = before == null ? 0 : before.lives() + (mark.isOfSameLife(before.mark()) ? 0 : 1);
        boolean wasClosed = before != null && before.mark().opensAtMillis() > clock.millis();
        var openings = wasClosed ? new HashSet<>(before.openings()) : new HashSet<Long>();
        openings.add(mark.opensAtMillis());
        known = new Known(mark, lives, Set.copyOf(openings));
    }

    /** @param birth empty for one that was made before there were any, by a version that reads it only without */
    private record Mark(long opensAtMillis, String run, String birth) {

        static @Nullable Mark parse(byte[] bytes) {
            var parts = new String(bytes, StandardCharsets.US_ASCII).split(" ", -1);
            boolean isMark = (parts.length == 2 || parts.length == 3) && parts[0].matches("\\d{1,13}");
            return isMark ? new Mark(Long.parseLong(parts[0]), parts[1], parts.length == 3 ? parts[2] : "") : null;
        }

        boolean isFirst() {
            return opensAtMillis == 0;
        }

        boolean isUnnoticed() {
            return birth.endsWith(UNNOTICED);
        }

        boolean isOfSameLife(Mark other) {
            return run.equals(other.run) && birth.equals(other.birth);
        }

        byte[] bytes() {
            return (opensAtMillis + " " + run + (birth.isEmpty() ? "" : " " + birth))
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }
}
