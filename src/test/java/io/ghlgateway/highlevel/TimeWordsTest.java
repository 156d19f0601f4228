package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWordsTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.000000001S, 1 ms",
        "PT0.25S, 250 ms",
        "PT1S, 1 s",
        "PT2.501S, 2.6 s",
        "PT10S, 10 s",
        "PT59.95S, 1 min",
        "PT1M, 1 min",
        "PT5M0.001S, 5 min 1 s",
        "PT59M59.5S, 1 h",
        "PT1H, 1 h",
        "PT24H13M1S, 24 h 14 min",
        "PT47H59M30S, 2 d",
        "P3DT1S, 3 d 1 h",
    })
    void aTimeIsSaidInItsLargestUnitsAndNeverTooShort(Duration time, String words) {
        assertThat(TimeWords.of(time)).isEqualTo(words);
    }
}
