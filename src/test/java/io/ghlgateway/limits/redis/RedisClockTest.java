package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.FakeTime;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisClockTest {

    private static final long MILLI = 1_000_000;

    private final FakeTime local = new FakeTime(Instant.parse("2026-11-23T12:00:00Z"));
    private Duration ahead = Duration.ofSeconds(90);
    private Duration there = Duration.ofMillis(1);
    private Duration back = Duration.ofMillis(1);
    private boolean down;
    private final RedisClock clock = new RedisClock(local, this::time);

    @Test
    void knowsNothingBeforeItHasAsked() {
        assertThat(clock.errorNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void followsRedisHoweverFarTheMachineIsOff() {
        clock.measure();

        assertThat(clock.currentTimeNanos()).isEqualTo(redis());
        local.advance(Duration.ofSeconds(5));
        assertThat(clock.currentTimeNanos()).isEqualTo(redis());
    }

    @Test
    void isNeverFurtherOffThanItSays() {
        there = Duration.ofMillis(7);
        back = Duration.ZERO;

        clock.measure();

        assertThat(Math.abs(clock.currentTimeNanos() - redis())).isBetween(3 * MILLI, clock.errorNanos());
        assertThat(clock.errorNanos()).isLessThan(4 * MILLI);
    }

    @Test
    void growsLessSureWithTimeAndKeepsTheBetterMeasurement() {
        clock.measure();
        long fresh = clock.errorNanos();
        local.advance(Duration.ofSeconds(60));
        assertThat(clock.errorNanos()).isEqualTo(fresh + 60 * 100_000);

        there = Duration.ofMillis(30);
        back = Duration.ofMillis(30);
        clock.measure();

        assertThat(clock.errorNanos()).isLessThan(8 * MILLI);
    }

    @Test
    void neverStepsBackAndSaysHowFarAheadItIsMeanwhile() {
        clock.measure();
        long before = clock.currentTimeNanos();
        ahead = ahead.minusSeconds(3);

        clock.measure();

        assertThat(clock.currentTimeNanos()).isGreaterThanOrEqualTo(before);
        assertThat(clock.errorNanos()).isGreaterThan(2_900 * MILLI);
        local.advance(Duration.ofSeconds(4));
        assertThat(clock.currentTimeNanos()).isEqualTo(redis());
        assertThat(clock.errorNanos()).isLessThan(3 * MILLI);
        assertThat(clock.steps()).isZero();
    }

    @Test
    void tellsWhenRedisWasSetForward() {
        clock.measure();
        ahead = ahead.plusSeconds(3);

        clock.measure();

        assertThat(clock.steps()).isEqualTo(1);
        assertThat(clock.currentTimeNanos()).isEqualTo(redis());
    }

    @Test
    void goesOnByItselfWhenRedisDoesNotAnswer() {
        clock.measure();
        down = true;

        assertThat(clock.measure().failed()).isTrue();

        local.advance(Duration.ofSeconds(1));
        assertThat(clock.currentTimeNanos()).isEqualTo(redis());
    }

    private Future<List<byte[]>> time() {
        if (down) {
            return Future.failedFuture("gone");
        }
        local.advance(there);
        long micros = redis() / 1_000;
        local.advance(back);
        return Future.succeededFuture(List.of(digits(micros / 1_000_000), digits(micros % 1_000_000)));
    }

    private long redis() {
        return local.currentTimeNanos() + ahead.toNanos();
    }

    private static byte[] digits(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
