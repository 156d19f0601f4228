package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpReceiverTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context home = vertx.getOrCreateContext();
    private final AtomicReference<Consumer<HttpServerRequest>> behaviour = new AtomicReference<>();
    private HttpReceiver receiver;

    @BeforeEach
    void setUp() {
        var server = Await.result(vertx.createHttpServer()
                .requestHandler(request -> behaviour.get().accept(request))
                .listen(0, "127.0.0.1"));
        var url = URI.create("http://127.0.0.1:" + server.actualPort());
        var subscriber = new Subscriber("s", url, Secret.of("secret"), List.of("*"), List.of("*"));
        receiver = new HttpReceiver(vertx, subscriber, 1, Duration.ofMillis(200), Instant::now);
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        Await.result(vertx.close());
    }

    @Test
    void theTimeoutIsOfTheWholeAttemptAndFreesItsConnection() {
        behaviour.set(silent -> {});
        var first = bringing();
        var waitsForTheConnection = bringing();
        assertThat(Await.result(first)).isEqualTo("timeout");
        assertThat(Await.result(waitsForTheConnection)).isEqualTo("timeout");

        behaviour.set(request -> request.response().end());
        assertThat(untilTaken()).isEqualTo("taken");
    }

    @Test
    void anAnswerWhoseBodyNeverEndsHoldsNoConnectionForEver() {
        behaviour.set(request -> request.response().setChunked(true).write("and "));
        assertThat(untilTaken()).isEqualTo("taken");

        behaviour.set(request -> request.response().end());
        assertThat(untilTaken()).isEqualTo("taken");
    }

    @Test
    void onlyASuccessMeansTaken() {
        for (int status : List.of(302, 404, 500)) {
            behaviour.set(request -> request.response().setStatusCode(status).end());
            assertThat(bring()).isIn("status " + status, "timeout");
        }
    }

    /** A slow machine may need more than the short timeout. */
    private String untilTaken() {
        String end = bring();
        for (int i = 0; i < 100 && end.equals("timeout"); i++) {
            end = bring();
        }
        return end;
    }

    private String bring() {
        return Await.result(bringing());
    }

    private Future<String> bringing() {
        var event = new Event(new App("main"), "e", "X", Optional.empty(), Instant.EPOCH, Buffer.buffer("{}"));
        return receiver.bring(new Delivery("s", "1", 1, Instant.EPOCH, event))
                .map("taken")
                .otherwise(failure -> String.valueOf(failure.getMessage()));
    }
}
