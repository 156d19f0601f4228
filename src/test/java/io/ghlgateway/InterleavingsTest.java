package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A brief form of {@code loadtest/interleavings.sh}; the fault matrix has a longer one. */
class InterleavingsTest {

    @Test
    void noRequestGetsAnothersTokenOrAnswerWhateverIsGivenUpOrSentAgain(TestReporter reporter) {
        var report = Interleavings.run(Integer.getInteger("interleavings", 300), 20_261_126);

        reporter.publishEntry("measured", report.toString());
        assertThat(report.mixedUp()).as(report.toString()).isZero();
        assertThat(report.arrived()).isGreaterThan(50);
    }
}
