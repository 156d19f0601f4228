package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            u=0          | 0
            u=7          | 7
            u=5, i       | 5
            i, u=1       | 1
            u=2;x=1      | 2
            u=1, u=6     | 6
            i            | 3
            u=8          | 3
            u=-1         | 3
            u=12         | 3
            u            | 3
            u=           | 3
            u=a          | 3
            u=1.0        | 3
            urgent=1     | 3
            U=1          | 3
            ü       | 3
            """)
    void isWhatTheCallerSaysAndTheUsualOneWhereThatHasNoMeaning(String field, int urgency) {
        var headers = MultiMap.caseInsensitiveMultiMap().add("Priority", field);

        assertThat(Priority.urgency(headers).level()).isEqualTo(urgency);
    }

    @Test
    void isFoundInTheSecondOfTwoFieldsAndTheUsualOneIfUnsaid() {
        var headers = MultiMap.caseInsensitiveMultiMap().add("Priority", "i").add("Priority", "u=6");

        assertThat(Priority.urgency(headers).level()).isEqualTo(6);
        assertThat(Priority.urgency(MultiMap.caseInsensitiveMultiMap()).level()).isEqualTo(3);
    }
}
