package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A request that is answered before its body is whole: the answer arrives, and nothing is left open behind it. */
class UnwantedBodyTest {

    private static final String TOO_MUCH = "POST /no-such-api HTTP/1.1\nHost: gateway\nAuthorization: Bearer "
            + Plan.KEY + "\nContent-Length: 40000000\n\n";

    /** Part of it is more than all buffers on the way hold. The bound of the wait is far below the drain's timeout. */
    @Test
    void theEndDoesNotWaitForAnUpstreamThatStoppedReadingAnUpload() {
        try (var far = FarSide.open()) {
            var bed = TestBed.start(unhurried().set("upstream.idle-timeout", "300ms"), far.uri());
            try (var caller = bed.wire()) {
                var part = new Flood(caller, TOO_MUCH, 14_000_000);
                try (var upstream = far.accept()) {
                    upstream.head(); // and not a byte of the body

                    assertThat(caller.head()).startsWith("HTTP/1.1 504 ").containsIgnoringCase("\nconnection: close\n");
                    bed.close();
                }
                TestBed.until(part::isOver);
            }
        }
    }

    @Test
    void aCallerThatGoesOnSendingWhatIsRefusedReadsWhyAllTheSame() {
        try (var bed = TestBed.start(unhurried().set("proxy.max-body", "1MiB"));
                var caller = bed.wire()) {
            caller.send(TOO_MUCH).sendBytes(new byte[8_000_000]);

            var answer = caller.rest();

            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("proxy.max-body");
        }
    }

    @Test
    void aCallerThatSendsNoMoreOfWhatIsRefusedIsLetGo() {
        try (var bed = TestBed.start(unhurried().set("proxy.max-body", "1MiB"));
                var caller = bed.wire()) {
            caller.send(TOO_MUCH);

            assertThat(caller.rest()).startsWith("HTTP/1.1 413 ").endsWith("}");
        }
    }

    @Test
    void aRefusalTakesTheConnectionAlongWithTheBodyThatFollowsIt() {
        try (var bed = TestBed.start(unhurried());
                var caller = bed.wire()) {
            caller.send("POST /contacts/ HTTP/1.1\nHost: gateway\nContent-Length: 5\n\nhello");

            assertThat(caller.rest())
                    .startsWith("HTTP/1.1 401 ")
                    .containsIgnoringCase("\r\nconnection: close\r\n")
                    .endsWith("}");
        }
    }

    @Test
    void anAnswerThatDidNotWaitForTheBodyIsRelayedAndEndsBothExchanges() {
        try (var far = FarSide.open();
                var bed = TestBed.start(unhurried(), far.uri());
                var caller = bed.wire()) {
            caller.send(TOO_MUCH).sendBytes(new byte[400_000]);
            try (var upstream = far.accept()) {
                upstream.head();
                upstream.send("HTTP/1.1 413 Payload Too Large\nContent-Length: 7\n\ntoo big");

                assertThat(caller.head()).startsWith("HTTP/1.1 413 ").containsIgnoringCase("\nconnection: close\n");
                assertThat(caller.read(7)).isEqualTo("too big");
                assertThat(upstream.rest()).as("ends, and not with the request").isNotNull();
                assertThat(caller.rest()).isEmpty();
                TestBed.await(bed.drain());
            }
        }
    }

    /** Its drain would outlast every wait of a test. */
    private static Plan unhurried() {
        return new Plan().set("drain.timeout", "10m").set("proxy.replay-body", "1KiB");
    }
}
