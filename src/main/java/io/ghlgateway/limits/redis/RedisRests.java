package io.ghlgateway.limits.redis;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Rests;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ZAddArgs;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rests that all replicas hear of. One sorted set holds them, each with its end by Redis's clock; it is read twice a second,
 * whether a key is in use or not.
 */
final class RedisRests implements Rests {

    /** How soon a rest is known to replicas that did not order it. */
    static final Duration EVERY = Duration.ofMillis(500);

    /** Of all: keys have a colon. */
    private static final String EGRESS = "egress";

    private final RedisCalls redis;
    private final byte[] name;
    private final SharedClock clock;
    private volatile Map<String, Long> ends = Map.of(); // by the shared clock, in milliseconds

    RedisRests(RedisCalls redis, byte[] name, SharedClock clock) {
        this.redis = redis;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public long nanos(Optional<BudgetKey> who) {
        var known = ends;
        if (known.isEmpty()) {
            return 0; // the common case costs nothing
        }
        return Math.max(0, known.getOrDefault(member(who), 0L) * 1_000_000L - clock.currentTimeNanos());
    }

    @Override
    public Future<Void> rest(Optional<BudgetKey> who, Duration pause) {
        if (clock.errorNanos() == Long.MAX_VALUE) {
            return Future.failedFuture("the time at Redis is not known yet");
        }
        double end = clock.millis() + pause.toMillis();
        return redis.call(
                        c -> c.zremrangebyscore(name, Range.create(Double.NEGATIVE_INFINITY, (double) clock.millis())))
                .compose(tidied -> redis.call(c -> c.zadd(name, ZAddArgs.Builder.gt(), end, bytes(member(who)))))
                .compose(done -> listen());
    }

    @Override
    public Future<Void> wake(Optional<BudgetKey> who) {
        return redis.call(c -> c.zrem(name, bytes(member(who)))).compose(done -> listen());
    }

    private static String member(Optional<BudgetKey> who) {
        return who.map(BudgetKey::toString).orElse(EGRESS);
    }

    /** Hears of all that rest now. Fails when Redis did not answer: what was known stays so. */
    Future<Void> listen() {
        var future = Range.<Double>unbounded().gt((double) clock.millis());
        return redis.call(c -> c.zrangebyscoreWithScores(name, future))
                .onSuccess(resting -> {
                    var heard = new HashMap<String, Long>();
                    for (ScoredValue<byte[]> each : resting) {
                        heard.put(text(each.getValue()), (long) each.getScore());
                    }
                    ends = heard.isEmpty() ? Map.of() : heard;
                })
                .mapEmpty();
    }
}
