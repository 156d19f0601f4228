package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a replica remembers of its own sends. */
class OwnSendsTest {

    private static final Duration GUARD = Duration.ofMillis(160);
    private static final long SPAN = Duration.ofMillis(10_160).toNanos();
    private static final long SLACK = SPAN / 15 + 1;

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-26T12:00:00Z"));
    private final List<String> told = new ArrayList<>();
    private Limit limit = new Limit(100, Duration.ofSeconds(10), 200_000);
    private final OwnSends own = new OwnSends(time, () -> limit, GUARD, () -> told.add("some"), () -> told.add("none"));

    private record Sent(long at, int count) {}

    /** Never less than what counts, never what has counted no more for a fifteenth of the time. */
    @Property
    void countsAllThatCountsAndLittleMore(
            @ForAll @Size(max = 60) List<@IntRange(max = 3_000) Integer> pauses, @ForAll @IntRange(max = 9) int count) {
        var own = new OwnSends(time, () -> limit, GUARD, () -> {}, () -> {}); // tries share all else
        var sent = new ArrayDeque<Sent>();
        for (int pause : pauses) {
            time.advance(Duration.ofMillis(pause));
            own.add(count);
            sent.add(new Sent(time.read(), count));
            assertThat(own.count()).isBetween(within(sent, SPAN), within(sent, SPAN + SLACK));
            long half = SPAN / 2;
            var young = new AtomicLong();
            own.each((some, age) -> young.addAndGet(age <= half ? some : 0));
            assertThat(young.get()).isBetween(within(sent, half), within(sent, half + SLACK));
        }
    }

    private long within(Iterable<Sent> sent, long nanos) {
        long sum = 0;
        for (var each : sent) {
            sum += time.read() - each.at() <= nanos ? each.count() : 0;
        }
        return sum;
    }

    @Test
    void isForgottenWhenNothingCountsAndBeginsAnew() {
        assertThat(own.letGo()).isTrue();
        own.add(0);
        assertThat(told).isEmpty();

        own.add(2);
        own.add(3);
        assertThat(own.letGo()).isFalse();
        time.advance(Duration.ofNanos(SPAN + SLACK));
        assertThat(own.letGo()).isTrue();
        own.add(1);

        assertThat(own.count()).isEqualTo(1);
        assertThat(told).containsExactly("some", "none", "some");
    }

    @Test
    void ofAnIntervalThatChangedEverythingMayHaveBeenSentUntilItIsHistory() {
        own.add(1);
        limit = new Limit(100, Duration.ofSeconds(20), 200_000);

        assertThat(own.count()).isGreaterThan(1_000_000);
        time.advance(Duration.ofSeconds(22));
        assertThat(own.count()).isZero();
    }
}
