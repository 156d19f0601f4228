package io.ghlgateway.redis;

import io.ghlgateway.limits.Await;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A real Redis on the loopback, which forgets everything when it stops. */
public final class TestRedis implements AutoCloseable {

    private final String password;
    private final RedisProcess server;

    private TestRedis(String password, RedisProcess server) {
        this.password = password;
        this.server = server;
    }

    public static TestRedis started() throws IOException {
        return new TestRedis("", RedisProcess.started());
    }

    /** One that asks for this password, which is without blanks. */
    public static TestRedis guarded(String password) throws IOException {
        var redis = new TestRedis(password, RedisProcess.started());
        redis.guard();
        return redis;
    }

    public static TestRedis notStarted() throws IOException {
        return new TestRedis("", RedisProcess.notStarted());
    }

    public void start() throws IOException {
        server.start();
        guard();
    }

    private void guard() {
        if (!password.isEmpty()) {
            server.ask("CONFIG", "SET", "requirepass", password);
        }
    }

    public void stop() {
        server.kill();
    }

    public String uri() {
        var guard = password.isEmpty() ? "" : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8) + "@";
        return "redis://" + guard + "127.0.0.1:" + server.port();
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
        server.close();
    }
}
