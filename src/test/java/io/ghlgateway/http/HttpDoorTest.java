package io.ghlgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ghlgateway.http.ConnectionEvents.End;
import io.ghlgateway.limits.Await;
import io.netty.channel.epoll.Epoll;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who keeps a door waiting is let go, and nobody else is. Time passes only where a test says so. */
class HttpDoorTest {

    private static final int MANY = 3;
    private static final DoorLimits LIMITS = new DoorLimits(
            8_192,
            8_192,
            Duration.ofSeconds(100),
            Duration.ofSeconds(300),
            Optional.of(Duration.ofSeconds(200)),
            Duration.ofSeconds(30));

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(DoorTransport.best())
            .build();
    private final AtomicLong now = new AtomicLong();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<HttpServerRequest> waiting = new CopyOnWriteArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private int port;

    @AfterEach
    void close() {
        Await.result(vertx.close());
    }

    /** Of a connection that has made no request true time is taken: nobody counts it but itself. */
    @Test
    void whoSaysNothingOrDribblesItsFirstHeadIsLetGo() throws IOException {
        open(10, Duration.ofMillis(200), LIMITS.idle());
        try (var mute = socket();
                var dribbling = socket()) {
            say(dribbling, "GET /now HT");

            Await.until(() -> count(End.HEAD) == 2);

            assertThat(mute.getInputStream().read()).isEqualTo(-1);
            assertThat(dribbling.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatIsDueHasItsTurnBeforeAllOfACrowdThatComesAtOnceIsServed() throws IOException {
        assumeTrue(Epoll.isAvailable(), "skipped: only of epoll can it be said how much a pass reads");
        open(1_000);
        var crowd = new ArrayList<Socket>();
        for (int i = 0; i < 4 * DoorTransport.CONNECTIONS_A_PASS; i++) {
            var socket = socket();
            ask(socket);
            assertThat(line(socket)).startsWith("HTTP/1.1 200");
            crowd.add(socket);
        }
        var served = new CompletableFuture<Integer>();
        var isHeld = new CompletableFuture<Void>();
        var asked = new AtomicBoolean();
        vertx.runOnContext(
                turn -> { // the only loop there is: it reads none of this meanwhile
                    int before = answered.get();
                    long due = System.nanoTime() + 2_000_000;
                    vertx.setTimer(1, timer -> served.complete(answered.get() - before));
                    isHeld.complete(null);
                    while (!asked.get() || System.nanoTime() - due < 0) {
                        // it is at work
                    }
                });
        isHeld.join();
        try {
            for (var socket : crowd) {
                ask(socket);
            }
        } finally {
            asked.set(true);
        }

        assertThat(served.join()).isLessThan(crowd.size() / 2);
        for (var socket : crowd) {
            socket.close();
        }
    }

    @Test
    void whoDribblesALaterHeadIsLetGo() throws IOException {
        open(10, LIMITS.header(), Duration.ofDays(1_000)); // or it might be idle before its bytes have come
        try (var dribbling = socket()) {
            say(dribbling, "GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(line(dribbling)).startsWith("HTTP/1.1 200");
            say(dribbling, "GET /now HTTP/1.1\r\nHos");

            ends(() -> count(End.HEAD) == 1);

            dribbling.getInputStream().readAllBytes();
        }
    }

    @Test
    void aConnectionIsIdleBetweenRequestsAndNotDuringOne() throws IOException {
        open(10);
        try (var idle = socket();
                var asking = socket()) {
            say(idle, "GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(line(idle)).startsWith("HTTP/1.1 200");
            say(asking, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until(() -> waiting.size() == 1);

            ends(() -> count(End.IDLE) == 1);
            idle.getInputStream().readAllBytes();
            vertx.runOnContext(go -> waiting.get(0).response().end("late"));

            assertThat(line(asking)).startsWith("HTTP/1.1 200");
            assertThat(seen).doesNotContain("head", "body", "stall");
        }
    }

    @Test
    void aBodyThatDoesNotComeEndsItsConnection() throws IOException {
        open(10);
        try (var slow = socket()) {
            say(slow, "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            Await.until(() -> waiting.size() == 1);

            ends(() -> count(End.BODY) == 1);

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void anAnswerThatIsNotTakenEndsItsConnectionThoughOneThatIsGoesOn() throws IOException {
        open(10);
        try (var stalled = socket()) {
            say(stalled, "GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until(() -> waiting.size() == 1);

            ends(() -> count(End.STALL) == 1);

            assertThat(seen).doesNotContain("idle", "head", "body");
        }
        Await.until(() -> seen.contains("closed"));
    }

    @Test
    void thereAreNoMoreConnectionsThanTheDoorHasRoomForAlsoOfThoseThatSayNothing() throws IOException {
        open(MANY);
        var held = new Socket[MANY];
        for (int i = 0; i < MANY; i++) {
            held[i] = socket();
        }
        Await.until(() -> seen.stream().filter("opened"::equals).count() == MANY);
        try (var beyond = socket()) {
            assertThat(isEnded(beyond)).isTrue();
        }
        assertThat(count(End.FULL)).isEqualTo(1);
        for (var socket : held) {
            socket.close();
        }
        Await.until(() -> seen.stream().filter("closed"::equals).count() == MANY + 1);
        try (var next = socket()) {
            say(next, "GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(line(next)).startsWith("HTTP/1.1 200");
        }
    }

    /** Time passes in steps that are each shorter than any limit but the one for what is due, until it came true. */
    private void ends(BooleanSupplier condition) {
        Await.until(() -> {
            now.addAndGet(Duration.ofSeconds(31).toNanos() / 4);
            return condition.getAsBoolean();
        });
    }

    private long count(End end) {
        return seen.stream().filter(end.wire()::equals).count();
    }

    private void open(int most) {
        open(most, LIMITS.header(), LIMITS.idle());
    }

    private void open(int most, Duration header, Duration idle) {
        var limits = new DoorLimits(LIMITS.line(), LIMITS.head(), header, idle, LIMITS.body(), LIMITS.stall());
        var door = new HttpDoor(
                vertx,
                new Listening("127.0.0.1", 0, Optional.empty(), new ConnectionCap(most), new Seen()),
                limits,
                true,
                now::get,
                10);
        port = Await.result(door.listenApart(
                        this::answer,
                        (request, flaw) ->
                                request.response().setStatusCode(flaw.status()).end()))
                .actualPort();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/now" -> {
                answered.incrementAndGet();
                request.response().end("now");
            }
            case "/much" -> {
                var response = request.response().setChunked(true);
                for (int i = 0; i < 400; i++) {
                    Future<Void> written = response.write(Buffer.buffer(new byte[100_000]));
                    written.onFailure(cut -> {});
                }
                waiting.add(request);
            }
            default -> waiting.add(request);
        }
    }

    private Socket socket() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    private static void ask(Socket socket) {
        try {
            say(socket, "GET /now HTTP/1.1\r\nHost: a\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next != '\n';
                next = socket.getInputStream().read()) {
            if (next < 0) {
                return line.toString();
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private final class Seen implements ConnectionEvents {
        @Override
        public void opened() {
            seen.add("opened");
        }

        @Override
        public void closed() {
            seen.add("closed");
        }

        @Override
        public void ended(End end) {
            seen.add(end.wire());
        }
    }
}
