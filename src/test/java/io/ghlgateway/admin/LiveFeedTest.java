package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveFeedTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final List<Socket> sockets = new ArrayList<>();
    private String padding = "";
    private LiveFeed feed;

    @AfterEach
    void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        Await.result(vertx.close());
    }

    private int serve(Duration every) {
        feed = new LiveFeed(
                vertx,
                () -> Future.succeededFuture(LiveFeed.event(
                        "snapshot",
                        new JsonObject().put("number", made.incrementAndGet()).put("padding", padding))),
                closing::get,
                Optional.of("gateway-1"),
                every);
        var router = Router.router(vertx);
        feed.mount(router);
        HttpServer server =
                Await.result(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        return server.actualPort();
    }

    private BufferedReader watch(int port) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        sockets.add(socket);
        socket.setSoTimeout((int) BOUND.toMillis());
        socket.getOutputStream()
                .write(("GET " + LiveFeed.PATH + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader reader, String part) throws IOException {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.contains(part)) {
                return line;
            }
        }
        return "the end";
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).isNegative();
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Test
    void allWhoWatchGetTheSameSnapshots() throws IOException {
        int port = serve(Duration.ofMillis(20));
        var one = watch(port);
        assertThat(next(one, "event: ")).isEqualTo("event: session");
        assertThat(next(one, "data: ")).contains("may-change", "\"replica\":\"gateway-1\"");
        assertThat(next(one, "data: ")).contains("\"number\":1");

        var other = watch(port);
        assertThat(next(other, "event: snapshot")).isEqualTo("event: snapshot");
        int seen = number(next(other, "data: "));
        while (number(next(one, "data: {\"number\"")) < seen + 3) {}
        while (number(next(other, "data: {\"number\"")) < seen + 3) {}

        assertThat(feed.watchers()).isEqualTo(2);
    }

    private static int number(String line) {
        return new JsonObject(line.substring(line.indexOf('{'))).getInteger("number");
    }

    @Test
    void noneIsMadeWhileNobodyWatches() throws IOException {
        int port = serve(Duration.ofMillis(5));
        assertThat(next(watch(port), "number")).contains("1");
        sockets.get(0).close();
        until(() -> feed.watchers() == 0 && feed.rests());

        int before = made.get();
        assertThat(next(watch(port), "number")).contains(String.valueOf(before + 1));
    }

    @Test
    void whoTakesNothingIsCutOff() throws IOException {
        padding = "x".repeat(1 << 20);
        int port = serve(Duration.ofMillis(5));

        watch(port); // and never reads

        until(() -> made.get() > LiveFeed.MOST_MISSED);
        until(() -> feed.watchers() == 0 && feed.rests());
    }

    @Test
    void noMoreThanItsBoundMayWatch() throws IOException {
        int port = serve(Duration.ofMillis(20));
        for (int i = 0; i < LiveFeed.MOST_WATCHERS; i++) {
            assertThat(next(watch(port), "event: session")).isEqualTo("event: session");
        }

        assertThat(watch(port).readLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
        sockets.get(0).close();
        until(() -> feed.watchers() < LiveFeed.MOST_WATCHERS);
        assertThat(watch(port).readLine()).isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void aDrainEndsAll() throws IOException {
        int port = serve(Duration.ofMillis(20));
        var reader = watch(port);
        assertThat(next(reader, "number")).contains("number");

        closing.set(true);

        for (var line = reader.readLine(); line != null && !line.equals("0"); line = reader.readLine()) {
            // the last chunk has no bytes
        }
        assertThat(watch(port).readLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
    }
}
