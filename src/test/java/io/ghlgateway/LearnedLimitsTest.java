package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.simulator.WindowKind;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A token with a quarter of the configured quota, which nobody told the gateway. */
class LearnedLimitsTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int BURST = 25;
    private static final int DAILY = 10_000;
    private static final int PROBES = 10;
    private static final String REMAINING =
            "ghl_gateway_budget_remaining{budget=\"private:location:" + Plan.ACME + "\"}";

    @ParameterizedTest
    @EnumSource(
            value = WindowKind.class,
            names = {"ANCHORED", "CLOCK", "SLIDING", "BUCKET"})
    void aSmallerQuotaIsMetWithoutOneRefusalColdOrSaturated(WindowKind window) {
        try (var bed = TestBed.start(plan(window))) {
            var answers = saturate(bed, 60, 100);

            assertServed(answers);
            assertThat(bed.stats().refused()).isZero();
            assertThat(bed.stats().accepted()).isEqualTo(100);
            TestBed.until(() -> bed.metric(REMAINING) == BURST);
        }
    }

    @Test
    void gatewaysThatShareARedisLearnTogetherAndLaterOnesBeginWithIt() throws IOException {
        try (var redis = TestRedis.started();
                var first = TestBed.start(shared(redis));
                var second = TestBed.start(shared(redis), first.upstream())) {
            var early = Stream.of(first, second)
                    .map(bed -> CompletableFuture.supplyAsync(() -> saturate(bed, 30, 55)))
                    .toList();
            TestBed.until(() -> first.stats().accepted() > BURST);
            try (var third = TestBed.start(shared(redis), first.upstream())) {
                assertServed(saturate(third, 30, 30));
            }
            early.forEach(answers -> assertServed(TestBed.await(answers)));

            assertThat(first.stats().refused()).isZero();
            assertThat(first.stats().accepted()).isEqualTo(140);
            try (var restarted = TestBed.start(shared(redis), first.upstream())) {
                assertServed(saturate(restarted, 60, 60));
                assertThat(first.stats().refused()).isZero();
            }
        }
    }

    /** Its record keeps what was sent, not what was learned: it begins with probes again, and with no more than those. */
    @Test
    void anEmbeddedGatewayStartedAgainWithinTheIntervalCostsItsProbesAtMost(@TempDir Path journal) {
        try (var upstream = TestBed.start(embedded(journal))) {
            try (var before = TestBed.start(embedded(journal), upstream.upstream())) {
                assertServed(saturate(before, 1, BURST));
                assertThat(before.get("/contacts/c1").statusCode()).isEqualTo(429);
                assertThat(upstream.stats().refused()).isZero();
            }
            try (var after = TestBed.start(embedded(journal), upstream.upstream())) {
                assertThat(saturate(after, 60, 60)).allMatch(answer -> answer.statusCode() == 429);
                assertThat(upstream.stats().refused()).isBetween(1L, (long) PROBES);
            }
        }
    }

    private static void assertServed(List<HttpResponse<String>> answers) {
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
    }

    private static Plan plan(WindowKind window) {
        return new Plan()
                .quota(100, INTERVAL, Duration.ofMillis(500))
                .set("limits.daily", "200000")
                .truly(window, BURST, INTERVAL, DAILY);
    }

    private static Plan shared(TestRedis redis) {
        return plan(WindowKind.SLIDING)
                .set("redis.uri", redis.uri())
                .set("redis.command-timeout", "10s"); // a slow machine is no lost Redis
    }

    /** The window outlives any slow machine. */
    private static Plan embedded(Path journal) {
        var long50 = Duration.ofMinutes(50);
        return new Plan()
                .quota(100, long50, Duration.ofSeconds(1))
                .set("limits.default-wait", "0s")
                .set("limits.journal", journal.toString())
                .truly(WindowKind.SLIDING, BURST, long50, DAILY);
    }

    /** Asks until {@code total} were answered, so many of them at a time, all patient. */
    private static List<HttpResponse<String>> saturate(TestBed bed, int atOnce, int total) {
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < total; i++) {
            var turn = i < atOnce ? CompletableFuture.completedFuture(null) : answers.get(i - atOnce);
            answers.add(turn.thenCompose(done -> bed.sendAsync(bed.request("/contacts/c1"))));
        }
        return answers.stream().map(TestBed::await).toList();
    }
}
