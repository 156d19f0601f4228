package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HoldTest {

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-27T12:00:00Z"));
    private final Hold hold = new Hold(time);

    @Test
    void isOverUntilSomebodyAsksForIt() {
        assertThat(left()).isZero();
    }

    @Test
    void lastsForWhatWasAskedAndNoLonger() {
        hold.lengthen(Duration.ofSeconds(2));
        time.advance(Duration.ofMillis(1_500));
        assertThat(left()).isEqualTo(Duration.ofMillis(500));

        time.advance(Duration.ofSeconds(5));
        assertThat(left()).isZero();
    }

    @Test
    void aShorterOneDoesNotEndALongerOneSooner() {
        hold.lengthen(Duration.ofSeconds(10));
        hold.lengthen(Duration.ofSeconds(1));
        assertThat(left()).isEqualTo(Duration.ofSeconds(10));

        hold.lengthen(Duration.ofSeconds(11));
        assertThat(left()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void endsWhenItIsEnded() {
        hold.lengthen(Duration.ofHours(1));
        hold.end();
        assertThat(left()).isZero();
    }

    private Duration left() {
        return Duration.ofNanos(hold.nanosLeft(time.read()));
    }
}
