package io.ghlgateway.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.vertx.core.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server: the only one, or the master that Sentinels name. They are asked anew at each attempt to
 * connect, so all it takes to move to a new master is to drop the connection to the old.
 */
final class NodeWay implements Way {

    private static final Duration DROP_AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final Duration ASK_SENTINELS_EVERY = Duration.ofMillis(100);

    private final RedisURI uri;
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisClient listening;
    private final Told told;
    private final Activations activations = new Activations();
    private final Optional<SentinelWatch> sentinels;
    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
    private volatile @Nullable SocketAddress remote;
    private volatile boolean closed;
    private boolean mayDrop = true; // guarded by this

    NodeWay(RedisURI uri, Duration commandTimeout, ClientResources resources, Told told) {
        this.uri = uri;
        this.resources = resources;
        this.told = told;
        this.client = RedisClient.create(resources);
        client.setOptions(RedisOptions.node(commandTimeout));
        client.addListener(activations);
        this.listening = RedisClient.create(resources);
        listening.setOptions(RedisOptions.once(commandTimeout));
        listening.addListener(activations);
        this.sentinels = uri.getSentinels().isEmpty()
                ? Optional.empty()
                : Optional.of(new SentinelWatch(client, activations, uri));
    }

    @Override
    public void start() {
        connect(RedisOptions.FIRST_RETRY);
        sentinels.ifPresent(this::watch);
    }

    private void watch(SentinelWatch watch) {
        if (closed) {
            return;
        }
        var there = remote;
        (connection == null || there == null ? Future.succeededFuture(false) : watch.isElsewhere(there))
                .onComplete((elsewhere, unanswered) -> {
                    if (unanswered == null && elsewhere && there == remote) {
                        doubt(RedisTrouble.FOLLOWER);
                    }
                    later(ASK_SENTINELS_EVERY, () -> watch(watch));
                });
    }

    private void connect(Duration retry) {
        if (closed) {
            return;
        }
        var connecting = client.connectAsync(ByteArrayCodec.INSTANCE, uri);
        connecting.whenComplete((made, failure) -> {
            if (failure == null) {
                remote = connecting.getRemoteAddress();
                activations.of(made).onSuccess(active -> take(made));
                return;
            }
            told.failed(failure);
            later(retry, () -> connect(RedisOptions.longer(retry)));
        });
    }

    /** Listens to this connection, not to the client, which would tell of those to Sentinels too. */
    private void take(StatefulRedisConnection<byte[], byte[]> made) {
        connection = made;
        made.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                if (connection == made) {
                    remote = address;
                    told.up();
                }
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                if (connection == made) {
                    told.down();
                }
            }
        });
        told.up();
        if (!made.isOpen() && !closed) {
            told.down(); // it broke before anybody listened
        }
    }

    /**
     * A server that follows another is left at once, also where a name in the URI leads to another address by now. One
     * that is silent is left for one that Sentinels may name; without them the same would be connected to again.
     */
    @Override
    public void doubt(RedisTrouble trouble) {
        boolean elsewhere = trouble == RedisTrouble.FOLLOWER
                || trouble == RedisTrouble.SILENT && !uri.getSentinels().isEmpty();
        StatefulRedisConnection<byte[], byte[]> old;
        synchronized (this) {
            old = connection;
            if (!elsewhere || old == null || !mayDrop || closed) {
                return;
            }
            mayDrop = false;
            connection = null;
        }
        told.down();
        old.closeAsync();
        later(DROP_AT_MOST_EVERY, this::letDrop);
        connect(RedisOptions.FIRST_RETRY);
    }

    private synchronized void letDrop() {
        mayDrop = true;
    }

    private void later(Duration delay, Runnable task) {
        if (!closed) {
            resources.eventExecutorGroup().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Optional<RedisClusterAsyncCommands<byte[], byte[]>> commands() {
        return Optional.ofNullable(connection).map(StatefulRedisConnection::async);
    }

    @Override
    public Future<List<RedisServer>> servers() {
        return server().map(List::of);
    }

    @Override
    public Future<RedisServer> serverOf(byte[] key) {
        return server();
    }

    @Override
    public Future<RedisSubscription> subscribe(byte[] channel, Consumer<byte[]> messages) {
        return RedisSubscription.to(listening, activations, uri, channel, messages);
    }

    private Future<RedisServer> server() {
        return commands()
                .map(commands -> Future.succeededFuture(new RedisServer("", commands)))
                .orElseGet(() -> Future.failedFuture(new RedisConnectionException("not connected to Redis")));
    }

    @Override
    public String place(byte[] key) {
        return "";
    }

    @Override
    public Future<Void> close() {
        closed = true;
        var open = connection;
        return (open == null ? Future.<Void>succeededFuture() : Future.fromCompletionStage(open.closeAsync()))
                .eventually(() -> Future.fromCompletionStage(listening.shutdownAsync(0, 2, TimeUnit.SECONDS)))
                .eventually(() -> Future.fromCompletionStage(client.shutdownAsync(0, 2, TimeUnit.SECONDS)));
    }
}
