package io.ghlgateway.credentials;

import io.ghlgateway.redis.RedisInfo;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisServer;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which run of which Redis server answers, of a Cluster of all its masters, and whose data it has: asked once per
 * connection, for only a new connection can lead to another.
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
        return redis.servers()
                .compose(servers -> Future.all(servers.stream().map(this::info).toList()))
                .map(all -> RedisInfo.identity(all.list(), "run_id", "master_replid"))
                .map(told -> told.isEmpty() ? "connection-" + before.connection() : told)
                .onSuccess(run -> asked.compareAndSet(before, new Asked(before.connection(), run)));
    }

    private Future<String> info(RedisServer server) {
        return redis.call(server, c -> c.info())
                .recover(failure -> failure instanceof RedisCommandExecutionException
                        ? Future.succeededFuture("")
                        : Future.failedFuture(failure));
    }
}
