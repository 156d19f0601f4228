package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("A", "alpha", "B_2", "b$1\\{", "EMPTY", "", "C", "${A}");

    private final List<String> problems = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain             | plain",
                "$ { } $A          | $ { } $A",
                "${A}              | alpha",
                "x-${A}-${B_2}-y   | x-alpha-b$1\\{-y",
                "${A:-other}       | alpha",
                "${NONE:-other}    | other",
                "${EMPTY:-other}   | other",
                "x${NONE:-}y       | xy",
                "${C}              | ${A}",
                "$${A}             | ${A}",
                "$${A}${A}         | ${A}alpha",
                "$$${A}            | $${A}"
            })
    void fillsInWhatIsThere(String text, String filled) {
        assertThat(Placeholders.fill(text, ENVIRONMENT, problems::add)).contains(filled);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${NONE}  | environment variable NONE is not set",
                "${EMPTY} | environment variable EMPTY is empty",
                "${A      | '${' begins no ${NAME}; a plain '${' is written '$${'",
                "${}      | '${' begins no ${NAME}; a plain '${' is written '$${'",
                "${2A}    | '${' begins no ${NAME}; a plain '${' is written '$${'"
            })
    void saysWhatIsWrong(String text, String problem) {
        assertThat(Placeholders.fill(text, ENVIRONMENT, problems::add)).isEmpty();
        assertThat(problems).containsExactly(problem);
    }

    @Test
    void saysAllThatIsMissing() {
        Placeholders.fill("${X}${A}${Y}", ENVIRONMENT, problems::add);

        assertThat(problems).containsExactly("environment variable X is not set", "environment variable Y is not set");
    }
}
