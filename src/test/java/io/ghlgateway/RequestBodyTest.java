package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a request's body is framed and asked for: what is malformed ends both exchanges, and is never taken for whole. */
class RequestBodyTest {

    private static final String POST =
            "POST /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY + "\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\n\n";

    private static FarSide far;
    private static TestBed bed;

    @BeforeAll
    static void open() {
        far = FarSide.open();
        bed = TestBed.start(new Plan().set("proxy.replay-body", "1KiB"), far.uri());
    }

    @AfterAll
    static void close() {
        bed.close();
        far.close();
    }

    /** In place of what follows the first chunk. {@code \f} stands for a lone line feed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x3\nabc\n0\n\n",
                "+3\nabc\n0\n\n",
                "-3\nabc\n0\n\n",
                "3;a\fabc\n0\n\n",
                "3;a\rb\nabc\n0\n\n",
                "3\fabc\n0\n\n",
                "fffffffffffffffff\nabc\n0\n\n",
                "3\nabcd\n0\n\n",
                "\nabc\n0\n\n",
                "x\nabc\n0\n\n"
            })
    void aMalformedChunkIsRefusedAndNothingOfItsBodyWasSent(String rest) {
        try (var caller = bed.wire()) {
            caller.sendBytes((CHUNKED + "2\nok\n" + rest)
                    .replace("\n", "\r\n")
                    .replace('\f', '\n')
                    .getBytes(StandardCharsets.ISO_8859_1));

            assertThat(caller.head()).startsWith("HTTP/1.1 400 ").containsIgnoringCase("\nconnection: close\n");
        }
    }

    @Test
    void aMalformedChunkOfABodyThatIsOnItsWayIsRefusedAndTheExchangeWithHighLevelEndsInTheMiddle() {
        try (var caller = bed.wire()) {
            caller.send(CHUNKED + "1000\n" + "x".repeat(0x1000) + "\n");
            try (var upstream = far.accept()) {
                upstream.head();
                assertThat(upstream.chunk()).isNotEmpty();
                caller.send("0x3\nabc\n0\n\n");

                assertThat(caller.head()).startsWith("HTTP/1.1 400 ");
                assertThat(upstream.rest()).as("the last chunk").doesNotContain("0\r\n\r\n");
            }
        }
    }

    @Test
    void aBodyWithoutItsLastChunkIsNoWholeOne() {
        try (var caller = bed.wire()) {
            caller.send(CHUNKED + "1000\n" + "x".repeat(0x1000) + "\n");
            try (var upstream = far.accept()) {
                upstream.head();
                assertThat(upstream.chunk()).isNotEmpty();
                caller.close();

                assertThat(upstream.rest()).doesNotContain("0\r\n\r\n");
            }
        }
    }

    @Test
    void trailersStayHere() {
        try (var caller = bed.wire()) {
            caller.send(POST + "Transfer-Encoding: chunked\nTE: trailers\nTrailer: X-Sum\n\n2\nok\n0\nX-Sum: 7\n\n");
            try (var upstream = far.accept()) {
                assertThat(upstream.head())
                        .contains("\nVia: 1.1 ghl-gateway\n")
                        .doesNotContainIgnoringCase("trailer")
                        .doesNotContainIgnoringCase("\nte:");
                assertThat(upstream.read(2)).isEqualTo("ok");
                upstream.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n2\nok\n0\nX-Sum: 7\n\n");
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("\ntrailer:");
                assertThat(caller.read(12)).isEqualTo("2\r\nok\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    void whoAsksBeforeItSendsABodyIsWelcomedOnce() {
        try (var caller = bed.wire()) {
            caller.send(POST + "Content-Length: 2\nExpect: 100-continue\n\n");
            assertThat(caller.head()).startsWith("HTTP/1.1 100 ");
            caller.send("ok");
            try (var upstream = far.accept()) {
                assertThat(upstream.head()).doesNotContainIgnoringCase("expect:");
                assertThat(upstream.read(2)).isEqualTo("ok");
                upstream.send("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok");
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer wrong\nContent-Length: 2\n",
                "X-Gateway-Key: " + Plan.KEY + "\nContent-Length: 2000000000\n",
                "X-Gateway-Key: " + Plan.KEY + "\nX-Tenant: nobody\nContent-Length: 2\n"
            })
    void whoWouldBeRefusedIsNotWelcomed(String fields) {
        try (var caller = bed.wire()) {
            caller.send("POST /no-such-api HTTP/1.1\nHost: gateway\nExpect: 100-continue\n" + fields + "\n");

            assertThat(caller.head()).matches("(?s)HTTP/1\\.1 4(01|04|13) .*");
        }
    }

    @Test
    void norIsWhoWouldWaitInVain() {
        try (var here = TestBed.start(new Plan().quota(1, Duration.ofMinutes(50), Duration.ofSeconds(1)));
                var caller = here.wire()) {
            assertThat(here.send(here.request("/no-such-api").POST(BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isNotEqualTo(429);
            caller.send("POST /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY
                    + "\nPrefer: wait=1\nContent-Length: 2\nExpect: 100-continue\n\n");

            assertThat(caller.head()).startsWith("HTTP/1.1 429 ").containsIgnoringCase("\nretry-after:");
        }
    }
}
