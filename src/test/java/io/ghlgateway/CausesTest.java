package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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

    /** Its share is one of ten; the other nine are another caller's still. */
    @Test
    void aCallersOwnShareIsARefusalsCause() {
        try (var bed = TestBed.start(new Plan().spent(10).caller(quota("share: 10%")))) {
            assertThat(bed.send(sync(bed)).statusCode()).isEqualTo(200);

            var told = new JsonObject(bed.send(bed.operators("/admin/v1/explain?path=/contacts/c1&caller=sync&wait=0")
                            .header("Authorization", "Bearer " + Plan.ADMIN_KEY))
                    .body());
            assertRefused(bed.send(sync(bed)), "caller_share", "caller-share");

            assertThat(told.getJsonObject("refusal").getString("code")).isEqualTo("caller_share");
            for (int i = 0; i < 9; i++) {
                assertThat(bed.send(impatient(bed, "/contacts/c1")).statusCode())
                        .isEqualTo(200);
            }
            assertThat(bed.metric("ghl_gateway_budget_refused_total{cause=\"caller-share\"}"))
                    .isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void aPlaceAmongThoseUnderWayIsFreeAgainWhenItsCallerHangsUp() {
        try (var bed = TestBed.start(new Plan().caller(quota("concurrency: 1")))) {
            bed.fault("\"kind\": \"stall\"");
            var stalled = bed.sendAsync(sync(bed));
            TestBed.until(() -> bed.metric("ghl_gateway_attempts_total") == 1);

            assertRefused(bed.send(sync(bed)), "caller_share", "caller-share");
            assertThat(bed.send(impatient(bed, "/contacts/c1")).statusCode()).isEqualTo(200);
            stalled.cancel(true);

            TestBed.until(() -> bed.send(sync(bed)).statusCode() == 200);
            assertThat(bed.send(sync(bed)).statusCode())
                    .as("one that ended is under way no more")
                    .isEqualTo(200);
        }
    }

    /** Or whoever hangs up again and again would have any number of them under way. */
    @Test
    void aPlaceOfAWriteIsFreeAgainOnlyWhenItIsOverThoughItsCallerHungUp() {
        try (var bed = TestBed.start(new Plan().caller(quota("concurrency: 1")))) {
            bed.fault("\"kind\": \"stall\", \"delay\": \"5s\"");
            var write = bed.sendAsync(sync(bed).POST(BodyPublishers.ofString("{}")));
            TestBed.until(() -> bed.metric("ghl_gateway_attempts_total") == 1);
            write.cancel(true);
            TestBed.until(() -> bed.metric("ghl_gateway_requests_total{caller=\"sync\",outcome=\"caller_gone\"") == 1);

            assertRefused(bed.send(sync(bed)), "caller_share", "caller-share");
            TestBed.until(() -> bed.send(sync(bed)).statusCode() == 200);
        }
    }

    private static String quota(String quota) {
        return "{name: sync, key: sync-key-55a1, tenants: [acme], quota: {" + quota + "}}";
    }

    private static HttpRequest.Builder sync(TestBed bed) {
        return bed.stranger("/contacts/c1")
                .header("X-Gateway-Key", "sync-key-55a1")
                .header("Prefer", "wait=0");
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
