package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway does about an upstream that refuses, fails or cuts the connection. */
class RetryTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE"})
    void a429IsTriedAgainWhateverTheMethodForItWasNotExecuted(String method) {
        try (var bed = start()) {
            bed.fault("\"kind\": \"throttle\"");

            var answer = bed.send(request(bed, method));

            assertThat(answer.statusCode()).isEqualTo(method.equals("POST") ? 201 : 200);
            assertThat(attempts(answer)).isEqualTo(2);
            assertThat(bed.metric("ghl_gateway_upstream_429_total")).isOne();
            assertThat(bed.stats().accepted()).isOne();
        }
    }

    @Test
    void aBodyThatIsTriedAgainIsTheSame() {
        try (var bed = start()) {
            bed.fault("\"kind\": \"throttle\"");

            var answer = bed.send(bed.request("/simulate/echo").POST(BodyPublishers.ofString("said twice")));

            assertThat(attempts(answer)).isEqualTo(2);
            assertThat(new JsonObject(answer.body()).getString("body")).isEqualTo("said twice");
        }
    }

    @Test
    void afterThreeAttemptsTheUpstreamsOwn429IsRelayed() {
        try (var bed = start()) {
            bed.fault("\"kind\": \"throttle\", \"times\": -1");

            var answer = bed.send(request(bed, "GET").header("Prefer", "wait=250"));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(attempts(answer)).isEqualTo(3);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).isEmpty();
            assertThat(new JsonObject(answer.body()).getString("message")).isEqualTo("Too Many Requests");
            assertThat(bed.stats().refused()).isEqualTo(3);
            assertThat(bed.metric("ghl_gateway_upstream_429_total")).isEqualTo(3);
        }
    }

    @Test
    void a429IsNotTriedAgainAgainstTheCallersPatience() {
        try (var bed = start()) {
            bed.fault("\"kind\": \"throttle\", \"times\": -1");

            var answer = bed.send(request(bed, "GET").header("Prefer", "wait=0"));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(attempts(answer)).isOne();
            assertThat(answer.headers().firstValue("X-Gateway-Error")).isEmpty();
            assertThat(bed.stats().refused()).isOne();
        }
    }

    @Test
    void aBodyTooLargeToKeepIsSentOnceWhateverComes() {
        try (var bed = TestBed.start(plan().set("proxy.replay-body", "1KiB"))) {
            bed.fault("\"kind\": \"throttle\", \"times\": -1");

            var answer = bed.send(bed.request("/simulate/upload").POST(BodyPublishers.ofByteArray(new byte[100_000])));

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(attempts(answer)).isOne();
            assertThat(bed.stats().refused()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "drop"})
    void aReadIsTriedAgainAfterTheUpstreamFailed(String kind) {
        try (var bed = start()) {
            bed.fault("\"kind\": \"" + kind + "\"");

            var answer = bed.send(request(bed, "GET"));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(attempts(answer)).isEqualTo(2);
        }
    }

    @Test
    void aWriteThatMayHaveBeenExecutedIsNotSentAgainAndTheFailureIsRelayed() {
        try (var bed = start()) {
            bed.fault("\"kind\": \"fail\", \"times\": -1, \"status\": 503, \"body\": \"edge is ill\"");

            var answer = bed.send(request(bed, "POST"));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("edge is ill");
            assertThat(answer.headers().firstValue("X-Gateway-Error")).isEmpty();
            assertThat(attempts(answer)).isOne();
            assertThat(bed.stats().accepted()).isOne();
        }
    }

    @Test
    void aWriteWhoseConnectionIsCutIsNotSentAgainAndTheCallerIsToldItMayBeDone() {
        try (var bed = start()) {
            bed.fault("\"kind\": \"drop\", \"times\": -1");

            var answer = bed.send(request(bed, "POST"));

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("upstream_unreachable");
            assertThat(new JsonObject(answer.body()).getString("detail"))
                    .contains("HighLevel", "may have been executed");
            assertThat(attempts(answer)).isOne();
            assertThat(bed.stats().accepted()).isOne();
        }
    }

    @Test
    void aRevokedTokenIsHighLevelsOwnAnswer() {
        try (var bed = start()) {
            bed.fault("\"kind\": \"revoke\"");

            var answer = bed.send(request(bed, "GET"));

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).isEmpty();
            assertThat(new JsonObject(answer.body()).getString("message")).contains("Private Integration token");
        }
    }

    private static TestBed start() {
        return TestBed.start(plan());
    }

    /** A short interval, for a key rests one after a 429. */
    private static Plan plan() {
        return new Plan().quota(100, INTERVAL, Duration.ofMillis(500));
    }

    private static HttpRequest.Builder request(TestBed bed, String method) {
        return bed.request(method.equals("POST") ? "/contacts/" : "/contacts/c1")
                .method(method, BodyPublishers.ofString(method.equals("POST") ? "{\"name\": \"Ada\"}" : ""));
    }

    private static int attempts(HttpResponse<?> answer) {
        var timing = answer.headers().firstValue("Server-Timing").orElseThrow();
        return Integer.parseInt(timing.replaceAll(".*attempts;desc=(\\d+)", "$1"));
    }
}
