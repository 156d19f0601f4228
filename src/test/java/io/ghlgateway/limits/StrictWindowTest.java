package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class StrictWindowTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Property(tries = 400)
    void noStretchOfTheQuotasIntervalAndGuardEverSeesMoreThanTheQuota(
            @ForAll @IntRange(min = 1, max = 200) int requests,
            @ForAll @IntRange(min = 1, max = 60_000) int perMillis,
            @ForAll @IntRange(max = 2_000) int guardMillis,
            @ForAll @IntRange(min = 2, max = 80) int windows,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long startMillis,
            @ForAll long seed) {
        var window = StrictWindow.of(
                requests,
                Duration.ofMillis(perMillis),
                new StrictWindow.Tuning(windows, Duration.ofMillis(guardMillis)));
        var time = new FakeTime(Instant.ofEpochMilli(startMillis).plusNanos(seed & 0xfffff));
        var bucket = new HeapBucket(window, time, Ledger.NONE);
        var log = new GrantLog(Duration.ofMillis(perMillis + guardMillis));
        var traffic = new Random(seed);

        for (int i = 0; i < 600; i++) {
            time.advance(pause(traffic, window.period()));
            int wanted = traffic.nextInt(4) == 0 ? 1 + traffic.nextInt(2 * requests) : 1;
            log.add(time.currentTimeNanos(), bucket.take(wanted).result());
            if (traffic.nextInt(50) == 0) {
                bucket.letGo();
            }
        }

        assertThat(log.most()).isLessThanOrEqualTo(requests).isPositive();
    }

    /** Bursts, steady trickles at all scales, and idle gaps of more than a period. */
    private static Duration pause(Random traffic, Duration period) {
        long nanos = period.toNanos();
        double scale = Math.pow(10, -4 + 4.2 * traffic.nextDouble());
        return traffic.nextInt(3) == 0
                ? Duration.ZERO
                : Duration.ofNanos((long) (traffic.nextDouble() * scale * nanos));
    }

    @Property(tries = 100)
    void noStretchSeesMoreThanTheQuotaUnderSaturation(
            @ForAll @IntRange(min = 1, max = 100) int requests,
            @ForAll @IntRange(min = 2, max = 80) int windows,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long startMillis,
            @ForAll @IntRange(min = 1, max = 100_000) int stepMicros) {
        var tuning = new StrictWindow.Tuning(windows, Duration.ofMillis(100));
        var window = StrictWindow.of(requests, Duration.ofSeconds(1), tuning);
        var time = new FakeTime(Instant.ofEpochMilli(startMillis));
        var bucket = new HeapBucket(window, time, Ledger.NONE);
        var log = new GrantLog(Duration.ofMillis(1_100));

        for (int i = 0; i < 2_000; i++) {
            log.add(time.currentTimeNanos(), bucket.take(1 + i % 3).result());
            time.advance(Duration.ofNanos(stepMicros * 1_000L));
        }

        assertThat(log.most()).isLessThanOrEqualTo(requests);
    }

    @Test
    void saturatedUseGetsTheWholeQuotaOncePerPeriod() {
        var window = StrictWindow.of(100, TEN_SECONDS, StrictWindow.Tuning.BURST);
        var time = new FakeTime(Instant.parse("2026-11-23T12:00:00.123456789Z"));
        var bucket = new HeapBucket(window, time, Ledger.NONE);
        var log = new GrantLog(Duration.ofMillis(10_160));
        var run = Duration.ofMinutes(30);

        for (long ms = 0; ms < run.toMillis(); ms += 5) {
            log.add(time.currentTimeNanos(), bucket.take(7).result());
            time.advance(Duration.ofMillis(5));
        }

        double used = (double) log.total() / (100.0 * run.toMillis() / TEN_SECONDS.toMillis());
        assertThat(window.period()).isEqualTo(Duration.ofMillis(64 * 162));
        assertThat(used).isGreaterThanOrEqualTo(10_000.0 / (64 * 162)).isCloseTo(0.9645, within(0.007));
        assertThat(log.most()).isEqualTo(100);
    }

    @Test
    void allReplicasAndRestartsStandOnOneGrid() {
        var window = StrictWindow.of(100, TEN_SECONDS, StrictWindow.Tuning.BURST);

        var created = window.holding(0, 1_764_000_000_000_000_000L).getBandwidths();
        var createdLater = window.holding(0, 1_764_000_123_456_789_012L).getBandwidths();

        for (int i = 0; i < created.length; i++) {
            long apart = createdLater[i].getTimeOfFirstRefillMillis() - created[i].getTimeOfFirstRefillMillis();
            assertThat(apart % window.period().toMillis()).isZero();
            assertThat(created[i].getTimeOfFirstRefillMillis())
                    .isGreaterThan(1_764_000_000_000L)
                    .isLessThanOrEqualTo(1_764_000_000_000L + window.period().toMillis());
            assertThat(created[i].getTimeOfFirstRefillMillis() % 162).isZero();
        }
    }

    @Test
    void knowsItsOwnConfigurationFromAnother() {
        var window = StrictWindow.of(100, TEN_SECONDS, StrictWindow.Tuning.BURST);

        assertThat(window.isOf(window.full())).isTrue();
        assertThat(window.isOf(window.holding(3, 1_764_000_000_000_000_000L))).isTrue();
        assertThat(window.isOf(StrictWindow.of(25, TEN_SECONDS, StrictWindow.Tuning.BURST)
                        .full()))
                .isFalse();
        assertThat(window.isOf(StrictWindow.of(100, Duration.ofSeconds(9), StrictWindow.Tuning.BURST)
                        .full()))
                .isFalse();
    }
}
