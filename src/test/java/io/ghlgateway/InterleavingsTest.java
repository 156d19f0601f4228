package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A brief form of {@code loadtest/interleavings.sh}. */
class InterleavingsTest {

    @Test
    void noRequestGetsAnothersTokenOrAnswerWhateverIsGivenUpOrSentAgain() {
        var report = Interleavings.run(300, 20_261_126);

        assertThat(report.mixedUp()).as(report.toString()).isZero();
        assertThat(report.arrived()).isGreaterThan(50);
    }
}
