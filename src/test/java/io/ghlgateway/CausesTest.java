package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a request had to wait for is named, whether it was served after all or refused. */
class CausesTest {

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String ONE_BY_ONE = "[{match: \"/no-such-api/**\", requests: 1, per: %s, scope: location}]";

    @Test
    void whoWaitedForTheQuotaIsToldSo() {
        try (var bed = TestBed.start(new Plan().quota(1, SHORT, Duration.ofMillis(500)))) {
            bed.get("/contacts/c1");

            assertWaited(bed.send(patient(bed, "/contacts/c1")), "window");
        }
    }

    @Test
    void whoWaitedForAnEndpointsOwnLimitIsToldSo() {
        try (var bed = TestBed.start(new Plan().set("limits.routes", ONE_BY_ONE.formatted("3s")))) {
            bed.get("/no-such-api/1");

            assertWaited(bed.send(patient(bed, "/no-such-api/2")), "route");
        }
    }

    @Test
    void whoWaitedForTheRestAfterA429IsToldSo() {
        try (var bed = TestBed.start(new Plan().quota(100, SHORT, Duration.ofMillis(500)))) {
            bed.fault("\"kind\": \"throttle\"");

            assertWaited(bed.send(patient(bed, "/contacts/c1")), "hold");
        }
    }

    @Test
    void whoWaitedBetweenTwoAttemptsIsToldSo() {
        try (var bed = TestBed.start(new Plan())) {
            bed.fault("\"kind\": \"fail\"");

            assertWaited(bed.send(patient(bed, "/contacts/c1")), "upstream");
        }
    }

    @Test
    void aRestAfterA429IsARefusalsCause() {
        try (var bed = TestBed.start(new Plan().spent(100))) {
            bed.fault("\"kind\": \"throttle\"");
            assertThat(bed.send(impatient(bed, "/contacts/c1")).headers().firstValue("X-Gateway-Error"))
                    .as("HighLevel's own answer")
                    .isEmpty();

            assertRefused(bed.send(impatient(bed, "/contacts/c1")), "hold", "hold");
        }
    }

    @Test
    void anEndpointsOwnLimitIsARefusalsCause() {
        try (var bed = TestBed.start(new Plan().set("limits.routes", ONE_BY_ONE.formatted("3000s")))) {
            bed.get("/no-such-api/1");

            assertRefused(bed.send(impatient(bed, "/no-such-api/2")), "deadline", "route");
        }
    }

    @Test
    void aQueueWithoutRoomIsARefusalsCause() {
        var plan = new Plan().quota(1, Duration.ofSeconds(200), SHORT).set("queue.per-lane", "1");
        try (var bed = TestBed.start(plan)) {
            bed.get("/contacts/c1");
            var waiting = bed.sendAsync(patient(bed, "/contacts/c2"));
            TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 1);

            assertRefused(bed.send(patient(bed, "/contacts/c3")), "queue_full", "queue-full");
            bed.drain();
            TestBed.await(waiting);
        }
    }

    @Test
    void aReplicaThatGoesAwayIsARefusalsCause() {
        var plan = new Plan().quota(1, Duration.ofSeconds(200), SHORT).set("drain.timeout", "5s");
        try (var bed = TestBed.start(plan)) {
            bed.get("/contacts/c1");
            var waiting = bed.sendAsync(patient(bed, "/contacts/c2"));
            TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 1);

            var drained = bed.drain();

            assertRefused(TestBed.await(waiting), "draining", "degraded");
            TestBed.await(drained);
        }
    }

    private static HttpRequest.Builder patient(TestBed bed, String path) {
        return bed.request(path).header("Prefer", "wait=250");
    }

    private static HttpRequest.Builder impatient(TestBed bed, String path) {
        return bed.request(path).header("Prefer", "wait=0");
    }

    private static void assertWaited(HttpResponse<String> answer, String cause) {
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        assertThat(answer.headers().firstValue("Server-Timing").orElse("none"))
                .matches("queue;dur=[0-9]*[1-9][0-9]*\\.[0-9];desc=" + cause + ", .*");
    }

    private static void assertRefused(HttpResponse<String> answer, String code, String cause) {
        assertThat(answer.headers().firstValue("X-Gateway-Error"))
                .as(answer.body())
                .hasValue(code);
        assertThat(new JsonObject(answer.body()).getString("cause")).isEqualTo(cause);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
}
