package io.ghlgateway.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis; owns the Lettuce client. Connects in the background and keeps trying;
 * once there, Lettuce reconnects by itself. Commands issued while disconnected fail at once, and every command fails
 * after a short timeout: nothing here ever waits for long, and nothing is carried out late.
 */
public final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(1);
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final RedisURI uri;
    private final Duration commandTimeout;
    private final Ticker ticker;
    private final ClientResources resources;
    private final RedisClient client;
    private final Promise<Void> seen = Promise.promise();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
    private volatile boolean closed;
    private long loggedAt; // touched by the one connect attempt under way

    private RedisLink(
            RedisURI uri, Duration commandTimeout, Ticker ticker, ClientResources resources, RedisClient client) {
        this.uri = uri;
        this.commandTimeout = commandTimeout;
        this.ticker = ticker;
        this.resources = resources;
        this.client = client;
        this.loggedAt = ticker.read() - LOG_EVERY_NANOS;
    }

    /**
     * @param uri {@code redis://}, {@code rediss://} or {@code redis-sentinel://}, with user and password if need be
     * @param commandTimeout after which a command counts as failed; 100 ms suits buckets, 500 ms tokens
     */
    public static RedisLink to(String uri, Duration commandTimeout, Ticker ticker) {
        var parsed = RedisURI.create(uri);
        parsed.setTimeout(Duration.ofSeconds(2)); // of the handshake
        var resources = ClientResources.builder()
                .reconnectDelay(
                        Delay.exponential(FIRST_RETRY.toMillis(), LAST_RETRY.toMillis(), TimeUnit.MILLISECONDS, 2))
                .build();
        var client = RedisClient.create(resources);
        return new RedisLink(parsed, commandTimeout, ticker, resources, client);
    }

    /** Begins to connect. Returns at once, whether or not there is a Redis. */
    public void start() {
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(10_000)
                .timeoutOptions(TimeoutOptions.enabled(commandTimeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .tcpUserTimeout(SocketOptions.TcpUserTimeoutOptions.builder()
                                .enable()
                                .tcpUserTimeout(Duration.ofSeconds(2))
                                .build())
                        .build())
                .build());
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                // The first time the connection itself is not yet ours; connect() tells then.
                if (connection != null) {
                    listeners.forEach(Listener::up);
                }
            }

            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                if (!closed && connection != null) { // a handshake that failed is told by connect()
                    LOG.warn("lost the connection to Redis at {}", address());
                    listeners.forEach(Listener::down);
                }
            }
        });
        connect(FIRST_RETRY);
    }

    private void connect(Duration retry) {
        if (closed) {
            return;
        }
        client.connectAsync(ByteArrayCodec.INSTANCE, uri).whenComplete((made, failure) -> {
            if (failure == null) {
                connection = made;
                listeners.forEach(Listener::up);
                seen.tryComplete();
                return;
            }
            long now = ticker.read();
            if (now - loggedAt >= LOG_EVERY_NANOS && !closed) {
                loggedAt = now;
                LOG.warn(
                        "cannot connect to Redis at {}, still trying: {}",
                        address(),
                        root(failure).toString());
            }
            var next = retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
            later(retry, () -> connect(next));
        });
    }

    /** Completed once there was a Redis; may never be. */
    public Future<Void> seen() {
        return seen.future();
    }

    public Duration commandTimeout() {
        return commandTimeout;
    }

    /** What to send commands with; empty before Redis was first seen. */
    public Optional<RedisAsyncCommands<byte[], byte[]>> commands() {
        var open = connection;
        return open == null ? Optional.empty() : Optional.of(open.async());
    }

    /** Hears of each connection made and lost from now on, on Lettuce's threads. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Runs on one of Lettuce's threads; nothing there may block. */
    public void later(Duration delay, Runnable task) {
        if (!closed) {
            resources.eventExecutorGroup().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** For logs: without user and password. */
    public String address() {
        return uri.getSentinels().isEmpty()
                ? uri.getHost() + ":" + uri.getPort()
                : uri.getSentinels().toString();
    }

    public Future<Void> close() {
        closed = true;
        return Future.fromCompletionStage(client.shutdownAsync(0, 2, TimeUnit.SECONDS))
                .eventually(() -> {
                    var ended = Promise.<Void>promise();
                    resources.shutdown(0, 2, TimeUnit.SECONDS).addListener(done -> ended.complete());
                    return ended.future();
                });
    }

    private static Throwable root(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Told what becomes of the connection. */
    public interface Listener {
        void up();

        void down();
    }
}
