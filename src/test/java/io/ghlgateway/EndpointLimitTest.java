package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Endpoints that have a limit of their own, beside the quota of their location. */
class EndpointLimitTest {

    private static final String STUDIO = "[{match: \"/agent-studio/**\", requests: 4, per: 1h, scope: location}]";

    @Test
    void aRequestThatWouldWaitTooLongForItsEndpointIsToldAtOnceAndOthersFlow() {
        try (var bed = TestBed.start(plan(STUDIO))) {
            var studio = all(bed, 9, "/agent-studio/agent/");
            var contacts = all(bed, 40, "/contacts/c");

            assertThat(studio).filteredOn(answer -> answer.statusCode() == 200).hasSize(4);
            assertThat(contacts).allMatch(answer -> answer.statusCode() == 200);
            assertThat(studio)
                    .filteredOn(answer -> answer.statusCode() != 200)
                    .hasSize(5)
                    .allSatisfy(answer -> {
                        assertThat(answer.statusCode()).isEqualTo(429);
                        assertThat(answer.headers().firstValue("X-Gateway-Error"))
                                .hasValue("deadline");
                        assertThat(number(answer, "X-RateLimit-Max")).isEqualTo(4);
                        assertThat(number(answer, "Retry-After"))
                                .isBetween(
                                        Duration.ofMinutes(50).toSeconds(),
                                        Duration.ofMinutes(62).toSeconds());
                        assertThat(new JsonObject(answer.body()).getString("detail"))
                                .startsWith("the limit of 4 requests per 1 h on /agent-studio/** is in use");
                    });
            assertThat(bed.stats().accepted()).isEqualTo(44);
            assertThat(bed.metric("ghl_gateway_budget_refused_total{cause=\"route\"}"))
                    .isPositive();
        }
    }

    @Test
    void anotherSpellingOfThePathIsNoWayAroundIt() {
        try (var bed = TestBed.start(plan(STUDIO))) {
            all(bed, 4, "/agent-studio/agent/");

            var answer = bed.get("/agent%2Dstudio/new-thing");

            assertThat(answer.statusCode()).isEqualTo(429);
        }
    }

    @Test
    void locationsHaveLimitsOfTheirOwnUnlessTheLimitIsTheApps() {
        var shared = "[{match: \"/agent-studio/**\", requests: 4, per: 1h, scope: app}]";
        for (var limit : List.of(STUDIO, shared)) {
            try (var bed = TestBed.start(plan(limit))) {
                all(bed, 4, "/agent-studio/agent/");

                var other = bed.send(bed.request("/agent-studio/agent/1").header("X-Tenant", "globex"));

                assertThat(other.statusCode()).isEqualTo(limit.equals(shared) ? 429 : 200);
            }
        }
    }

    @Test
    void requestsWaitForTheirEndpointAndAreSentWhenItGives() {
        var limit = "[{match: \"/agent-studio/**\", requests: 5, per: 1s, scope: location}]";
        try (var bed = TestBed.start(plan(limit))) {
            long began = System.nanoTime();

            var answers = all(bed, 13, "/agent-studio/agent/");

            assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
            // Two windows of a second and more lie between the first five and the last three, on any machine.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
            assertThat(bed.stats().accepted()).isEqualTo(13);
        }
    }

    /** Guard and quota leave room for a machine that is busy with other things. */
    @Test
    void noIntervalSeesMoreArrivalsThanTheLimitNorThanTheQuota() throws IOException {
        var upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        var arrivals = new ConcurrentLinkedQueue<Arrival>();
        upstream.createContext("/", exchange -> {
            arrivals.add(new Arrival(exchange.getRequestURI().getPath(), System.nanoTime()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        upstream.start();
        var plan = plan("[{match: \"/agent-studio/**\", requests: 5, per: 1s, scope: location}]")
                .quota(40, Duration.ofSeconds(2), Duration.ofMillis(800))
                .set("limits.learn", "false");
        var uri = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort());
        try (var bed = TestBed.start(plan, uri)) {
            var sent = IntStream.range(0, 90)
                    .mapToObj(i ->
                            bed.sendAsync(bed.request(i % 6 == 0 ? "/agent-studio/agent/" + i : "/contacts/c" + i)))
                    .toList();

            assertThat(sent).allMatch(answer -> TestBed.await(answer).statusCode() == 204);
            assertThat(arrivals).hasSize(90);
            assertThat(most(arrivals, "/agent-studio/", Duration.ofSeconds(1))).isLessThanOrEqualTo(5);
            assertThat(most(arrivals, "/", Duration.ofSeconds(2))).isLessThanOrEqualTo(40);
        } finally {
            upstream.stop(0);
        }
    }

    private record Arrival(String path, long at) {}

    private static long most(Collection<Arrival> arrivals, String prefix, Duration per) {
        var times = arrivals.stream()
                .filter(arrival -> arrival.path().startsWith(prefix))
                .mapToLong(Arrival::at)
                .toArray();
        return LongStream.of(times)
                .map(from -> LongStream.of(times)
                        .filter(at -> at >= from && at - from < per.toNanos())
                        .count())
                .max()
                .orElse(0);
    }

    private static Plan plan(String limits) {
        return new Plan().set("limits.routes", limits);
    }

    private static List<HttpResponse<String>> all(TestBed bed, int count, String path) {
        List<CompletableFuture<HttpResponse<String>>> sent = IntStream.range(0, count)
                .mapToObj(i -> bed.sendAsync(bed.request(path + i)))
                .toList();
        return sent.stream().map(TestBed::await).toList();
    }

    private static long number(HttpResponse<?> answer, String header) {
        return Long.parseLong(answer.headers().firstValue(header).orElseThrow());
    }
}
