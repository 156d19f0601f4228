package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A gateway that goes: nobody is cut off who could be served, and nobody new is let in. */
class DrainTest {

    private static final byte[] HALF = new byte[50_000];

    @Test
    void whatIsUnderWayEndsWell() {
        try (var bed = TestBed.start(patient());
                var wire = bed.wire()) {
            beginUpload(bed, wire);

            var drained = bed.drain();

            assertThat(wire.sendBytes(HALF).head()).startsWith("HTTP/1.1 200 ");
            TestBed.await(drained);
        }
    }

    @Test
    void aDrainingGatewayIsNotReadyAndTakesNothingNew() {
        try (var bed = TestBed.start(patient());
                var wire = bed.wire()) {
            beginUpload(bed, wire);

            var drained = bed.drain();

            var ready = bed.send(bed.operators("/health/ready"));
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("draining");
            assertThat(turnedAway(bed)).isTrue();
            wire.sendBytes(HALF).head();
            TestBed.await(drained);
            assertThat(bed.stats().accepted()).isOne();
        }
    }

    @Test
    void aLameDuckIsNotReadyButServesAsEver() {
        try (var bed = TestBed.start(new Plan().set("drain.lame-duck", "50s"))) {
            bed.drain();

            assertThat(bed.send(bed.operators("/health/ready")).statusCode()).isEqualTo(503);
            assertThat(bed.send(bed.operators("/health/live")).statusCode()).isEqualTo(200);
            assertThat(bed.get("/contacts/c1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoWaitsInVainIsToldSo() {
        try (var bed = TestBed.start(new Plan()
                .quota(1, Duration.ofSeconds(200), Duration.ofSeconds(1))
                .set("drain.timeout", "5s"))) {
            bed.get("/contacts/c1");
            var waiting = bed.sendAsync(bed.request("/contacts/c2").header("Prefer", "wait=280"));
            TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 1);

            var drained = bed.drain();

            var answer = TestBed.await(waiting);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("draining");
            TestBed.await(drained);
        }
    }

    @Test
    void aWriteThatGoesOnWithoutItsCallerEndsWellToo() {
        try (var bed = TestBed.start(patient())) {
            bed.fault("\"kind\": \"stall\", \"delay\": \"2s\"");
            try (var wire = bed.wire()) {
                wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY
                        + "\nContent-Type: application/json\nContent-Length: 2\n\n{}");
                TestBed.until(() -> bed.stats().accepted() == 1);
            }

            TestBed.await(bed.drain());

            var contacts = bed.send(HttpRequest.newBuilder(bed.upstream().resolve("/contacts/?locationId=" + Plan.ACME))
                    .header("Authorization", "Bearer " + Plan.ACME_TOKEN)
                    .header("Version", "2021-07-28"));
            assertThat(new JsonObject(contacts.body()).getJsonArray("contacts")).hasSize(1);
        }
    }

    /** The far side never answers; the bound of the wait for the end is far beyond the timeout. */
    @Test
    void theEndComesWithTheTimeoutWhateverIsUnderWay() {
        try (var bed = TestBed.start(new Plan().set("drain.timeout", "1s"))) {
            bed.fault("\"kind\": \"stall\", \"times\": -1");
            var stalled = bed.sendAsync(bed.request("/contacts/c1"));
            TestBed.until(() -> bed.stats().accepted() == 1);

            TestBed.await(bed.drain());

            assertThat(stalled).satisfies(answer -> TestBed.until(answer::isDone));
        }
    }

    private static Plan patient() {
        return new Plan().set("drain.timeout", "50s").set("proxy.replay-body", "1KiB");
    }

    /** A request under way upstream that ends when the test has it end. */
    private static void beginUpload(TestBed bed, Wire wire) {
        wire.send("POST /simulate/upload HTTP/1.1\nHost: gateway\nAuthorization: Bearer " + Plan.KEY
                        + "\nContent-Length: " + 2 * HALF.length + "\n\n")
                .sendBytes(HALF);
        TestBed.until(() -> bed.stats().accepted() == 1);
    }

    /** Told {@code draining}, or not even connected. */
    private static boolean turnedAway(TestBed bed) {
        try {
            return bed.get("/contacts/c2")
                    .headers()
                    .firstValue("X-Gateway-Error")
                    .equals(Optional.of("draining"));
        } catch (UncheckedIOException refused) {
            return true;
        }
    }
}
