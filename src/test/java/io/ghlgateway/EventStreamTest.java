package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that go on for ever, as those of {@code /mcp/} do. */
class EventStreamTest {

    private static final String STREAM =
            "HTTP/1.1 200 OK\nContent-Type: text/event-stream; charset=utf-8\nTransfer-Encoding: chunked\n\n";
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void eachEventIsRelayedWhenItComes(String method) {
        try (var far = FarSide.open();
                var bed = TestBed.start(new Plan(), far.uri());
                var caller = bed.wire()) {
            caller.send(method.equals("GET") ? get() : post());
            try (var upstream = far.accept()) {
                assertThat(upstream.head())
                        .startsWith(method + " /mcp/ HTTP/1.1\n")
                        .contains("\nAccept: application/json, text/event-stream\n");
                upstream.send(STREAM);
                assertThat(caller.head()).contains("\nContent-Type: text/event-stream; charset=utf-8\n");

                for (var event :
                        new String[] {"event: message\ndata: {\"id\":1}\n\n", ": still here\n\n", "data: ü\n\n"}) {
                    upstream.sendBytes(chunk(event));
                    assertThat(caller.chunk()).asString().isEqualTo(event);
                }
                upstream.send("0\n\n");
                assertThat(caller.chunk()).as("the end").isEmpty();
            }
        }
    }

    @Test
    void theLocationThatChoosesTheTenantReachesHighLevelToo() {
        try (var far = FarSide.open();
                var bed = TestBed.start(new Plan(), far.uri());
                var caller = bed.wire()) {
            caller.send(post().replace("Accept:", "locationId: " + Plan.GLOBEX + "\nAccept:"));
            try (var upstream = far.accept()) {
                assertThat(upstream.head())
                        .contains("\nlocationId: " + Plan.GLOBEX + "\n")
                        .contains("\nAuthorization: Bearer " + Plan.GLOBEX_TOKEN + "\n");
                assertThat(upstream.read(CALL.length())).isEqualTo(CALL);
            }
        }
    }

    /** The silence of another answer, that began later and is cut off for it, is the clock. */
    @Test
    void anEventStreamMayBeQuietForLongerThanAnotherAnswer() {
        try (var far = FarSide.open();
                var bed = TestBed.start(new Plan().set("upstream.idle-timeout", "200ms"), far.uri());
                var listener = bed.wire();
                var other = bed.wire()) {
            listener.send(get());
            try (var events = far.accept()) {
                events.send(STREAM);
                listener.head();
                other.send(get());
                try (var silent = far.accept()) {
                    silent.send("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 9\n\nthen");

                    assertThat(other.rest()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nthen");
                }
                events.sendBytes(chunk("data: 1\n\n"));

                assertThat(listener.chunk()).asString().isEqualTo("data: 1\n\n");
            }
        }
    }

    @Test
    void anEventStreamThatIsSilentForTooLongBreaksOff() {
        try (var far = FarSide.open();
                var bed = TestBed.start(new Plan().set("upstream.event-idle-timeout", "200ms"), far.uri());
                var caller = bed.wire()) {
            caller.send(get());
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send(STREAM + "b\ndata: 1\n\n\n"); // in one piece: no machine is slow between the two

                assertThat(caller.rest()).contains("data: 1").doesNotEndWith("0\r\n\r\n");
                assertThat(upstream.rest()).isEmpty();
                TestBed.until(() -> ended(bed, "broken") == 1);
            }
        }
    }

    @Test
    void aCallerThatLeavesAQuietStreamEndsTheExchange() {
        try (var far = FarSide.open();
                var bed = TestBed.start(new Plan(), far.uri());
                var caller = bed.wire()) {
            caller.send(get());
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send(STREAM);
                caller.head();

                caller.close();

                assertThat(upstream.rest()).isEmpty();
                TestBed.until(() -> ended(bed, "caller_gone") == 1);
            }
        }
    }

    @Test
    void aDrainEndsAStreamWithItsTimeoutAndNotAsIfItWereWhole() {
        try (var far = FarSide.open();
                var bed = TestBed.start(new Plan().set("drain.timeout", "3s"), far.uri());
                var caller = bed.wire()) {
            caller.send(get());
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send(STREAM);
                caller.head();

                var drained = bed.drain();
                upstream.sendBytes(chunk("data: still served\n\n"));

                assertThat(caller.rest()).contains("data: still served").doesNotEndWith("0\r\n\r\n");
                assertThat(upstream.rest()).isEmpty();
                TestBed.await(drained);
            }
        }
    }

    /**
     * It is the caller that takes nothing: HighLevel has more to give than all buffers on the way hold, and gives it along
     * with its head; the timeout outlasts what a busy machine makes of that. The bound of the wait for the end is far
     * below the drain's timeout.
     */
    @Test
    void aCallerThatReadsNothingIsGoneAndHoldsUpNoDrain() {
        var plan = new Plan().set("proxy.write-timeout", "1s").set("drain.timeout", "10m");
        try (var far = FarSide.open()) {
            var bed = TestBed.start(plan, far.uri());
            try (var caller = bed.wire().send(get());
                    var upstream = far.accept()) {
                upstream.head();
                var flood = new Flood(upstream, "HTTP/1.1 200 OK\nContent-Length: 80000000\n\n", 80_000_000);

                TestBed.until(() -> ended(bed, "caller_gone") == 1);
                assertThat(ended(bed, "broken")).isZero();
                TestBed.until(flood::isOver);
                bed.close();
                assertThat(caller.rest()).as("what was on its way").startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private static double ended(TestBed bed, String outcome) {
        return bed.metric("ghl_gateway_requests_total{caller=\"billing\",outcome=\"" + outcome + "\"");
    }

    private static byte[] chunk(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var head = Integer.toHexString(bytes.length) + "\r\n";
        return (head + new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String get() {
        return "GET " + fields() + "\n";
    }

    private static String post() {
        return "POST " + fields() + "Content-Type: application/json\nContent-Length: " + CALL.length() + "\n\n" + CALL;
    }

    private static String fields() {
        return "/mcp/ HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY
                + "\nAccept: application/json, text/event-stream\n";
    }
}
