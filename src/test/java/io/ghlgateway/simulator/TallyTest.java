package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {

    private final Tally tally = new Tally(new SplittableRandom(1));
    private final TrafficOptions options = TrafficOptions.builder("http://gateway", "k")
            .limit(100, Duration.ofSeconds(10))
            .build();

    @ParameterizedTest
    @CsvSource({"10000, 95, 0.95", "10001, 95, 0.475", "30000, 330, 1.1", "200, 50, 0.5"})
    void measuresTheQuotaUsedAgainstWholeIntervalsWithoutACap(long runMillis, long accepted, double expected) {
        TrafficReport report = tally.report(options, Duration.ofMillis(runMillis), Optional.empty(), accepted);

        assertThat(report.quotaUsed()).isEqualTo(expected);
    }

    @Test
    void prefersTheUpstreamsOwnCountOfRefusals() {
        tally.sent();
        tally.answered(429, MultiMap.caseInsensitiveMultiMap(), Duration.ZERO);

        TrafficReport report = tally.report(options, Duration.ofSeconds(1), Optional.of(new UpstreamCounts(5, 3)), 5);

        assertThat(report.upstream429()).isEqualTo(3);
        assertThat(report.unanswered()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queue;dur=12.5                         | 12.5",
                "upstream;dur=3,queue; dur=7            | 7",
                "queue;desc=\"a lane\";dur=1, total;dur=9 | 1",
                "upstream;dur=3                         | 40",
                "myqueue;dur=3                          | 40",
                "queue;dur=fast                         | 40",
            })
    void takesTheQueueOfServerTimingForTheWaitElseTheLatency(String timing, double expected) {
        tally.answered(200, MultiMap.caseInsensitiveMultiMap().add("Server-Timing", timing), Duration.ofMillis(40));

        Duration wait = tally.report(options, Duration.ofSeconds(1), Optional.empty(), 0)
                .waitP50();

        assertThat(wait.toNanos() / 1e6).isEqualTo(expected);
    }

    @Test
    void theQuotaThatTheUpstreamStatesIsWhatIsMeasuredAgainstUnlessOneWasGiven() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-RateLimit-Max", "25")
                .add("X-RateLimit-Interval-Milliseconds", "5000");
        tally.sent();
        tally.answered(200, headers, Duration.ZERO);
        tally.sent();
        tally.answered(
                429,
                MultiMap.caseInsensitiveMultiMap()
                        .add("X-Gateway-Error", "deadline")
                        .add("X-RateLimit-Max", "25")
                        .add("X-RateLimit-Interval-Milliseconds", "77"),
                Duration.ZERO);
        var unsaid = TrafficOptions.builder("http://127.0.0.1:1", "key");
        var given = TrafficOptions.builder("http://127.0.0.1:1", "key").limit(10, Duration.ofSeconds(10));

        assertThat(tally.report(unsaid.build(), Duration.ofSeconds(10), Optional.empty(), 40)
                        .quotaUsed())
                .isEqualTo(0.8);
        assertThat(tally.report(given.build(), Duration.ofSeconds(10), Optional.empty(), 8)
                        .quotaUsed())
                .isEqualTo(0.8);
    }
}
