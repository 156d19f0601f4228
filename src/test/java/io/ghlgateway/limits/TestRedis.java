package io.ghlgateway.limits;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real Redis on the loopback, which forgets everything when it stops. */
public final class TestRedis implements AutoCloseable {

    private final int port;
    private RedisServer server;

    private TestRedis(int port, RedisServer server) {
        this.port = port;
        this.server = server;
    }

    public static TestRedis started() throws IOException {
        var redis = notStarted();
        redis.start();
        return redis;
    }

    public static TestRedis notStarted() throws IOException {
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        return new TestRedis(port, server(port));
    }

    private static RedisServer server(int port) throws IOException {
        return RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .setting("maxmemory-policy noeviction")
                .build();
    }

    public void start() throws IOException {
        server = server(port);
        server.start();
    }

    public void stop() throws IOException {
        server.stop();
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** The server's process, as it says itself. */
    public String pid(RedisClusterAsyncCommands<byte[], byte[]> commands) {
        var info = Await.result(Future.fromCompletionStage(commands.info("server")));
        return info.lines()
                .filter(line -> line.startsWith("process_id:"))
                .map(line -> line.substring("process_id:".length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        if (server.isActive()) {
            server.stop();
        }
    }
}
