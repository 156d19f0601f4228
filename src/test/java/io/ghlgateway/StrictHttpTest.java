package io.ghlgateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the RFCs demand of who takes HTTP/1.1, each at each door and byte by byte: what is malformed or can be read in two
 * ways is refused, and nothing of it reaches HighLevel.
 */
class StrictHttpTest {

    private static final String HOST = "Host: gateway\nConnection: close\nAuthorization: Bearer " + AppStand.KEY + "\n";

    @TempDir
    private static Path directory;

    private static AppStand highLevel;
    private static AppStand.Stand stand;

    @BeforeAll
    static void open() throws IOException {
        highLevel = new AppStand();
        stand = highLevel.gateway(directory);
    }

    @AfterAll
    static void nothingReachedHighLevel() {
        assertThat(highLevel.arrivedInAll()).isZero();
        stand.close();
        highLevel.close();
    }

    /** What it is, the request, and the status at every door. */
    static Stream<Arguments> malformed() {
        var rows = new TreeMap<String, Object[]>();
        put(rows, "no Host", "GET / HTTP/1.1\n\n", 400);
        put(rows, "two Hosts", "GET / HTTP/1.1\nHost: a\nHost: a\n\n", 400);
        put(rows, "a Host that is none", "GET / HTTP/1.1\nHost: a/b\n\n", 400);
        put(rows, "a Host with a user", "GET / HTTP/1.1\nHost: u@a\n\n", 400);
        put(rows, "an empty Host", "GET / HTTP/1.1\nHost: \n\n", 400);
        put(rows, "length and coding", post("Content-Length: 3\nTransfer-Encoding: chunked\n"), 400);
        put(rows, "two lengths", post("Content-Length: 3\nContent-Length: 4\n"), 400);
        put(rows, "the same length twice", post("Content-Length: 3\nContent-Length: 3\n"), 400);
        put(rows, "a list of lengths", post("Content-Length: 3, 3\n"), 400);
        put(rows, "a signed length", post("Content-Length: +3\n"), 400);
        put(rows, "a negative length", post("Content-Length: -3\n"), 400);
        put(rows, "a length in hex", post("Content-Length: 0x3\n"), 400);
        put(rows, "a length beyond all numbers", post("Content-Length: 99999999999999999999\n"), 400);
        put(rows, "a coding in HTTP/1.0", "POST / HTTP/1.0\n" + HOST + "Transfer-Encoding: chunked\n\n0\n\n", 400);
        put(rows, "chunked is not last", post("Transfer-Encoding: chunked, identity\n"), 400);
        put(rows, "another coding", post("Transfer-Encoding: gzip, chunked\n"), 501);
        put(rows, "chunked twice", post("Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n"), 400);
        put(rows, "a folded field", "GET / HTTP/1.1\n" + HOST + "X-A: b\n c\n\n", 400);
        put(rows, "a field folded by a tab", "GET / HTTP/1.1\n" + HOST + "X-A: b\n\tc\n\n", 400);
        put(rows, "a first field that is folded", "GET / HTTP/1.1\n Host: gateway\n\n", 400);
        put(rows, "a field without a name", "GET / HTTP/1.1\n" + HOST + ": x\n\n", 400);
        put(rows, "a blank in a name", "GET / HTTP/1.1\n" + HOST + "X A: x\n\n", 400);
        put(rows, "a blank before the colon", "GET / HTTP/1.1\n" + HOST + "X-A : x\n\n", 400);
        put(rows, "a field without a colon", "GET / HTTP/1.1\n" + HOST + "X-A\n\n", 400);
        put(rows, "NUL in a field", "GET / HTTP/1.1\n" + HOST + "X-A: a\0b\n\n", 400);
        put(rows, "lone CR in a field", "GET / HTTP/1.1\n" + HOST + "X-A: a\rb\n\n", 400);
        put(rows, "lone LF after a field", "GET / HTTP/1.1\n" + HOST + "X-A: a\fX-B: b\n\n", 400);
        put(rows, "a blank before the method", " GET / HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a control character before the method", "\n\u0001GET / HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a blank in the target", "GET /a b HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "raw bytes in the target", "GET /\u0094 HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a fragment", "GET /a#b HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a target without a slash", "GET admin HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "an exclamation mark", "GET ! HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "an authority for a target", "GET haproxy.org:80 HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a star with more", "GET */test HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a star to GET", "GET * HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "another authority", "GET http://elsewhere/ HTTP/1.1\n" + HOST + "\n", 421);
        put(rows, "another port", "GET http://gateway:81/ HTTP/1.1\n" + HOST + "\n", 421);
        put(rows, "TRACE", "TRACE / HTTP/1.1\n" + HOST + "\n", 405);
        put(rows, "CONNECT", "CONNECT gateway:443 HTTP/1.1\n" + HOST + "\n", 405);
        put(rows, "another expectation", post("Content-Length: 3\nExpect: miracles\n"), 417);
        put(rows, "dot segments", "GET /a/../b HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "encoded dot segments", "GET /a/%2e%2E/b HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "an encoded NUL", "GET /a%00 HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "a backslash", "GET /a\\b HTTP/1.1\n" + HOST + "\n", 400);
        put(rows, "101 fields", "GET / HTTP/1.1\n" + HOST + "X: 1\n".repeat(100) + "\n", 431);
        put(rows, "fields too long", "GET / HTTP/1.1\n" + HOST + "X: " + "x".repeat(40_000) + "\n\n", 431);
        put(rows, "a line too long", "GET /" + "x".repeat(20_000) + " HTTP/1.1\n" + HOST + "\n", 414);
        put(rows, "HTTP/1.2", "GET / HTTP/1.2\n" + HOST + "\n", 505);
        put(rows, "HTTP/2.0", "GET / HTTP/2.0\n" + HOST + "\n", 505);
        put(rows, "http/1.1", "GET / http/1.1\n" + HOST + "\n", 505);
        return rows.entrySet().stream()
                .flatMap(row ->
                        doors().map(door -> Arguments.of(row.getKey(), door, row.getValue()[0], row.getValue()[1])));
    }

    @ParameterizedTest(name = "{0} at the {1} door")
    @MethodSource("malformed")
    void whatIsMalformedIsRefused(String what, String door, String request, int status) {
        var answer = exchange(door, request);

        assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
        assertThat(answer).doesNotContain("\tat ", "Exception", "io.vertx", "io.netty");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void theServerIsAskedWhatIsPossible(String door) {
        assertThat(exchange(door, "OPTIONS * HTTP/1.1\n" + HOST + "Connection: close\n\n"))
                .startsWith("HTTP/1.1 204 ")
                .containsIgnoringCase("\r\nallow: GET, HEAD");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aMalformedChunkIsAnsweredBeforeTheConnectionEnds(String door) {
        var where = Map.of(
                "proxy", "/contacts/ HTTP/1.1\nAuthorization: Bearer " + AppStand.KEY,
                "public", "/webhooks/main HTTP/1.1\nX-GHL-Signature: " + "A".repeat(86) + "==",
                "admin", "/admin/v1/callers HTTP/1.1\nAuthorization: Bearer " + AppStand.ADMIN_KEY);
        for (var rest : List.of("ZZ\nabc\n", "+3\nabc\n", "3\nabcd\n")) {
            var answer = exchange(
                    door,
                    "POST " + where.get(door) + "\nHost: gateway\nTransfer-Encoding: chunked\n\n2\nok\n" + rest
                            + "0\n\nGET /metrics HTTP/1.1\nHost: gateway\n\n");

            assertThat(answer).startsWith("HTTP/1.1 400 ");
            assertThat(answer.split("HTTP/1.1 ")).as("and nothing after it").hasSize(2);
        }
    }

    /** What is well-formed, if rarely seen, passes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://GATEWAY/metrics HTTP/1.1",
                "GET https://gateway/metrics?x HTTP/1.1",
                "GET /metrics?x=%00%5c../ HTTP/1.1",
                "\nGET /metrics HTTP/1.1"
            })
    void whatIsWellFormedIsTaken(String line) {
        assertThat(exchange("admin", line + "\n" + HOST + "\n")).startsWith("HTTP/1.1 200 ");
    }

    /** Vert.x would have it become a stream of HTTP/2 before it has looked at what the parser says of its body. */
    @Test
    void nobodyChangesToHttp2ByUpgrade() {
        var answer = exchange(
                "proxy",
                "POST /contacts/ HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + AppStand.KEY
                        + "\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\n"
                        + "Transfer-Encoding: chunked\n\n2\nok\nZZ\n\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("HTTP/1.1 101");
    }

    @Test
    void aRequestLineMayBeAsLongAsTheStandardAsks() {
        assertThat(exchange("admin", "GET /metrics?" + "x".repeat(8_000) + " HTTP/1.1\n" + HOST + "\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    /** As who reads bytes in small pieces sees it. */
    @Test
    void aFoldedFieldIsSeenHoweverItsBytesCome() {
        for (var door : doors().toList()) {
            try (var wire = Wire.open(port(door))) {
                for (var piece : List.of("GET / HT", "TP/1.1\nHost: ", "gateway\nX-A: b", "\n", " ", "c\n\n")) {
                    wire.send(piece);
                }
                assertThat(wire.rest()).startsWith("HTTP/1.0 400 ");
            }
        }
    }

    static Stream<String> doors() {
        return Stream.of("proxy", "public", "admin");
    }

    private static int port(String door) {
        return URI.create(
                        switch (door) {
                            case "proxy" -> stand.gateway.proxyUrl();
                            case "public" -> stand.gateway.publicUrl().orElseThrow();
                            default -> stand.gateway.adminUrl();
                        })
                .getPort();
    }

    private static void put(Map<String, Object[]> rows, String what, String request, int status) {
        rows.put(what, new Object[] {request, status});
    }

    private static String post(String fields) {
        return "POST / HTTP/1.1\n" + HOST + fields + "\n0\n\n";
    }

    /** All that comes back until the door closes. */
    private static String exchange(String door, String request) {
        try (var wire = Wire.open(port(door))) {
            return wire.sendBytes(
                            request.replace("\n", "\r\n").replace('\f', '\n').getBytes(ISO_8859_1))
                    .rest();
        }
    }
}
