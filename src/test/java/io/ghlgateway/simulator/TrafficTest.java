package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.await;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real sockets; only counts are asserted, never how long something took. */
class TrafficTest {

    @Test
    void tellsTheUpstreamsOwnCounts() {
        try (RunningSimulator upstream =
                new RunningSimulator(prompt().limit(20, Duration.ofSeconds(10)).build())) {
            upstream.get("/contacts/c1"); // before the run, and not part of it
            String url = upstream.simulator().url();

            TrafficReport report = await(Traffic.run(
                    upstream.vertx(),
                    TrafficOptions.builder(url, TOKEN)
                            .rate(100)
                            .duration(Duration.ofMillis(500))
                            .arrivals(Arrivals.UNIFORM)
                            .limit(20, Duration.ofSeconds(10))
                            .simulator(url)
                            .build()));

            assertThat(report.sent()).isEqualTo(49);
            assertThat(report.ok()).isEqualTo(19);
            assertThat(report.accepted()).isBetween(1L, 19L); // when the last call was made: fewer on a slow machine
            assertThat(report.upstream429()).isEqualTo(30);
            assertThat(report.failed()).isZero();
            assertThat(report.unanswered()).isZero();
            assertThat(report.quotaUsed()).isEqualTo(report.accepted() / 20.0);
        }
    }

    @Test
    void infersTheCountsFromTheAnswersOfAnUnknownUpstream() {
        try (RunningSimulator upstream =
                new RunningSimulator(prompt().limit(20, Duration.ofSeconds(10)).build())) {
            TrafficReport report = await(Traffic.run(
                    upstream.vertx(),
                    TrafficOptions.builder(upstream.simulator().url(), TOKEN)
                            .rate(61)
                            .duration(Duration.ofMillis(500))
                            .arrivals(Arrivals.UNIFORM)
                            .limit(10, Duration.ofMillis(100))
                            .build()));

            assertThat(report.sent()).isEqualTo(30);
            assertThat(report.ok()).isEqualTo(20);
            assertThat(report.upstream429()).isEqualTo(10);
            assertThat(report.accepted()).isBetween(1L, 20L);
            assertThat(report.quotaUsed()).isEqualTo(report.accepted() / 50.0); // five intervals of ten
        }
    }

    @Test
    void doesNotWaitForOneAnswerToMakeTheNextCall() {
        try (Door door = new Door(new Door.Behaviour() {
            private final ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();

            @Override
            public void on(HttpServerRequest request, int number) {
                held.add(request);
                if (number == 10) {
                    held.forEach(waiting -> waiting.response().end());
                }
            }
        })) {
            TrafficReport report = await(Traffic.run(
                    door.vertx, door.traffic(105, Duration.ofMillis(100)).build()));

            assertThat(report.sent()).isEqualTo(10);
            assertThat(report.ok()).isEqualTo(10);
        }
    }

    @Test
    void sortsAnswersByWhoseTheyAre() {
        try (Door door = new Door((request, number) -> {
            switch (number % 5) {
                case 0 -> request.response().setStatusCode(429).end();
                case 1 ->
                    request.response()
                            .setStatusCode(429)
                            .putHeader("X-Gateway-Error", "deadline")
                            .end();
                case 2 -> request.response().setStatusCode(500).end();
                case 3 -> request.connection().close();
                default -> request.response().setStatusCode(201).end("{}");
            }
        })) {
            TrafficReport report = await(Traffic.run(
                    door.vertx, door.traffic(101, Duration.ofMillis(200)).build()));

            assertThat(report.sent()).isEqualTo(20);
            assertThat(report.upstream429()).isEqualTo(4);
            assertThat(report.refusedByGateway()).isEqualTo(4);
            assertThat(report.failed()).isEqualTo(8);
            assertThat(report.ok()).isEqualTo(4);
        }
    }

    @Test
    void believesTheGatewayHowLongACallWasQueued() {
        try (Door door = new Door((request, number) -> request.response()
                .putHeader("Server-Timing", "upstream;dur=80, queue;desc=lane;dur=" + number * 1000 + ".5")
                .end())) {
            TrafficReport report = await(Traffic.run(
                    door.vertx, door.traffic(101, Duration.ofMillis(100)).build()));

            assertThat(report.sent()).isEqualTo(10);
            assertThat(report.waitP50()).isEqualTo(Duration.ofMillis(5000).plusNanos(500_000));
            assertThat(report.waitP99()).isEqualTo(Duration.ofMillis(10_000).plusNanos(500_000));
        }
    }

    @Test
    void tellsItsProgressWhileItRuns() {
        ConcurrentLinkedQueue<TrafficReport> told = new ConcurrentLinkedQueue<>();
        try (Door door = new Door((request, number) -> request.response().end())) {
            await(Traffic.run(
                    door.vertx, door.traffic(20, Duration.ofMillis(1_500)).build(), told::add));
        }

        assertThat(told)
                .isNotEmpty()
                .allSatisfy(progress -> assertThat(progress.sent()).isPositive());
    }

    @Test
    void givesUpOnAnswersThatNeverComeWhenTheDrainIsOver() {
        try (Door door = new Door((request, number) -> {})) {
            TrafficReport report = await(Traffic.run(
                    door.vertx,
                    door.traffic(101, Duration.ofMillis(100))
                            .drain(Duration.ofMillis(50))
                            .build()));

            assertThat(report.sent()).isEqualTo(10);
            assertThat(report.unanswered()).isEqualTo(10);
        }
    }

    @Test
    void sendsKeyPatienceAndHeaders() {
        ConcurrentLinkedQueue<HttpServerRequest> seen = new ConcurrentLinkedQueue<>();
        try (Door door = new Door((request, number) -> {
            seen.add(request);
            request.response().end();
        })) {
            await(Traffic.run(
                    door.vertx,
                    door.traffic(101, Duration.ofMillis(50))
                            .patience(Duration.ofSeconds(90))
                            .headers(Map.of("X-Tenant", "acme", "Version", "v3"))
                            .targets(List.of("DELETE /contacts/x?y=%2F"))
                            .build()));

            assertThat(seen).isNotEmpty().allSatisfy(request -> {
                assertThat(request.method().name()).isEqualTo("DELETE");
                assertThat(request.uri()).isEqualTo("/contacts/x?y=%2F");
                assertThat(request.getHeader("Authorization")).isEqualTo("Bearer gw_key");
                assertThat(request.getHeader("Prefer")).isEqualTo("wait=90");
                assertThat(request.headers().getAll("Version")).containsExactly("v3");
                assertThat(request.getHeader("X-Tenant")).isEqualTo("acme");
            });
        }
    }

    @Test
    void believesTheSimulatorRatherThanTheAnswers() {
        AtomicInteger asked = new AtomicInteger();
        try (Door door = new Door((request, number) -> {
            boolean first = request.path().equals("/_simulator/stats") && asked.incrementAndGet() == 1;
            request.response().end(first ? "{\"accepted\":10,\"refused\":1}" : "{\"accepted\":50,\"refused\":4}");
        })) {
            TrafficReport report = await(Traffic.run(
                    door.vertx,
                    door.traffic(105, Duration.ofMillis(100))
                            .simulator(door.url())
                            .build()));

            assertThat(report.ok()).isEqualTo(10);
            assertThat(report.accepted()).isEqualTo(40);
            assertThat(report.upstream429()).isEqualTo(3);
        }
    }

    /** Neither a difference that is negative nor one that is too small passes for a count. */
    @ParameterizedTest
    @CsvSource({"3, 1, b, 3, 1", "12, 0, a, 12, 0", "50, 4, b, 50, 4"})
    void saysSoWhenTheSimulatorBeganToCountAnew(
            long accepted, long refused, String started, long said, long saidRefused) {
        AtomicInteger asked = new AtomicInteger();
        var before = "{\"accepted\":10,\"refused\":2,\"started\":\"a\"}";
        var after = "{\"accepted\":" + accepted + ",\"refused\":" + refused + ",\"started\":\"" + started + "\"}";
        try (Door door = new Door((request, number) -> {
            boolean first = request.path().equals("/_simulator/stats") && asked.incrementAndGet() == 1;
            request.response().end(first ? before : after);
        })) {
            TrafficReport report = await(Traffic.run(
                    door.vertx,
                    door.traffic(105, Duration.ofMillis(100))
                            .simulator(door.url())
                            .build()));

            assertThat(report.accepted()).isEqualTo(said);
            assertThat(report.upstream429()).isEqualTo(saidRefused);
            assertThat(report.toJson().getBoolean("upstream_counted_anew")).isTrue();
        }
    }

    @Test
    void countsOnlyTheLocationsThatItIsToldTo() {
        AtomicInteger asked = new AtomicInteger();
        try (Door door = new Door((request, number) -> {
            boolean first = request.path().equals("/_simulator/stats") && asked.incrementAndGet() == 1;
            request.response()
                    .end(
                            first
                                    ? "{\"resources\":{}}"
                                    : "{\"resources\":{\"a\":{\"accepted\":7,\"refused\":1},\"b\":{\"accepted\":90,\"refused\":9}}}");
        })) {
            TrafficReport report = await(Traffic.run(
                    door.vertx,
                    door.traffic(105, Duration.ofMillis(100))
                            .simulator(door.url())
                            .resources(Set.of("a", "c"))
                            .build()));

            assertThat(report.accepted()).isEqualTo(7);
            assertThat(report.upstream429()).isOne();
            assertThat(report.toJson().containsKey("upstream_counted_anew")).isFalse();
        }
    }

    @Test
    void failsWhenTheNamedSimulatorIsNotThere() {
        try (Door door = new Door(
                (request, number) -> request.response().setStatusCode(404).end("not here"))) {
            TrafficOptions options = door.traffic(10, Duration.ofSeconds(1))
                    .simulator(door.url())
                    .build();

            assertThatThrownBy(() -> await(Traffic.run(door.vertx, options)))
                    .hasMessageContaining(door.url() + "/_simulator/stats");
        }
    }

    @Test
    void printsTheTrafficLine() {
        TrafficReport report = new TrafficReport(
                "http://x",
                9,
                4,
                3,
                2,
                1,
                0,
                4,
                false,
                0.976543,
                Duration.ofNanos(1_260_000),
                Duration.ofSeconds(2),
                Map.of("429 deadline", 3L, "503", 1L));

        JsonObject line = report.toJson();

        assertThat(line.encode())
                .startsWith("{\"sent\":9,\"ok\":4,\"refused_by_gateway\":3,\"upstream_429\":2,\"quota_used\":0.9765,"
                        + "\"wait_p50_ms\":1.3,\"wait_p99_ms\":2000.0,");
        assertThat(report.notOk()).hasValue("3 x 429 deadline, 1 x 503");
    }

    /** A server that stands where a gateway would. */
    private static final class Door implements AutoCloseable {

        interface Behaviour {
            /** @param number 1 for the first call */
            void on(HttpServerRequest request, int number);
        }

        private final Vertx vertx = Vertx.vertx();
        private final AtomicInteger calls = new AtomicInteger();
        private final HttpServer server;

        Door(Behaviour behaviour) {
            server = await(vertx.createHttpServer()
                    .requestHandler(request -> behaviour.on(request, calls.incrementAndGet()))
                    .listen(0, "127.0.0.1"));
        }

        String url() {
            return "http://127.0.0.1:" + server.actualPort();
        }

        TrafficOptions.Builder traffic(double rate, Duration duration) {
            return TrafficOptions.builder(url(), "gw_key")
                    .rate(rate)
                    .duration(duration)
                    .arrivals(Arrivals.UNIFORM)
                    .targets(List.of("GET /contacts/{n}"));
        }

        @Override
        public void close() {
            await(vertx.close());
        }
    }
}
