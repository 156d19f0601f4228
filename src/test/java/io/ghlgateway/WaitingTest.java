package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests beyond the quota: who waits, who is told not to, and who leaves. */
class WaitingTest {

    @Test
    void requestsBeyondTheQuotaAllEndWellAndNoneIsRefusedUpstream() {
        try (var bed = TestBed.start(new Plan().quota(10, Duration.ofSeconds(2), Duration.ofMillis(1_500)))) {
            var answers =
                    IntStream.range(0, 25)
                            .mapToObj(i -> bed.sendAsync(patient(bed, "/contacts/c" + i, 250)))
                            .toList()
                            .stream()
                            .map(answer -> TestBed.await(answer).statusCode())
                            .toList();

            assertThat(answers).hasSize(25).containsOnly(200);
            assertThat(bed.stats().accepted()).isEqualTo(25);
            assertThat(bed.stats().refused()).isZero();
            assertThat(bed.metric("ghl_gateway_budget_spent_total")).isGreaterThanOrEqualTo(25);
        }
    }

    @Test
    void whoWillNotWaitIsToldAtOnceWhenToComeAgain() {
        try (var bed = TestBed.start(new Plan().spent(3))) {
            spend(bed, 3);

            var answer = bed.send(patient(bed, "/contacts/c1", 0));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("deadline");
            long seconds = number(answer, "Retry-After");
            long millis = number(answer, "X-RateLimit-Interval-Milliseconds");
            assertThat(seconds).isBetween(60L, Duration.ofMinutes(51).toSeconds());
            assertThat(millis).isBetween((seconds - 1) * 1_000, seconds * 1_000);
            assertThat(number(answer, "X-RateLimit-Remaining")).isZero();
            assertThat(number(answer, "X-RateLimit-Max")).isEqualTo(3);
            assertThat(answer.headers().firstValue("X-RateLimit-Daily-Remaining"))
                    .isEmpty();
            assertThat(new JsonObject(answer.body()).getLong("retryAfterMs")).isEqualTo(millis);
            assertThat(bed.stats().accepted()).isEqualTo(3);
        }
    }

    /** The answer comes long before the patience would be over, or the exchange's own bound would end the test. */
    @Test
    void whoIsNotPatientEnoughForTheQueueIsToldAtOnce() {
        try (var bed = TestBed.start(new Plan().spent(3))) {
            spend(bed, 3);

            var answer = bed.send(patient(bed, "/contacts/c1", 299));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("deadline");
            assertThat(number(answer, "Retry-After")).isGreaterThan(299);
            assertThat(new JsonObject(answer.body()).getString("detail")).contains("4 min 59 s", "Prefer");
        }
    }

    @Test
    void theDaysEndIsNotWaitedFor() {
        try (var bed = TestBed.start(new Plan().daily(3))) {
            spend(bed, 3);

            var answer = bed.send(patient(bed, "/contacts/c1", 200));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("daily_exhausted");
            assertThat(number(answer, "Retry-After")).isPositive();
            assertThat(number(answer, "X-RateLimit-Daily-Remaining")).isZero();
            assertThat(bed.stats().refused()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /contacts/c9 HTTP/1.1\n", "POST /simulate/upload HTTP/1.1\nContent-Length: 300000\n"})
    void aCallerThatHangsUpLeavesTheQueueAndNothingIsSent(String head) {
        try (var bed = TestBed.start(waitable(new Plan().set("proxy.replay-body", "1KiB")))) {
            spend(bed, 3);
            try (var wire = bed.wire()) {
                wire.send(head + "Host: gateway\nPrefer: wait=280\nAuthorization: Bearer " + Plan.KEY + "\n\n");
                if (head.startsWith("POST")) {
                    wire.send("x".repeat(2_000));
                }
                TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 1);
            }

            TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 0);

            assertThat(bed.stats().accepted()).isEqualTo(3);
            assertThat(bed.metric("ghl_gateway_budget_spent_total")).isEqualTo(3);
            assertThat(bed.metric("ghl_gateway_requests_total{caller=\"billing\",outcome=\"caller_gone\""))
                    .isOne();
        }
    }

    @Test
    void aFullQueueSaysSo() {
        try (var bed = TestBed.start(waitable(new Plan().set("queue.per-lane", "1")))) {
            spend(bed, 3);
            try (var wire = bed.wire()) {
                wire.send("GET /contacts/c9 HTTP/1.1\nHost: gateway\nPrefer: wait=280\nAuthorization: Bearer "
                        + Plan.KEY + "\n\n");
                TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 1);

                var answer = bed.send(patient(bed, "/contacts/c1", 280));

                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("queue_full");
                assertThat(number(answer, "Retry-After")).isPositive();
            }
        }
    }

    /** The last of five waits for two windows, so that a slow start cannot eat the wait up before it begins. */
    @Test
    void noIdleTimeoutRunsWhileARequestWaits() {
        try (var bed = TestBed.start(new Plan()
                .quota(2, Duration.ofSeconds(5), Duration.ofSeconds(1))
                .set("proxy.idle-timeout", "2s")
                .set("proxy.header-timeout", "2s")
                .set("proxy.body-timeout", "2s")
                .set("upstream.idle-timeout", "2s")
                .set("upstream.response-timeout", "10s"))) {
            var answers = IntStream.range(0, 5)
                    .mapToObj(i -> bed.sendAsync(
                            patient(bed, "/contacts/", 250).POST(BodyPublishers.ofString("{\"n\": " + i + "}"))))
                    .toList()
                    .stream()
                    .map(TestBed::await)
                    .toList();

            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
            assertThat(answers)
                    .extracting(WaitingTest::queued)
                    .as("milliseconds waited")
                    .anyMatch(wait -> wait > 2_500);
        }
    }

    @Test
    void tenantsOfOneLocationShareOneBudget() {
        try (var bed = TestBed.start(new Plan()
                .spent(4)
                .tenant("{id: acme-too, location: " + Plan.ACME + ", token: " + Plan.ACME_OTHER_TOKEN + "}")
                .caller("{name: other, key: other-key-1, tenants: \"*\"}"))) {
            spend(bed, 2);
            for (int i = 0; i < 2; i++) {
                assertThat(bed.send(asOther(bed, "acme-too")).statusCode()).isEqualTo(200);
            }

            var first = bed.send(patient(bed, "/contacts/c1", 0));
            var second = bed.send(asOther(bed, "acme-too").header("Prefer", "wait=0"));

            assertThat(first.statusCode()).isEqualTo(429);
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(bed.stats().resources().get(Plan.ACME).accepted()).isEqualTo(4);
        }
    }

    @Test
    void anExhaustedLocationStallsNoOther() {
        try (var bed = TestBed.start(waitable(new Plan()))) {
            spend(bed, 3);
            try (var wire = bed.wire()) {
                wire.send("GET /contacts/c9 HTTP/1.1\nHost: gateway\nPrefer: wait=280\nAuthorization: Bearer "
                        + Plan.KEY + "\n\n");
                TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 1);

                var other = bed.send(bed.request("/contacts/c1").header("X-Tenant", "globex"));

                assertThat(other.statusCode()).isEqualTo(200);
                assertThat(bed.metric("ghl_gateway_queue_depth")).isOne();
            }
        }
    }

    /** Three sends, then a wait that is long enough for a test and short enough for a patient caller. */
    private static Plan waitable(Plan plan) {
        return plan.quota(3, Duration.ofSeconds(200), Duration.ofSeconds(1));
    }

    private static HttpRequest.Builder patient(TestBed bed, String path, int seconds) {
        return bed.request(path).header("Prefer", "wait=" + seconds);
    }

    private static HttpRequest.Builder asOther(TestBed bed, String tenant) {
        return bed.stranger("/contacts/c2")
                .header("X-Gateway-Key", "other-key-1")
                .header("X-Tenant", tenant);
    }

    private static void spend(TestBed bed, int requests) {
        for (int i = 0; i < requests; i++) {
            assertThat(bed.get("/contacts/c" + i).statusCode()).isEqualTo(200);
        }
    }

    private static long number(HttpResponse<?> answer, String header) {
        return Long.parseLong(answer.headers().firstValue(header).orElseThrow(() -> new AssertionError(header)));
    }

    /** What {@code Server-Timing} says of the wait, in milliseconds. */
    private static double queued(HttpResponse<?> answer) {
        var timing = answer.headers().firstValue("Server-Timing").orElseThrow();
        return Double.parseDouble(timing.replaceAll("queue;dur=([0-9.]+).*", "$1"));
    }
}
