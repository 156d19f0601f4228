package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.http.TestCertificates;
import io.ghlgateway.http.TestCertificates.Made;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A caller that speaks HTTP/2, over TLS but where it says otherwise: its bodies are framed anew for HighLevel, and are the same. */
class Http2Test {

    private static final Made SERVER = TestCertificates.make("http2", "localhost");

    @Test
    void aSmallBodyArrivesWithItsLength() throws Exception {
        try (var far = FarSide.open();
                var bed = TestBed.start(plan(), far.uri())) {
            var caller = caller();

            var answer = caller.sendAsync(
                    request(bed, "/no-such-api")
                            .POST(BodyPublishers.ofString("{\"a\":1}"))
                            .build(),
                    BodyHandlers.ofString());

            try (var upstream = far.accept()) {
                assertThat(upstream.head())
                        .startsWith("POST /no-such-api HTTP/1.1\n")
                        .contains("\ncontent-length: 7\n");
                assertThat(upstream.read(7)).isEqualTo("{\"a\":1}");
                upstream.send("HTTP/1.1 201 Created\nSet-Cookie: a=1\nSet-Cookie: b=2\nContent-Length: 2\n\nok");
                var created = overHttp2(answer);
                assertThat(created.statusCode()).isEqualTo(201);
                assertThat(created.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
                assertThat(created.body()).isEqualTo("ok");
            }
        }
    }

    /** The stream is over as soon as the answer's last byte is written, before that is known to have gone out. */
    @Test
    void aWholeAnswerIsNotTakenForACallerThatLeft() throws Exception {
        try (var bed = TestBed.start(plan())) {
            var caller = caller();
            for (int i = 0; i < 3; i++) {
                assertThat(overHttp2(caller.sendAsync(
                                        request(bed, "/contacts/c1").build(), BodyHandlers.ofString()))
                                .statusCode())
                        .isEqualTo(200);
            }

            TestBed.until(() -> bed.metric("ghl_gateway_requests_total") == 3);
            assertThat(bed.metric("ghl_gateway_requests_total{caller=\"billing\",outcome=\"ok\""))
                    .isEqualTo(3);
        }
    }

    @Test
    void aLargeBodyStreamsUpAndAnotherDown() throws Exception {
        var up = noise(5_000_000);
        var down = noise(6_000_000);
        try (var far = FarSide.open();
                var bed = TestBed.start(plan(), far.uri())) {
            var caller = caller();

            var answer = caller.sendAsync(
                    request(bed, "/no-such-api")
                            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(up)))
                            .build(),
                    BodyHandlers.ofByteArray());

            try (var upstream = far.accept()) {
                assertThat(upstream.head()).containsIgnoringCase("\ntransfer-encoding: chunked\n");
                assertThat(upstream.chunks()).isEqualTo(up);
                upstream.send("HTTP/1.1 200 OK\nContent-Length: 6000000\n\n").sendBytes(down);
                assertThat(overHttp2(answer).body()).isEqualTo(down);
            }
        }
    }

    @Test
    void eachEventOfAStreamIsRelayedWhenItComes() throws Exception {
        try (var far = FarSide.open();
                var bed = TestBed.start(plan(), far.uri())) {
            var caller = caller();

            var answer = caller.sendAsync(request(bed, "/mcp/").build(), BodyHandlers.ofInputStream());

            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
                var events = overHttp2(answer).body();
                for (int i = 0; i < 3; i++) {
                    upstream.send("9\ndata: " + i + "\n\n"); // with the line ends of HTTP
                    assertThat(events.readNBytes(9)).asString().isEqualTo("data: " + i + "\r\n");
                }
                upstream.send("0\n\n");
                assertThat(events.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void anAnswerThatBreaksOffNeverLooksWhole() throws Exception {
        try (var far = FarSide.open();
                var bed = TestBed.start(plan(), far.uri())) {
            var caller = caller();

            var answer = caller.sendAsync(request(bed, "/no-such-api").build(), BodyHandlers.ofInputStream());

            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n");
                var body = overHttp2(answer).body();
                assertThat(body.readNBytes(3)).asString().isEqualTo("abc");
                upstream.close();
                assertThatThrownBy(body::readAllBytes)
                        .isInstanceOf(IOException.class)
                        .rootCause()
                        .hasMessageContaining("RST_STREAM")
                        .hasMessageNotContaining("Not an error");
            }
        }
    }

    /** The bound of the wait is far below the drain's timeout. The JDK's client would not look at the answer so early. */
    @Test
    void aBodyThatIsRefusedDoesNotHoldUpTheDrain() {
        var vertx = Vertx.vertx();
        try (var bed = TestBed.start(new Plan().set("drain.timeout", "10m").set("proxy.max-body", "1MiB"))) {
            var http2 = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            var upload = TestBed.await(http2.request(HttpMethod.POST, bed.proxyPort(), "127.0.0.1", "/no-such-api"));

            // Asked for before the request goes out: a body that comes before it has a reader is lost.
            var body = upload.response().compose(HttpClientResponse::body);
            upload.exceptionHandler(reset -> {})
                    .putHeader("Authorization", "Bearer " + Plan.KEY)
                    .putHeader("Content-Length", "40000000")
                    .write(Buffer.buffer(new byte[10_000]));

            var answer = TestBed.await(body);
            assertThat(answer.toJsonObject().getInteger("status")).isEqualTo(413);
            TestBed.await(bed.drain());
            TestBed.await(http2.close()); // one that is not held on to closes itself
        } finally {
            TestBed.await(vertx.close());
        }
    }

    private static Plan plan() {
        return new Plan()
                .set("proxy.tls", "{certificate: \"" + SERVER.certificate() + "\", key: \"" + SERVER.key() + "\"}");
    }

    private static HttpRequest.Builder request(TestBed bed, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + bed.proxyPort() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + Plan.KEY);
    }

    private static HttpClient caller() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(SERVER.trusted())
                .build();
    }

    private static <T> HttpResponse<T> overHttp2(CompletableFuture<HttpResponse<T>> answer) {
        var there = TestBed.await(answer);
        assertThat(there.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return there;
    }

    private static byte[] noise(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
