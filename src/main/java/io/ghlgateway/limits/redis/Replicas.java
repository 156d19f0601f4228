package io.ghlgateway.limits.redis;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who uses this Redis: each replica says every two seconds that it lives, and does not count as alive after ten. */
final class Replicas {

    private static final Duration STALE = Duration.ofSeconds(10);

    private final RedisCalls redis;
    private final byte[] key;
    private final String self;
    private final SharedClock clock;
    private final Map<String, Long> lastBeats = new ConcurrentHashMap<>(); // epoch milliseconds
    private volatile int live = 1;

    Replicas(RedisCalls redis, byte[] key, String self, SharedClock clock) {
        this.redis = redis;
        this.key = key;
        this.self = self;
        this.clock = clock;
    }

    /** As last heard, this one included. */
    int live() {
        return live;
    }

    /** All that were heard of and not let go, this one included. */
    Set<String> names() {
        var names = new HashSet<>(lastBeats.keySet());
        names.add(self);
        return names;
    }

    /** Lets go of those that cannot have sent anything within so long. */
    void letGo(Duration past) {
        long since = clock.millis() - past.plus(STALE).toMillis();
        lastBeats.values().removeIf(beat -> beat < since);
    }

    /** Fails when Redis did not answer. */
    Future<Void> beat() {
        long now = clock.millis();
        var stale = Range.create(Double.NEGATIVE_INFINITY, (double) (now - STALE.toMillis()));
        return redis.call(c -> c.zadd(key, (double) now, bytes(self)))
                // Before it is tidied: a Redis that was away for long tells who was there before.
                .compose(done -> redis.call(c -> c.zrangeWithScores(key, 0, -1)))
                .onSuccess(beats -> heard(beats, now - STALE.toMillis()))
                .compose(done -> redis.call(c -> c.zremrangebyscore(key, stale)))
                .mapEmpty();
    }

    private void heard(List<ScoredValue<byte[]>> beats, long stale) {
        live = (int) Math.max(
                1, beats.stream().filter(beat -> beat.getScore() > stale).count());
        for (var beat : beats) {
            lastBeats.put(text(beat.getValue()), (long) beat.getScore());
        }
    }
}
