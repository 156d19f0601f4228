package io.ghlgateway;

import static io.ghlgateway.Http2Wire.CONTINUATION;
import static io.ghlgateway.Http2Wire.DATA;
import static io.ghlgateway.Http2Wire.END_HEADERS;
import static io.ghlgateway.Http2Wire.END_STREAM;
import static io.ghlgateway.Http2Wire.GOAWAY;
import static io.ghlgateway.Http2Wire.HEADERS;
import static io.ghlgateway.Http2Wire.PING;
import static io.ghlgateway.Http2Wire.RST_STREAM;
import static io.ghlgateway.Http2Wire.SETTINGS;
import static io.ghlgateway.Http2Wire.WINDOW_UPDATE;
import static io.ghlgateway.Http2Wire.block;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9113 demands of who takes HTTP/2, each frame by frame, and floods of frames. */
class StrictHttp2Test {

    private static final int WHOLE = END_STREAM | END_HEADERS;

    private static TestBed bed;

    @BeforeAll
    static void open() {
        bed = TestBed.start(new Plan().set("proxy.write-timeout", "1s"));
    }

    @AfterAll
    static void nothingReachedHighLevel() {
        assertThat(bed.stats().accepted() + bed.stats().refused()).isZero();
        bed.close();
    }

    /** What it is, its fields, and the status; 0 where the stream is reset, or the connection ended. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                row("another Host than :authority", 0, get(":authority", "gateway", "host", "other")),
                row("two Hosts", 400, get(":authority", "gateway", "host", "gateway", "host", "gateway")),
                row("no authority at all", 400, get()),
                row("an authority that is none", 0, get(":authority", "a/b")),
                row("a Connection field", 0, get(":authority", "gateway", "connection", "x")),
                row("a Transfer-Encoding field", 0, get(":authority", "gateway", "transfer-encoding", "chunked")),
                row("a TE field of more than trailers", 0, get(":authority", "gateway", "te", "gzip")),
                row("capitals in a name", 0, get(":authority", "gateway", "X-A", "b")),
                row("a line end in a value", 0, get(":authority", "gateway", "x-a", "b\r\nc: d")),
                row("a target without a slash", 400, request("GET", "admin", ":authority", "gateway")),
                row("a blank in the target", 400, request("GET", "/a b", ":authority", "gateway")),
                row("dot segments", 400, request("GET", "/a/../b", ":authority", "gateway")),
                row("an absolute target", 421, request("GET", "http://elsewhere/", ":authority", "gateway")),
                row("TRACE", 405, request("TRACE", "/", ":authority", "gateway")),
                row("another expectation", 417, get(":authority", "gateway", "expect", "miracles")),
                row("101 fields", 431, request("GET", "/", many(101))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void whatIsMalformedIsRefused(String what, int status, byte[] fields) {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var ending = wire.frame(HEADERS, WHOLE, 1, fields).ending(1);

            assertThat(ending.status()).isEqualTo(status);
        }
    }

    @Test
    void aBodyThatIsNotAsLongAsItSaysIsReset() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var fields = request(
                    "POST",
                    "/contacts/",
                    ":authority",
                    "gateway",
                    "authorization",
                    "Bearer " + Plan.KEY,
                    "content-length",
                    "5");

            var ending = wire.frame(HEADERS, END_HEADERS, 1, fields)
                    .frame(DATA, END_STREAM, 1, new byte[3])
                    .ending(1);

            assertThat(ending.type()).isEqualTo(RST_STREAM);
        }
    }

    @Test
    void theServerIsAskedWhatIsPossible() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var ending = wire.frame(HEADERS, WHOLE, 1, request("OPTIONS", "*", ":authority", "gateway"))
                    .ending(1);

            assertThat(ending.status()).isEqualTo(204);
            assertThat(ending.headers().get("allow")).asString().contains("GET, HEAD");
        }
    }

    @Test
    void whoAsksWhatIsPossibleAndNeverEndsHoldsNoStream() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var ending = wire.frame(HEADERS, END_HEADERS, 1, request("OPTIONS", "*", ":authority", "gateway"));

            assertThat(ending.ending(1).status()).isEqualTo(204);
            assertThat(ending.ending(1).type()).isEqualTo(RST_STREAM);
        }
    }

    /** A window of nothing at all: its head may come, its body never. */
    @Test
    void whoTakesNothingOfARefusalHoldsNoStream() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var noWindow = ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array();
            wire.frame(SETTINGS, 0, 0, noWindow).frame(HEADERS, WHOLE, 1, get(":authority", "gateway"));

            assertThat(wire.ending(1).status()).isEqualTo(401);
            assertThat(wire.ending(1).type()).isEqualTo(RST_STREAM);
        }
    }

    @Test
    void aFloodOfResetsEndsTheConnection() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var flood = new ByteArrayOutputStream();
            for (int i = 0; i < 400; i++) {
                flood.writeBytes(frame(HEADERS, WHOLE, 2 * i + 1, get(":authority", "gateway")));
                flood.writeBytes(frame(
                        RST_STREAM,
                        0,
                        2 * i + 1,
                        ByteBuffer.allocate(4).putInt(8).array()));
            }
            wire.bytes(flood.toByteArray());

            assertThat(wire.ending(Integer.MAX_VALUE).type()).isEqualTo(GOAWAY);
        }
    }

    /** What is answered piles up where nobody reads the answers: so much of it, and no more. */
    @Test
    void aFloodOfPingsEndsTheConnectionOfWhoReadsNothing() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var pings = new ByteArrayOutputStream();
            for (int i = 0; i < 10_000; i++) {
                pings.writeBytes(frame(PING, 0, 0, new byte[8]));
            }

            assertThat(wire.endsWhileSending(200, pings.toByteArray())).isTrue();
        }
    }

    @Test
    void aFloodOfEmptyPiecesOfABodyEndsTheConnection() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var flood = new ByteArrayOutputStream();
            flood.writeBytes(frame(
                    HEADERS,
                    END_HEADERS,
                    1,
                    request("POST", "/contacts/", ":authority", "gateway", "authorization", "Bearer " + Plan.KEY)));
            for (int i = 0; i < 100; i++) {
                flood.writeBytes(frame(DATA, 0, 1, new byte[0]));
            }
            wire.bytes(flood.toByteArray());

            assertThat(wire.ending(Integer.MAX_VALUE).type()).isEqualTo(GOAWAY);
        }
    }

    /** By frames that are wrong, so that the server is who resets: its resets are counted like the caller's. */
    @Test
    void aFloodOfResetsThatTheServerIsMadeToSendEndsTheConnection() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var flood = new ByteArrayOutputStream();
            for (int i = 0; i < 400; i++) {
                flood.writeBytes(frame(HEADERS, WHOLE, 2 * i + 1, get(":authority", "gateway")));
                flood.writeBytes(frame(WINDOW_UPDATE, 0, 2 * i + 1, new byte[4])); // of nothing
            }
            wire.bytes(flood.toByteArray());

            assertThat(wire.ending(Integer.MAX_VALUE).type()).isEqualTo(GOAWAY);
        }
    }

    @Test
    void aHeadThatGoesOnAndOnInEmptyPiecesEndsTheConnection() {
        try (var wire = Http2Wire.open(bed.proxyPort())) {
            var flood = new ByteArrayOutputStream();
            flood.writeBytes(frame(HEADERS, END_STREAM, 1, get(":authority", "gateway")));
            for (int i = 0; i < 100; i++) {
                flood.writeBytes(frame(CONTINUATION, 0, 1, new byte[0]));
            }
            wire.bytes(flood.toByteArray());

            assertThat(wire.ending(Integer.MAX_VALUE).type()).isEqualTo(GOAWAY);
        }
    }

    private static Arguments row(String what, int status, byte[] fields) {
        return Arguments.of(what, status, fields);
    }

    private static byte[] get(String... fields) {
        return request("GET", "/", fields);
    }

    private static byte[] request(String method, String path, String... fields) {
        return block(Stream.concat(Stream.of(":method", method, ":scheme", "http", ":path", path), Stream.of(fields))
                .toArray(String[]::new));
    }

    private static String[] many(int fields) {
        return Stream.concat(
                        Stream.of(":authority", "gateway"),
                        IntStream.range(0, fields).boxed().flatMap(i -> Stream.of("x-" + i, "1")))
                .toArray(String[]::new);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return Http2Wire.bytes(type, flags, stream, payload);
    }
}
