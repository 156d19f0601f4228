package io.ghlgateway.credentials;

import io.ghlgateway.redis.RedisLink;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which run of which Redis server answers: asked once per connection, for only a new connection can lead to another.
 * Where Redis does not let itself be asked, each connection counts as a new one.
 */
final class RedisRun implements RedisLink.Listener {

    private final RedisLine redis;
    private final AtomicReference<Asked> asked = new AtomicReference<>(new Asked(0, ""));

    RedisRun(RedisLine redis) {
        this.redis = redis;
    }

    /** @param run empty: not known yet */
    private record Asked(long connection, String run) {}

    @Override
    public void up() {
        forget();
    }

    @Override
    public void down() {
        forget();
    }

    private void forget() {
        asked.updateAndGet(before -> new Asked(before.connection() + 1, ""));
    }

    /** Without blanks. */
    Future<String> id() {
        var before = asked.get();
        if (!before.run().isEmpty()) {
            return Future.succeededFuture(before.run());
        }
        return redis.call(c -> c.info("server"))
                .map(info -> RedisInfo.field(info, "run_id").orElse(""))
                .recover(failure -> failure instanceof RedisCommandExecutionException
                        ? Future.succeededFuture("")
                        : Future.failedFuture(failure))
                .map(told -> told.isEmpty() ? "connection-" + before.connection() : told)
                .onSuccess(run -> asked.compareAndSet(before, new Asked(before.connection(), run)));
    }
}
