package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies in both directions, and what of an answer reaches the caller. */
class StreamingTest {

    private static final int LARGE = 20_000_000;
    private static final String GET =
            "GET /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY + "\n\n";

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        bed = TestBed.start(new Plan());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLargeUploadArrivesWhole(boolean chunked) throws Exception {
        var body = pattern(LARGE);

        var receipt = new JsonObject(bed.send(bed.request("/simulate/upload").POST(publisher(body, chunked)))
                .body());

        assertThat(receipt.getInteger("bytes")).isEqualTo(LARGE);
        assertThat(receipt.getString("sha256")).isEqualTo(sha256(body));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLargeDownloadArrivesWhole(boolean chunked) throws Exception {
        var answer = bed.send(
                bed.request("/simulate/download?bytes=" + LARGE + "&chunked=" + chunked), BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length").isPresent()).isEqualTo(!chunked);
        assertThat(sha256(answer.body())).isEqualTo(sha256(pattern(LARGE)));
    }

    @ParameterizedTest
    @CsvSource({"1000, false", "1000, true", "5000000, false", "5000000, true"})
    void anUpstreamThatBreaksOffInMidBodyNeverLooksComplete(int bytes, boolean chunked) {
        bed.fault("\"kind\": \"reset\", \"match\": {\"path\": \"/simulate/download\"}");

        var request = bed.request("/simulate/download?bytes=" + bytes + "&chunked=" + chunked);

        assertThatThrownBy(() -> bed.send(request, BodyHandlers.ofByteArray()))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    /** The last chunk is what says that a chunked body is whole; HTTP/1.0 style ends have no such mark. */
    @Test
    void aBrokenChunkedBodyHasNoLastChunk() {
        bed.fault("\"kind\": \"reset\", \"match\": {\"path\": \"/simulate/download\"}");
        try (var wire = bed.wire()) {
            wire.send("GET /simulate/download?bytes=1000&chunked=true HTTP/1.1\nHost: gateway\nAuthorization: Bearer "
                    + Plan.KEY + "\n\n");

            assertThat(wire.rest()).startsWith("HTTP/1.1 200 ").doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void anUploadThatBreaksOffIsNeverTakenForWholeUpstream() {
        double before = bed.metric("ghl_gateway_requests_total{caller=\"billing\",outcome=\"caller_gone\"");
        try (var wire = bed.wire()) {
            wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY
                    + "\nContent-Length: 5000000\n\n");
            wire.sendBytes(pattern(2_000_000));
        }

        TestBed.until(
                () -> bed.metric("ghl_gateway_requests_total{caller=\"billing\",outcome=\"caller_gone\"") > before);
        var contacts = new JsonObject(bed.get("/contacts/").body());
        assertThat(contacts.getJsonArray("contacts")).isEmpty();
    }

    @Test
    void anAnswerWithoutALengthThatEndsWithItsConnectionIsRelayedWhole() {
        try (var upstream = RawUpstream.saying("HTTP/1.1 200 OK\nConnection: close", "all of it");
                var here = TestBed.start(new Plan(), upstream.uri())) {
            assertThat(here.get("/no-such-api").body()).isEqualTo("all of it");
        }
    }

    @Test
    void statusHeadersAndBodyOfAnAnswerPassAsTheyCame() {
        var head = "HTTP/1.1 422 Unprocessable\nContent-Type: application/json; charset=utf-8\nContent-Length: 2\n"
                + "Set-Cookie: a=1\nSet-Cookie: b=2\nX-RateLimit-Remaining: 77\nETag: \"x\"\nX-Powered-By: them\n"
                + "Connection: close, X-Theirs\nX-Theirs: 1\nKeep-Alive: timeout=9\nX-Gateway-Error: deadline";
        try (var upstream = RawUpstream.saying(head, "{}");
                var here = TestBed.start(new Plan(), upstream.uri())) {
            var answer = here.get("/no-such-api");

            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).isEqualTo("{}");
            assertThat(answer.headers().map())
                    .containsEntry("content-type", List.of("application/json; charset=utf-8"))
                    .containsEntry("set-cookie", List.of("a=1", "b=2"))
                    .containsEntry("x-ratelimit-remaining", List.of("77"))
                    .containsEntry("etag", List.of("\"x\""))
                    .containsEntry("x-powered-by", List.of("them"))
                    .doesNotContainKeys("x-theirs", "keep-alive", "x-gateway-error");
        }
    }

    @Test
    void aRedirectIsTheCallersBusiness() {
        try (var upstream = RawUpstream.saying("HTTP/1.1 302 Found\nLocation: /elsewhere\nContent-Length: 0", "");
                var here = TestBed.start(new Plan(), upstream.uri())) {
            var answer = here.get("/no-such-api");

            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location")).hasValue("/elsewhere");
            assertThat(upstream.heads()).hasSize(1);
        }
    }

    @Test
    void aHeadRequestLearnsTheLengthAndGetsNoBody() {
        try (var upstream = RawUpstream.saying("HTTP/1.1 200 OK\nContent-Length: 1234\nETag: \"x\"", "");
                var here = TestBed.start(new Plan(), upstream.uri());
                var wire = here.wire()) {
            var answer = wire.send(GET.replace("GET", "HEAD").replace("Host:", "Connection: close\nHost:"))
                    .rest();

            assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("\r\nContent-Length: 1234\r\n");
            assertThat(answer).endsWith("\r\n\r\n").doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    @Test
    void aHeadRequestToARecordLearnsTheLengthThatGetWouldSend() {
        try (var wire = bed.wire()) {
            wire.send(GET.replace("GET /no-such-api", "HEAD /simulate/download?bytes=300&x="));

            assertThat(wire.head()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("\ncontent-length: 300\n");
            assertThat(wire.send(GET.replace("GET /no-such-api", "HEAD /contacts/c1"))
                            .head())
                    .startsWith("HTTP/1.1 200 ")
                    .containsPattern("(?i)\ncontent-length: [1-9]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void anAnswerWithoutABodyHasNone(String status) {
        try (var upstream = RawUpstream.saying("HTTP/1.1 " + status + "\nETag: \"x\"", "");
                var here = TestBed.start(new Plan(), upstream.uri());
                var wire = here.wire()) {
            wire.send(GET);

            assertThat(wire.head())
                    .startsWith("HTTP/1.1 " + status.substring(0, 3) + " ")
                    .doesNotContainIgnoringCase("transfer-encoding");
            assertThat(wire.send(GET).head())
                    .as("the connection goes on")
                    .startsWith("HTTP/1.1 " + status.substring(0, 3));
        }
    }

    @Test
    void anAnswerOfUnknownLengthEndsWithTheConnectionOfAnOldCaller() {
        try (var upstream = RawUpstream.saying("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n");
                var here = TestBed.start(new Plan(), upstream.uri());
                var wire = here.wire()) {
            var answer = wire.send(
                            GET.replace("HTTP/1.1", "HTTP/1.0").replace("Host:", "Connection: keep-alive\nHost:"))
                    .rest();

            assertThat(answer).endsWith("\r\n\r\nabc");
        }
    }

    @Test
    void aReplyWithALargeHeadPasses() {
        var cookie = "c=" + "x".repeat(20_000);
        try (var upstream = RawUpstream.saying("HTTP/1.1 200 OK\nContent-Length: 2\nX-Large: " + cookie, "ok");
                var here = TestBed.start(new Plan(), upstream.uri());
                var wire = here.wire()) {
            wire.send(GET);

            assertThat(wire.head()).startsWith("HTTP/1.1 200 ").contains(cookie);
        }
    }

    @Test
    void aCompressedBodyStaysCompressed() throws IOException {
        var plain = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(plain)) {
            gzip.write(pattern(10_000));
        }
        var head = "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: " + plain.size();
        try (var upstream = RawUpstream.saying(head, plain.toByteArray());
                var here = TestBed.start(new Plan(), upstream.uri())) {
            var answer = here.send(
                    here.request("/no-such-api").header("Accept-Encoding", "gzip"), BodyHandlers.ofByteArray());

            assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(answer.body()).isEqualTo(plain.toByteArray());
            assertThat(upstream.heads()).singleElement().asString().contains("Accept-Encoding: gzip\n");
        }
    }

    private static BodyPublisher publisher(byte[] body, boolean chunked) {
        return chunked
                ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                : BodyPublishers.ofByteArray(body);
    }

    /** As the simulator makes its downloads: a gap or a repeat shows. */
    private static byte[] pattern(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
