package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.webhooks.WebhookEvents.Refusal;
import io.ghlgateway.webhooks.WholeBodies.NoBody;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WholeBodiesTest {

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client =
            vertx.createNetClient(); // held: one that nobody holds is closed, and its sockets with it
    private final Map<String, Promise<Buffer>> ends = new ConcurrentHashMap<>();
    private final Promise<Buffer> used = Promise.promise();

    @AfterEach
    void tearDown() {
        Await.result(vertx.close());
    }

    @Test
    void whoSendsSlowlyMakesRoomForWhoSendsAtOnce() {
        int port = serve(80, 100);
        post(port, "/slow", 80, 60);

        post(port, "/quick", 60, 60);

        assertThat(failure("/slow")).isEqualTo(Refusal.UNAVAILABLE);
        used.complete();
        assertThat(Await.result(end("/quick")).length()).isEqualTo(60);
    }

    @Test
    void bytesCountUntilTheirUseHasEnded() {
        int port = serve(80, 100);
        post(port, "/used", 60, 60);
        Await.result(begun("/used"));

        post(port, "/crowded", 60, 60);
        assertThat(failure("/crowded")).isEqualTo(Refusal.UNAVAILABLE);
        used.complete();
        Await.result(end("/used"));

        post(port, "/later", 60, 60);
        assertThat(Await.result(end("/later")).length()).isEqualTo(60);
    }

    @Test
    void oneTooLargeIsRefusedByWhatItSaysOrWhenItTurnsOutSo() {
        int port = serve(80, 1_000);

        post(port, "/said", 81, 0);
        var socket = Await.result(client.connect(port, "127.0.0.1"));
        socket.write("POST /chunked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n51\r\n" + "x".repeat(81));

        assertThat(failure("/said")).isEqualTo(Refusal.TOO_LARGE);
        assertThat(failure("/chunked")).isEqualTo(Refusal.TOO_LARGE);
    }

    private int serve(int largest, int together) {
        var reader = new WholeBodies(vertx, largest, Duration.ofMinutes(5), together);
        return Await.result(vertx.createHttpServer()
                        .requestHandler(request -> reader.read(request, body -> {
                                    promise(request.path() + " begun").complete(body);
                                    return used.future().map(body);
                                })
                                .onComplete(promise(request.path())))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private void post(int port, String path, int said, int sent) {
        NetSocket socket = Await.result(client.connect(port, "127.0.0.1"));
        socket.write(
                "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + said + "\r\n\r\n" + "x".repeat(sent));
    }

    private Promise<Buffer> promise(String name) {
        return ends.computeIfAbsent(name, first -> Promise.promise());
    }

    private Future<Buffer> begun(String path) {
        return promise(path + " begun").future();
    }

    private Future<Buffer> end(String path) {
        return promise(path).future();
    }

    private Refusal failure(String path) {
        var failure = Await.result(end(path).<Throwable>mapEmpty().otherwise(thrown -> thrown));
        return ((NoBody) failure).why();
    }
}
