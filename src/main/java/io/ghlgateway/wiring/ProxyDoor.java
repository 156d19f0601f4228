package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.dispatch.Dispatcher;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.dispatch.Retries;
import io.ghlgateway.edge.Admission;
import io.ghlgateway.edge.ApiHandler;
import io.ghlgateway.edge.BodyMemory;
import io.ghlgateway.edge.BodyReader;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.edge.EdgeServer;
import io.ghlgateway.edge.UserAgent;
import io.ghlgateway.highlevel.Circuit;
import io.ghlgateway.highlevel.HttpUpstream;
import io.ghlgateway.http.ConnectionCap;
import io.ghlgateway.http.ConnectionEvents;
import io.ghlgateway.http.DoorLimits;
import io.ghlgateway.http.Leftovers;
import io.ghlgateway.http.Listening;
import io.ghlgateway.settings.Settings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The callers' door: one {@link EdgeServer} with its own upstream client on each event loop, so that a request never
 * leaves the loop its connection was taken on.
 *
 * @param loops how many event loops answer
 */
record ProxyDoor(
        Vertx vertx,
        Settings settings,
        int loops,
        Admission admission,
        Lanes lanes,
        TokenSource tokens,
        Retries retries,
        Circuit circuit,
        Ticker ticker,
        EdgeEvents edgeEvents,
        ConnectionEvents connectionEvents,
        BodyMemory memory) {

    /** Far more than is usual: what HighLevel answers is its business. */
    private static final int LARGEST_REPLY_HEAD = 64 * 1024;

    /** Tokens of cursors and long searches stand in targets. */
    private static final int LONGEST_LINE = 16 * 1024;

    /** As much again is left to connections to HighLevel. */
    private static final int FILES_PERCENT = 40;

    /** All listen on one port: the instances of one deployment share even one that they were free to choose. */
    Future<List<EdgeServer>> open() {
        var doors = new CopyOnWriteArrayList<EdgeServer>();
        var cap = settings.proxy()
                .maxConnections()
                .map(ConnectionCap::new)
                .orElseGet(() -> ConnectionCap.ofFiles(FILES_PERCENT, Integer.MAX_VALUE));
        var listening = new Listening(
                settings.proxy().host(), settings.proxy().port(), settings.tls().proxy(), cap, connectionEvents);
        return vertx.deployVerticle(
                        () -> {
                            var door = door(listening);
                            doors.add(door);
                            return door;
                        },
                        new DeploymentOptions().setInstances(loops))
                .map(id -> List.copyOf(doors));
    }

    private EdgeServer door(Listening listening) {
        var proxy = settings.proxy();
        var ids = requestIds();
        return new EdgeServer(
                listening,
                new DoorLimits(
                        LONGEST_LINE,
                        proxy.maxHeaderBytes(),
                        proxy.headerTimeout(),
                        proxy.idleTimeout(),
                        Optional.empty(), // a body waits for quota: BodyReader tells that from one that is late
                        proxy.writeTimeout()),
                () -> handler(ids),
                ids,
                ticker,
                edgeEvents);
    }

    private ApiHandler handler(Supplier<String> requestIds) {
        var proxy = settings.proxy();
        var upstream = settings.upstream();
        var dispatcher = new Dispatcher(
                lanes,
                tokens,
                new HttpUpstream(
                        vertx,
                        client(),
                        upstream.baseUrl(),
                        new HttpUpstream.Timeouts(
                                upstream.connectTimeout(),
                                upstream.responseTimeout(),
                                upstream.idleTimeout(),
                                upstream.eventIdleTimeout(),
                                proxy.writeTimeout()),
                        circuit),
                retries);
        return new ApiHandler(
                admission,
                new BodyReader(vertx, proxy.replayBody(), proxy.maxBody(), proxy.bodyTimeout()),
                memory,
                proxy.writeTimeout(),
                dispatcher,
                new UserAgent(upstream.userAgent()),
                requestIds,
                ticker,
                edgeEvents);
    }

    /** HTTP/1.1 without pipelining: one that hangs must not hold up others, and none is ever answered out of turn. */
    private HttpClient client() {
        var upstream = settings.upstream();
        var options = new HttpClientOptions()
                .setConnectTimeout((int) upstream.connectTimeout().toMillis())
                .setSslHandshakeTimeout(upstream.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout((int) Math.max(1, upstream.idleTimeout().toSeconds()))
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setMaxHeaderSize(LARGEST_REPLY_HEAD)
                .setMaxInitialLineLength(LARGEST_REPLY_HEAD)
                .setDecompressionSupported(false)
                .setPipelining(false);
        settings.tls()
                .upstreamCa()
                .ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
        var pool = new PoolOptions().setHttp1MaxSize(upstream.connections());
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(Leftovers::giveBack)
                .build();
    }

    /** 64 random bits: enough to find a request by, and cheap. */
    private static Supplier<String> requestIds() {
        var random = new SplittableRandom();
        return () -> Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    }

    /** Lets what is under way end, on all loops at once. */
    static Future<Void> drain(List<EdgeServer> doors, Duration most) {
        return Future.join(doors.stream().map(door -> door.drain(most)).toList())
                .mapEmpty();
    }

    static Retries retries(Settings.Retry retry, Ticker ticker) {
        return new Retries(
                retry.attempts(),
                retry.unsafeMethods(),
                retry.budgetPercent(),
                retry.budgetPerSecond(),
                ticker,
                new Random());
    }
}
