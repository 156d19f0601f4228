package io.ghlgateway.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Tells when a connection takes commands. Lettuce's handshake may end on another thread than the connection's: then Lettuce
 * hands out the connection a moment before it takes any, and rejects what comes until then as "not connected". Listens to
 * clients from before its first connection on; any thread may ask.
 */
final class Activations implements RedisConnectionStateListener {

    private final Map<Object, Promise<Void>> all = Collections.synchronizedMap(new WeakHashMap<>());

    /** Completed once this connection of theirs was ready for commands, or lost; on one of Lettuce's threads. */
    Future<Void> of(StatefulConnection<?, ?> connection) {
        return promise(connection).future();
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
        promise(connection).tryComplete();
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        promise(connection).tryComplete();
    }

    private Promise<Void> promise(Object connection) {
        return all.computeIfAbsent(connection, news -> Promise.promise());
    }
}
