package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {

    private final Patience patience = new Patience(Duration.ofSeconds(25), Duration.ofSeconds(300));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wait=10                     | PT10S
            wait=0                      | PT0S
            WAIT=10                     | PT10S
            wait = 10                   | PT10S
            wait="10"                   | PT10S
            wait=1.5                    | PT1.5S
            respond-async, wait=10      | PT10S
            wait=10; strict             | PT10S
            wait=10, wait=20            | PT10S
            wait=999999999              | PT5M
            respond-async               | PT25S
            foo; wait=10                | PT25S
            nowait=10                   | PT25S
            foo="a, wait=x", wait=10    | PT10S
            foo="a, wait=10"            | PT25S
            wait=0.0004                 | PT0S
            """)
    void isWhatPreferSaysWithinTheBound(String prefer, Duration expected) {
        var headers = MultiMap.caseInsensitiveMultiMap().add("Prefer", prefer);

        assertThat(patience.of(headers)).map(Patience.Wait::length).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "wait=10, wait=10",
        "wait=0, wait=0",
        "wait=1.50, wait=1.5",
        "wait=999999999, wait=300",
        "wait=0.001, wait=0.001"
    })
    void saysWhatIsInForceOfWhatWasAsked(String prefer, String applied) {
        var wait = patience.of(MultiMap.caseInsensitiveMultiMap().add("Prefer", prefer))
                .orElseThrow();

        assertThat(wait.said()).isTrue();
        var answer = MultiMap.caseInsensitiveMultiMap();
        wait.tell(answer);
        assertThat(answer.get("Preference-Applied")).isEqualTo(applied);
    }

    @Test
    void knowsWhatWasNotAskedFor() {
        var other = MultiMap.caseInsensitiveMultiMap().add("Prefer", "respond-async");

        assertThat(patience.of(other).orElseThrow().said()).isFalse();
        assertThat(patience.of(MultiMap.caseInsensitiveMultiMap()).orElseThrow().said())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=-1", "wait=", "wait=soon", "wait=1e3", "wait=9999999999", "wait=10s"})
    void isNotGuessedWhenItHasNoMeaning(String prefer) {
        assertThat(patience.of(MultiMap.caseInsensitiveMultiMap().add("Prefer", prefer)))
                .isEmpty();
    }

    @Test
    void isFoundInTheSecondOfTwoHeaders() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("Prefer", "respond-async")
                .add("Prefer", "wait=3");

        assertThat(patience.of(headers)).map(Patience.Wait::length).contains(Duration.ofSeconds(3));
        assertThat(patience.of(MultiMap.caseInsensitiveMultiMap()))
                .map(Patience.Wait::length)
                .contains(Duration.ofSeconds(25));
    }
}
