package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatorQuotaTest {

    @Test
    void refusesWhatIsBeyondTheBurstAndTakesCallsAgainAfterTheInterval() {
        try (RunningSimulator upstream =
                new RunningSimulator(prompt().limit(3, Duration.ofSeconds(10)).build())) {
            for (int call = 0; call < 3; call++) {
                assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(200);
            }

            HttpResponse<String> refused = upstream.get("/contacts/c1");
            upstream.pass(Duration.ofSeconds(10));
            HttpResponse<String> later = upstream.get("/contacts/c1");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body())
                    .startsWith("{\"statusCode\":429,\"message\":\"Too Many Requests\",\"traceId\":\"");
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(later.statusCode()).isEqualTo(200);
            assertThat(upstream.simulator().stats().accepted()).isEqualTo(4);
            assertThat(upstream.simulator().stats().refused()).isEqualTo(1);
        }
    }

    @Test
    void describesTheQuotaInSixHeadersOnEveryAnswerBehindTheToken() {
        try (RunningSimulator upstream = new RunningSimulator(
                prompt().limit(2, Duration.ofSeconds(10)).daily(50).build())) {
            upstream.get("/contacts/c1");
            upstream.pass(Duration.ofSeconds(1));

            HttpResponse<String> taken = upstream.get("/contacts/c1");
            HttpResponse<String> refused = upstream.get("/contacts/c1");

            for (HttpResponse<String> answer : List.of(taken, refused)) {
                assertThat(header(answer, "X-RateLimit-Limit-Daily")).isEqualTo("50");
                assertThat(header(answer, "X-RateLimit-Daily-Remaining")).isEqualTo("48");
                assertThat(header(answer, "X-RateLimit-Daily-Reset")).isEqualTo("86399000");
                assertThat(header(answer, "X-RateLimit-Interval-Milliseconds")).isEqualTo("10000");
                assertThat(header(answer, "X-RateLimit-Max")).isEqualTo("2");
                assertThat(header(answer, "X-RateLimit-Remaining")).isEqualTo("0");
            }
        }
    }

    @Test
    void leavesOutRateHeadersAndAddsRetryAfterWhenToldTo() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().limit(1, Duration.ofMillis(2500))
                .rateHeaders(false)
                .retryAfter(true)
                .build())) {
            HttpResponse<String> taken = upstream.get("/contacts/c1");
            HttpResponse<String> refused = upstream.get("/contacts/c1");

            assertThat(taken.headers().firstValue("X-RateLimit-Max")).isEmpty();
            assertThat(header(refused, "Retry-After")).isEqualTo("3");
        }
    }

    @Test
    void refusesForTheRestOfTheDayWhenTheDayIsSpent() {
        try (RunningSimulator upstream =
                new RunningSimulator(prompt().daily(2).retryAfter(true).build())) {
            upstream.get("/contacts/c1");
            upstream.get("/contacts/c1");

            HttpResponse<String> refused = upstream.get("/contacts/c1");
            upstream.pass(Duration.ofHours(24).minusNanos(1));
            HttpResponse<String> stillRefused = upstream.get("/contacts/c1");
            upstream.pass(Duration.ofNanos(1));
            HttpResponse<String> nextDay = upstream.get("/contacts/c1");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("86400");
            assertThat(header(refused, "X-RateLimit-Daily-Remaining")).isEqualTo("0");
            assertThat(stillRefused.statusCode()).isEqualTo(429);
            assertThat(nextDay.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void holdsTheSecondWindowAsWell() {
        try (RunningSimulator upstream =
                new RunningSimulator(prompt().also(Allowance.parse("2/1s")).build())) {
            upstream.get("/contacts/c1");
            upstream.get("/contacts/c1");

            int third = upstream.get("/contacts/c1").statusCode();
            upstream.pass(Duration.ofSeconds(1));
            int later = upstream.get("/contacts/c1").statusCode();

            assertThat(third).isEqualTo(429);
            assertThat(later).isEqualTo(200);
        }
    }

    @Test
    void keepsTheWindowShutWhereRefusedCallsCount() {
        try (RunningSimulator upstream = new RunningSimulator(
                prompt().limit(1, Duration.ofSeconds(10)).countsRefused(true).build())) {
            upstream.get("/contacts/c1");
            upstream.pass(Duration.ofSeconds(6));
            upstream.get("/contacts/c1");
            upstream.pass(Duration.ofSeconds(6));

            assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void countsTokensOfOneLocationTogetherAndLocationsApart() {
        Map<String, Account> tokens = Map.of(
                "pit-a1",
                Account.parse("locA"),
                "pit-a2",
                Account.parse("locA"),
                "pit-b",
                Account.parse("company:coB"));
        try (RunningSimulator upstream = new RunningSimulator(
                prompt().limit(2, Duration.ofSeconds(10)).tokens(tokens).build())) {
            int first = as(upstream, "pit-a1");
            int second = as(upstream, "pit-a2");
            int third = as(upstream, "pit-a1");
            int other = as(upstream, "pit-b");

            assertThat(new int[] {first, second, third, other}).containsExactly(200, 200, 429, 200);
            assertThat(upstream.simulator().stats().resources())
                    .containsOnly(
                            Map.entry("locA", new SimulatorStats.Counts(2, 1, 2)),
                            Map.entry("coB", new SimulatorStats.Counts(1, 0, 1)));
        }
    }

    @Test
    void recountsTheBusiestIntervalOfWhatItAccepted() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().window(WindowKind.BUCKET)
                .limit(2, Duration.ofSeconds(10))
                .build())) {
            upstream.get("/contacts/c1");
            upstream.pass(Duration.ofSeconds(10));
            int busiestApart = busiest(upstream);
            upstream.get("/contacts/c1");
            int busiestStillApart = busiest(upstream);
            upstream.get("/contacts/c1");
            upstream.pass(Duration.ofSeconds(5));
            upstream.get("/contacts/c1");

            assertThat(busiestApart).isEqualTo(1);
            assertThat(busiestStillApart).isEqualTo(1);
            assertThat(busiest(upstream)).isEqualTo(3); // more than the maximum: a bucket lets that happen
        }
    }

    @Test
    void neverShowsWholeTokensAndTellsNamesakesApart() {
        try (RunningSimulator upstream = new RunningSimulator(prompt().build())) {
            as(upstream, "pit-one-abcdef");
            as(upstream, "pit-two-abcdef");
            as(upstream, "pit-xy");

            assertThat(upstream.simulator().stats().resources())
                    .containsOnlyKeys("token-abcdef", "token-abcdef-2", "token-xy");
        }
    }

    @Test
    void tellsAndForgetsItsCountsOverHttp() {
        try (RunningSimulator upstream =
                new RunningSimulator(prompt().limit(1, Duration.ofSeconds(10)).build())) {
            upstream.get("/contacts/c1");
            upstream.get("/contacts/c1");

            JsonObject counted = stats(upstream);
            upstream.send(upstream.bare("POST", "/_simulator/reset", ""));
            JsonObject forgotten = stats(upstream);
            int afterwards = upstream.get("/contacts/c1").statusCode();

            JsonObject resource =
                    new JsonObject().put("accepted", 1).put("refused", 1).put("max_in_any_interval", 1);
            assertThat(counted.getInteger("accepted")).isEqualTo(1);
            assertThat(counted.getInteger("refused")).isEqualTo(1);
            assertThat(counted.getJsonObject("resources")).isEqualTo(new JsonObject().put("token-456789", resource));
            assertThat(forgotten.getInteger("accepted")).isZero();
            assertThat(forgotten.getJsonObject("resources")).isEmpty();
            assertThat(afterwards).isEqualTo(200);
        }
    }

    private static int busiest(RunningSimulator upstream) {
        return upstream.simulator().stats().resources().get("token-456789").busiest();
    }

    private static JsonObject stats(RunningSimulator upstream) {
        return new JsonObject(
                upstream.send(upstream.bare("GET", "/_simulator/stats", "")).body());
    }

    private static int as(RunningSimulator upstream, String token) {
        return upstream.send(upstream.bare("GET", "/locations/search", "")
                        .header("Authorization", "Bearer " + token)
                        .header("Version", "v3"))
                .statusCode();
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("absent");
    }
}
