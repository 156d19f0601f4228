package io.ghlgateway.limits;

import io.lettuce.core.Range;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** How many replicas use this Redis: each says every two seconds that it lives, and is forgotten after ten. */
final class Replicas {

    private static final long STALE_MILLIS = Duration.ofSeconds(10).toMillis();

    private final RedisCalls redis;
    private final byte[] key;
    private final byte[] self;
    private final SharedClock clock;
    private volatile int live = 1;

    Replicas(RedisCalls redis, byte[] key, String self, SharedClock clock) {
        this.redis = redis;
        this.key = key;
        this.self = self.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /** As last heard, this one included. */
    int live() {
        return live;
    }

    /** Fails when Redis did not answer. */
    Future<Void> beat() {
        long now = clock.currentTimeNanos() / 1_000_000L;
        var stale = Range.create(Double.NEGATIVE_INFINITY, (double) (now - STALE_MILLIS));
        return redis.call(c -> c.zadd(key, (double) now, self))
                .compose(done -> redis.call(c -> c.zremrangebyscore(key, stale)))
                .compose(done -> redis.call(c -> c.zcard(key)))
                .onSuccess(count -> live = (int) Math.max(1, count))
                .mapEmpty();
    }
}
