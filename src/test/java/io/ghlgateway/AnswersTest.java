package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers with a framing of their own, and the fields that stand around bodies. */
class AnswersTest {

    /** The last one on its connection: the gateway must not try it again when it is closed. */
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

    /** A length there is the one that GET would get; where HighLevel names none there is none to name. */
    @ParameterizedTest
    @CsvSource({
        "Content-Length: 1234, content-length: 1234",
        "Transfer-Encoding: chunked, x-none: 1",
        "X-None: 1, x-none: 1"
    })
    void aHeadRequestIsAnsweredWithoutABodyAndTheConnectionsGoOn(String said, String told) {
        try (var caller = bed.wire()) {
            caller.send(request("HEAD", ""));
            try (var upstream = far.accept()) {
                assertThat(upstream.head()).startsWith("HEAD ");
                upstream.send("HTTP/1.1 200 OK\nX-None: 1\n" + said + "\n\n");
                var head = caller.head().toLowerCase();
                assertThat(head).startsWith("http/1.1 200 ").contains("\n" + told + "\n");
                assertThat(head.contains("\ncontent-length: ")).isEqualTo(told.startsWith("content-length"));

                goesOn(caller, upstream);
            }
        }
    }

    @Test
    void aConditionalRequestIsHighLevelsToAnswer() {
        try (var caller = bed.wire()) {
            caller.send(request(
                    "GET", "If-None-Match: \"a\", W/\"b\"\nIf-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT\n"));
            try (var upstream = far.accept()) {
                assertThat(upstream.head())
                        .contains("\nIf-None-Match: \"a\", W/\"b\"\n")
                        .contains("\nIf-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT\n");
                upstream.send("HTTP/1.1 304 Not Modified\nETag: W/\"b\"\nLast-Modified: Sat, 29 Oct 1994 19:43:31 GMT\n"
                        + "Cache-Control: private\nCache-Control: max-age=60\n\n");
                assertThat(caller.head())
                        .startsWith("HTTP/1.1 304 ")
                        .contains("\nETag: W/\"b\"\n", "\nLast-Modified: Sat, 29 Oct 1994 19:43:31 GMT\n")
                        .contains("\nCache-Control: private\nCache-Control: max-age=60\n")
                        .doesNotContainIgnoringCase("content-length");

                goesOn(caller, upstream);
            }
        }
    }

    @Test
    void anAnswerWithoutContentNamesNoLength() {
        try (var caller = bed.wire()) {
            caller.send(request("DELETE", ""));
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send("HTTP/1.1 204 No Content\n\n");
                assertThat(caller.head())
                        .startsWith("HTTP/1.1 204 ")
                        .doesNotContainIgnoringCase("content-length")
                        .doesNotContainIgnoringCase("transfer-encoding");

                goesOn(caller, upstream);
            }
        }
    }

    @Test
    void aPartIsAskedForAndGiven() {
        try (var caller = bed.wire()) {
            caller.send(request("GET", "Range: bytes=2-4\nIf-Range: \"a\"\n"));
            try (var upstream = far.accept()) {
                assertThat(upstream.head()).contains("\nRange: bytes=2-4\n", "\nIf-Range: \"a\"\n");
                upstream.send(
                        "HTTP/1.1 206 Partial Content\nConnection: close\nContent-Range: bytes 2-4/9\nAccept-Ranges: bytes\n"
                                + "Content-Length: 3\n\ncde");
                assertThat(caller.head())
                        .startsWith("HTTP/1.1 206 ")
                        .contains("\nContent-Range: bytes 2-4/9\n", "\nAccept-Ranges: bytes\n");
                assertThat(caller.read(3)).isEqualTo("cde");
            }
        }
    }

    @Test
    void fieldsKeepTheirOrderTheirRepeatsAndTheirSpelling() {
        var fields = "X-b: 2\nx-A: 1\nX-b: 3\nX-C:\nCookie: a=1\nx-B: 2\nCookie: b=2\n";
        var told = "Set-Cookie: a=1; Path=/\nx-lower: 1\nSet-Cookie: b=2\nCache-Control: private\nX-UPPER: 2\n"
                + "Cache-Control: no-store\nSet-Cookie: a=1; Path=/\n";
        try (var caller = bed.wire()) {
            caller.send(request("GET", fields));
            try (var upstream = far.accept()) {
                var head = upstream.head();
                upstream.send("HTTP/1.1 200 OK\nConnection: close\n" + told + "Content-Length: 2\n\nok");

                assertThat(lines(head, "(?i)(X-[abc]|Cookie):.*"))
                        .containsExactly("X-b: 2", "x-A: 1", "X-b: 3", "X-C: ", "Cookie: a=1", "x-B: 2", "Cookie: b=2");
                assertThat(lines(caller.head(), "(?i)(Set-Cookie|Cache-Control|x-lower|x-upper):.*"))
                        .containsExactlyElementsOf(told.lines().toList());
            }
        }
    }

    @Test
    void dateAndServerAreHighLevelsOwn() {
        try (var caller = bed.wire()) {
            caller.send(request("GET", ""));
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send(
                        "HTTP/1.1 200 OK\nConnection: close\nDate: Sat, 29 Oct 1994 19:43:31 GMT\nServer: theirs\nContent-Length: 0\n\n");
                assertThat(lines(caller.head(), "(?i)(Date|Server):.*"))
                        .containsExactly("Date: Sat, 29 Oct 1994 19:43:31 GMT", "Server: theirs");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue\n", "103 Early Hints\nLink: </style.css>; rel=preload\n"})
    void anInterimAnswerIsNotTakenForTheAnswer(String interim) {
        try (var caller = bed.wire()) {
            caller.send(request("POST", "Content-Length: 2\n") + "{}");
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.read(2);
                upstream.send("HTTP/1.1 " + interim + "\n")
                        .send("HTTP/1.1 " + interim + "\n" + OK.replace("Connection: close\n", ""));
                assertThat(caller.head()).startsWith("HTTP/1.1 200 ").doesNotContain("style.css");
                assertThat(caller.read(2)).isEqualTo("ok");

                goesOn(caller, upstream);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"102 Processing", "101 Switching Protocols", "199 Odd"})
    void anInterimAnswerThatNobodyAskedForIsNoAnswer(String interim) {
        try (var caller = bed.wire()) {
            caller.send(request("POST", "Content-Length: 2\n") + "{}");
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send("HTTP/1.1 " + interim + "\n\n" + OK);
                assertThat(caller.head())
                        .startsWith("HTTP/1.1 502 ")
                        .containsIgnoringCase("\nx-gateway-error: upstream_unreachable\n");
                assertThat(upstream.rest()).as("is not used again").isEqualTo("{}");
            }
        }
    }

    /** Nothing is left over on either connection that would be taken for the next message. */
    private static void goesOn(Wire caller, Wire upstream) {
        caller.send(request("GET", ""));
        assertThat(upstream.head()).startsWith("GET ");
        upstream.send(OK);
        assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
        assertThat(caller.read(2)).isEqualTo("ok");
    }

    private static String request(String method, String fields) {
        return method + " /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY + "\n" + fields
                + "\n";
    }

    private static List<String> lines(String head, String pattern) {
        return head.lines().filter(line -> line.matches(pattern)).toList();
    }
}
