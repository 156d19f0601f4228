package io.ghlgateway.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;

/**
 * Listens to one channel, by a connection of its own that is made once: who wants to go on after it broke subscribes again. Any
 * thread may call; all is told on Lettuce's threads.
 */
public final class RedisSubscription {

    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private final Promise<Void> ended = Promise.promise();

    private RedisSubscription(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
        this.connection = connection;
    }

    /**
     * @param client one that does not make broken connections again
     * @param activations of this client
     * @param messages must not block
     */
    static Future<RedisSubscription> to(
            RedisClient client, Activations activations, RedisURI uri, byte[] channel, Consumer<byte[]> messages) {
        return Future.fromCompletionStage(client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri))
                .compose(made ->
                        activations.of(made).compose(active -> new RedisSubscription(made).begin(channel, messages)));
    }

    private Future<RedisSubscription> begin(byte[] channel, Consumer<byte[]> messages) {
        connection.addListener(new RedisPubSubAdapter<byte[], byte[]>() {
            @Override
            public void message(byte[] from, byte[] message) {
                messages.accept(message);
            }
        });
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                ended.tryComplete();
                if (!handler.isClosed()) {
                    end(); // or the client keeps it
                }
            }
        });
        return Future.fromCompletionStage(connection.async().subscribe(channel))
                .map(subscribed -> {
                    if (!connection.isOpen()) {
                        ended.tryComplete(); // it broke before anybody listened
                    }
                    return this;
                })
                .onFailure(refused -> end());
    }

    /** Completed when nothing is heard any more. */
    public Future<Void> ended() {
        return ended.future();
    }

    public void end() {
        connection.closeAsync();
    }
}
