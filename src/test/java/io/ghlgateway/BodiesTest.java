package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of every kind reach HighLevel as they were written, byte for byte. */
class BodiesTest {

    private static final String OK = "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok";

    private static FarSide far;
    private static TestBed bed;

    @BeforeAll
    static void open() {
        far = FarSide.open();
        bed = TestBed.start(new Plan(), far.uri());
    }

    @AfterAll
    static void close() {
        bed.close();
        far.close();
    }

    /** Smaller and larger than what is kept (proxy.replay-body). */
    @ParameterizedTest
    @CsvSource({
        "application/json, 300, false",
        "application/json, 300, true",
        "application/json, 3000000, false",
        "application/json, 3000000, true",
        "application/x-www-form-urlencoded, 900, false",
        "application/octet-stream, 262144, true",
        "application/octet-stream, 262145, true"
    })
    void aBodyArrivesAsItWasWritten(String type, int bytes, boolean chunked) {
        var body = noise(bytes);
        var request = bed.request("/no-such-api").header("Content-Type", type).POST(publisher(body, chunked));

        var answer = bed.sendAsync(request);

        try (var upstream = far.accept()) {
            var head = upstream.head();
            assertThat(head).startsWith("POST /no-such-api HTTP/1.1\n").contains("Content-Type: " + type + "\n");
            assertThat(received(upstream, head)).isEqualTo(body);
            upstream.send(OK);
            assertThat(TestBed.await(answer).body()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUploadOfPartsKeepsItsBoundaryAndItsLength(boolean chunked) {
        var boundary = "----form'(x)+_,-./:=?7";
        var body = new ByteArrayOutputStream();
        body.writeBytes(
                ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ü.bin\"\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(noise(10_000_000));
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        var type = "multipart/form-data; boundary=\"" + boundary + "\"";

        var answer = bed.sendAsync(bed.request("/medias/upload-file")
                .header("Content-Type", type)
                .POST(publisher(body.toByteArray(), chunked)));

        try (var upstream = far.accept()) {
            var head = upstream.head();
            assertThat(head).contains("Content-Type: " + type + "\n");
            assertThat(lower(head).contains("\ntransfer-encoding: chunked\n")).isEqualTo(chunked);
            assertThat(received(upstream, head)).isEqualTo(body.toByteArray());
            upstream.send(OK);
            assertThat(TestBed.await(answer).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatIsEmptySaysSo() {
        try (var caller = bed.wire()) {
            caller.send(post("Content-Length: 0\n", ""));

            try (var upstream = far.accept()) {
                assertThat(lower(upstream.head()))
                        .contains("\ncontent-length: 0\n")
                        .doesNotContain("transfer-encoding");
                upstream.send(OK);
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void aCompressedBodyGoesUpAsItIs() throws IOException {
        var packed = gzip(noise(5_000));
        try (var caller = bed.wire()) {
            caller.send(post("Content-Encoding: gzip\nContent-Length: " + packed.length + "\n", ""))
                    .sendBytes(packed);

            try (var upstream = far.accept()) {
                var head = upstream.head();
                assertThat(head).contains("\nContent-Encoding: gzip\n");
                assertThat(upstream.readBytes(packed.length)).isEqualTo(packed);
                upstream.send(OK);
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    /** Whatever it is: nothing here would know how to unpack it. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void aCompressedAnswerComesDownAsItIs(String coding) {
        var packed = noise(5_000);
        try (var caller = bed.wire()) {
            caller.send(get("Accept-Encoding: br;q=1.0, gzip;q=0.8, *;q=0.1\n"));

            try (var upstream = far.accept()) {
                assertThat(upstream.head()).contains("\nAccept-Encoding: br;q=1.0, gzip;q=0.8, *;q=0.1\n");
                upstream.send("HTTP/1.1 200 OK\nConnection: close\nContent-Encoding: " + coding
                                + "\nContent-Length: 5000\n\n")
                        .sendBytes(packed);
                assertThat(caller.head()).contains("\nContent-Encoding: " + coding + "\n");
                assertThat(caller.readBytes(5_000)).isEqualTo(packed);
            }
        }
    }

    @Test
    void noCodingIsAskedForThatTheCallerDidNotAskFor() {
        try (var caller = bed.wire()) {
            caller.send(get(""));

            try (var upstream = far.accept()) {
                assertThat(lower(upstream.head())).doesNotContain("accept-encoding", "\nte:");
                upstream.send(OK);
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    /** Documented: they have no place in what is sent with a length, and nobody has declared to want them. */
    @ParameterizedTest
    @ValueSource(ints = {5, 400_000})
    void trailersStayBehind(int bytes) {
        var body = noise(bytes);
        try (var caller = bed.wire()) {
            caller.send(post("Transfer-Encoding: chunked\nTrailer: X-Sum\n", Integer.toHexString(bytes) + "\n"))
                    .sendBytes(body)
                    .send("\n0\nX-Sum: 17\n\n");

            try (var upstream = far.accept()) {
                var head = upstream.head();
                assertThat(lower(head)).doesNotContain("trailer");
                assertThat(received(upstream, head)).isEqualTo(body);
                upstream.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n2\nok\n0\nX-Sum: 17\n\n");
                assertThat(lower(caller.head())).doesNotContain("trailer");
                assertThat(caller.chunks()).asString().isEqualTo("ok");
                caller.send(get(""));
                assertThat(upstream.head()).as("both connections go on").startsWith("GET ");
                upstream.send(OK);
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private static String get(String fields) {
        return "GET /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY + "\n" + fields + "\n";
    }

    private static String post(String fields, String body) {
        return "POST /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY + "\n" + fields + "\n"
                + body;
    }

    /** The body that follows this head. */
    private static byte[] received(Wire wire, String head) {
        return lower(head).contains("\ntransfer-encoding: chunked\n")
                ? wire.chunks()
                : wire.readBytes(Integer.parseInt(lower(head).replaceAll("(?s).*\ncontent-length: (\\d+)\n.*", "$1")));
    }

    private static String lower(String head) {
        return head.toLowerCase();
    }

    private static BodyPublisher publisher(byte[] body, boolean chunked) {
        return chunked
                ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                : BodyPublishers.ofByteArray(body);
    }

    private static byte[] noise(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }
}
