package io.ghlgateway.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import io.lettuce.core.resource.ClientResources;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: one node, the master that Sentinels name, or the masters of a Cluster; owns the Lettuce client.
 * Connects in the background and keeps trying, also when it is lost later. Commands issued while disconnected fail at
 * once, those under way fail when the connection breaks, and every command fails after a short timeout: nothing here ever
 * waits for long, and nothing is carried out late or twice.
 */
public final class RedisLink {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final RedisAddress address;
    private final Duration commandTimeout;
    private final Ticker ticker;
    private final ClientResources resources;
    private final Way way;
    private final Promise<Void> seen = Promise.promise();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private volatile long loggedAt; // a line too many does no harm

    private RedisLink(RedisAddress address, Duration commandTimeout, Ticker ticker) {
        this.address = address;
        this.commandTimeout = commandTimeout;
        this.ticker = ticker;
        this.resources = RedisOptions.resources();
        this.loggedAt = ticker.read() - LOG_EVERY_NANOS;
        var tidings = new Tidings();
        this.way = address.isCluster()
                ? new ClusterWay(address.uris(), commandTimeout, resources, tidings)
                : new NodeWay(address.uris().get(0), commandTimeout, resources, tidings);
        // A connection that was there once Lettuce makes again by itself, and tells of it here only.
        resources
                .eventBus()
                .get()
                .ofType(ReconnectFailedEvent.class)
                .subscribe(event -> tidings.failed(event.getCause()));
    }

    /** @param commandTimeout after which a command counts as failed; 100 ms suits buckets, 500 ms tokens */
    public static RedisLink to(RedisAddress address, Duration commandTimeout, Ticker ticker) {
        address.contradiction().ifPresent(said -> {
            throw new IllegalArgumentException("the Redis URI " + said);
        });
        return new RedisLink(address, commandTimeout, ticker);
    }

    /** To one node, or to the master that Sentinels name. */
    public static RedisLink to(String uri, Duration commandTimeout, Ticker ticker) {
        return to(
                RedisAddress.parse(uri, false).orElseThrow(() -> new IllegalArgumentException("not a Redis URI")),
                commandTimeout,
                ticker);
    }

    /** Begins to connect. Returns at once, whether or not there is a Redis. */
    public void start() {
        way.start();
    }

    /** Completed once there was a Redis; may never be. */
    public Future<Void> seen() {
        return seen.future();
    }

    public Duration commandTimeout() {
        return commandTimeout;
    }

    /**
     * What to send commands with; empty before Redis was first seen, and while another master is looked for. A command
     * with keys goes to their server, one without to any.
     */
    public Optional<RedisClusterAsyncCommands<byte[], byte[]>> commands() {
        return way.commands();
    }

    /** All servers that take writes; fails when one of them is not connected. Completes on one of Lettuce's threads. */
    public Future<List<RedisServer>> servers() {
        return way.servers();
    }

    /** The server that keeps a key; fails when it is not connected. */
    public Future<RedisServer> serverOf(byte[] key) {
        return way.serverOf(key);
    }

    /** Which server a key's commands go to, as far as is known; equal for keys that go to the same one. */
    public String place(byte[] key) {
        return way.place(key);
    }

    /** Listens to a channel until that connection breaks; fails where Redis is not there, or is a Cluster. */
    public Future<RedisSubscription> subscribe(byte[] channel, Consumer<byte[]> messages) {
        return way.subscribe(channel, messages);
    }

    /** Whether keys live on several servers, so that no order holds between commands of different keys. */
    public boolean isCluster() {
        return address.isCluster();
    }

    /** What a command failed with: if another server may be in charge by now, it is looked for. */
    public void heard(RedisTrouble trouble) {
        if (!closed) {
            way.doubt(trouble);
        }
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

    public boolean isClosed() {
        return closed;
    }

    /** For logs: without user and password. */
    public String address() {
        return address.toString();
    }

    public Future<Void> close() {
        closed = true;
        return way.close().eventually(() -> {
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

        /** Connected, perhaps to another server than before; of a Cluster, to all masters. May be told twice in a row. */
        void up();

        /** No longer connected; of a Cluster, not to all of it. */
        void down();

        /** An attempt to connect failed; the next is under way. */
        default void failed(RedisFailure failure) {}
    }

    private final class Tidings implements Way.Told {

        @Override
        public void up() {
            listeners.forEach(Listener::up);
            seen.tryComplete();
        }

        @Override
        public void down() {
            if (!closed) {
                LOG.warn("lost the connection to Redis at {}", address());
                listeners.forEach(Listener::down);
            }
        }

        @Override
        public void failed(Throwable failure) {
            if (!closed) {
                listeners.forEach(listener -> listener.failed(RedisFailure.of(failure)));
            }
            long now = ticker.read();
            if (now - loggedAt >= LOG_EVERY_NANOS && !closed) {
                loggedAt = now;
                LOG.warn(
                        "cannot connect to Redis at {}, still trying: {}",
                        address(),
                        root(failure).toString());
            }
        }
    }
}
