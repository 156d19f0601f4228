package io.ghlgateway.limits;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import redis.embedded.RedisServer;

/** A real Redis on the loopback, which forgets everything when it stops. */
public final class TestRedis implements AutoCloseable {

    private final int port;
    private final String password;
    private RedisServer server;

    private TestRedis(int port, String password, RedisServer server) {
        this.port = port;
        this.password = password;
        this.server = server;
    }

    public static TestRedis started() throws IOException {
        var redis = notStarted();
        redis.start();
        return redis;
    }

    /** One that asks for this password, which is without blanks. */
    public static TestRedis guarded(String password) throws IOException {
        var redis = notStarted(password);
        redis.start();
        return redis;
    }

    public static TestRedis notStarted() throws IOException {
        return notStarted("");
    }

    private static TestRedis notStarted(String password) throws IOException {
        int port = FreePorts.next();
        return new TestRedis(port, password, server(port, password));
    }

    private static RedisServer server(int port, String password) throws IOException {
        var server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .setting("maxmemory-policy noeviction");
        if (!password.isEmpty()) {
            server.setting("requirepass " + password);
        }
        return server.build();
    }

    public void start() throws IOException {
        server = server(port, password);
        server.start();
    }

    public void stop() throws IOException {
        server.stop();
    }

    public String uri() {
        var guard = password.isEmpty() ? "" : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8) + "@";
        return "redis://" + guard + "127.0.0.1:" + port;
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
