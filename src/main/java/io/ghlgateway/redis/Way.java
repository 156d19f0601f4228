package io.ghlgateway.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** How a kind of Redis is reached. Any thread may call; nothing blocks. */
interface Way {

    /** Begins to connect. What becomes of it is told to {@link Told}. */
    void start();

    Optional<RedisClusterAsyncCommands<byte[], byte[]>> commands();

    Future<List<RedisServer>> servers();

    Future<RedisServer> serverOf(byte[] key);

    /** Which server a key's commands go to, as far as is known: equal for keys that go to the same. */
    String place(byte[] key);

    /** Listens to a channel of the server that takes writes now; fails where that cannot be. */
    Future<RedisSubscription> subscribe(byte[] channel, Consumer<byte[]> messages);

    /** What a command failed with suggests that another server is in charge by now. */
    void doubt(RedisTrouble trouble);

    /** Ends all connections. */
    Future<Void> close();

    /** Hears of the way: on Lettuce's threads. */
    interface Told {

        void up();

        void down();

        void failed(Throwable failure);
    }
}
