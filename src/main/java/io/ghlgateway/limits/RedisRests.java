package io.ghlgateway.limits;

import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ZAddArgs;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What rests on all replicas, because one of them was refused or an operator says so: keys, or all of them with the
 * address that they leave from. One sorted set holds them, each
 * with its end by Redis's clock; it is read twice a second, whether a key is in use or not. Any thread.
 */
final class RedisRests {

    /** How soon a rest is known to replicas that did not order it. */
    static final Duration EVERY = Duration.ofMillis(500);

    /** Beside keys, which all have a colon. */
    private static final String ALL = "egress";

    private final RedisCalls redis;
    private final byte[] name;
    private final SharedClock clock;
    private volatile Map<String, Long> ends = Map.of(); // by the shared clock, in milliseconds

    RedisRests(RedisCalls redis, byte[] name, SharedClock clock) {
        this.redis = redis;
        this.name = name;
        this.clock = clock;
    }

    /** Zero where it does not rest, as far as was heard. */
    long nanos(BudgetKey key) {
        var known = ends;
        if (known.isEmpty()) {
            return 0; // the common case costs nothing
        }
        return left(Math.max(known.getOrDefault(key.toString(), 0L), known.getOrDefault(ALL, 0L)));
    }

    private long left(long endMillis) {
        return Math.max(0, endMillis * 1_000_000L - clock.currentTimeNanos());
    }

    /** Of all keys, as known at all replicas. */
    Egress.Shared ofAll() {
        return new Egress.Shared() {
            @Override
            public long nanos() {
                return left(ends.getOrDefault(ALL, 0L));
            }

            @Override
            public Future<Void> rest(Duration pause) {
                return RedisRests.this.rest(ALL, pause);
            }

            @Override
            public Future<Void> wake() {
                return RedisRests.this.wake(ALL);
            }
        };
    }

    /** A longer rest already in force stays. */
    Future<Void> rest(BudgetKey key, Duration pause) {
        return rest(key.toString(), pause);
    }

    private Future<Void> rest(String member, Duration pause) {
        double end = millis() + pause.toMillis();
        return redis.call(c -> c.zremrangebyscore(name, Range.create(Double.NEGATIVE_INFINITY, (double) millis())))
                .compose(tidied -> redis.call(c -> c.zadd(name, ZAddArgs.Builder.gt(), end, bytes(member))))
                .compose(done -> listen());
    }

    Future<Void> wake(BudgetKey key) {
        return wake(key.toString());
    }

    private Future<Void> wake(String member) {
        return redis.call(c -> c.zrem(name, bytes(member))).compose(done -> listen());
    }

    /** Hears of all that rest now. Fails when Redis did not answer: what was known stays so. */
    Future<Void> listen() {
        var future = Range.<Double>unbounded().gt((double) millis());
        return redis.call(c -> c.zrangebyscoreWithScores(name, future))
                .onSuccess(resting -> {
                    var heard = new HashMap<String, Long>();
                    for (ScoredValue<byte[]> each : resting) {
                        heard.put(new String(each.getValue(), StandardCharsets.UTF_8), (long) each.getScore());
                    }
                    ends = heard.isEmpty() ? Map.of() : heard;
                })
                .mapEmpty();
    }

    private long millis() {
        return clock.currentTimeNanos() / 1_000_000L;
    }

    private static byte[] bytes(String member) {
        return member.getBytes(StandardCharsets.UTF_8);
    }
}
