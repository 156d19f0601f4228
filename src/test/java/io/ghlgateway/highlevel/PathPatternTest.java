package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/agent-studio/**, /agent-studio/agent",
        "/agent-studio/**, /agent-studio/agent/1/execute/",
        "/agent-studio/**, /agent-studio",
        "/agent-studio/**, /agent-studio/",
        "/agent-studio/**, /agent-studio/agent?limit=1",
        "/contacts/*/notes, /contacts/1/notes",
        "/contacts/*/notes, /contacts/1/notes/",
        "/contacts/*/notes/, /contacts/1/notes",
        "/contacts/*/**, /contacts/1",
        "/**, /anything/at/all",
        "/**, /",
        "/, /"
    })
    void matchesWhatItSays(String pattern, String path) {
        assertThat(PathPattern.parse(pattern).orElseThrow().matches(path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/agent-studio/**, /agent-studios/agent",
        "/agent-studio/**, /v2/agent-studio/agent",
        "/agent-studio/**, /contacts/?x=/agent-studio/agent",
        "/contacts/*/notes, /contacts/notes",
        "/contacts/*/notes, /contacts/1/notes/2",
        "/contacts/*/notes, /contacts/1",
        "/contacts/*/**, /contacts/",
        "/, /contacts"
    })
    void matchesNothingElse(String pattern, String path) {
        assertThat(PathPattern.parse(pattern).orElseThrow().matches(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/agent%2Dstudio/agent",
                "/agent-studio%2fagent",
                "/%61gent-studio/agent",
                "//agent-studio//agent",
                "/agent-studio;v=1/agent",
                "/;a/agent-studio/agent",
                "/agent-studio%3Bv=1/agent"
            })
    void anotherSpellingOfThePathIsNoWayAroundIt(String path) {
        assertThat(PathPattern.parse("/agent-studio/**").orElseThrow().matches(path))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "contacts",
                "/**/notes",
                "/a/**b",
                "/a*",
                "//",
                "/a//b",
                "/a b",
                "/a?b",
                "/a%20b",
                "/{id}",
                "**"
            })
    void refusesWhatIsNoPattern(String text) {
        assertThat(PathPattern.parse(text)).isEmpty();
    }

    @Test
    void isItsTextWithoutTheLastSlash() {
        assertThat(PathPattern.parse("/contacts/")).isEqualTo(PathPattern.parse("/contacts"));
        assertThat(PathPattern.parse("/contacts/").orElseThrow()).hasToString("/contacts");
        assertThat(PathPattern.parse("/contacts")).isNotEqualTo(PathPattern.parse("/contacts/*"));
    }

    /** A caller must not get around a limit by a path that only servers behind HighLevel's first resolve. */
    @Test
    void matchesWhatWasEscapedSeveralTimes() {
        var pattern = PathPattern.parse("/agent-studio/**").orElseThrow();
        var path = "/%61gent-studio/agent";

        for (int i = 0; i < 10; i++) {
            assertThat(pattern.matches(path)).as(path).isEqualTo(i < 9);
            path = path.replace("%", "%25");
        }
        assertThat(pattern.matches("/agent-studio%252fagent")).isTrue();
        assertThat(pattern.matches("/x;%2561/%2561gent-studio")).isFalse();
    }

    @Test
    void aLongOneIsReadWithoutADeepStack() throws InterruptedException {
        var text = "/a".repeat(20_000);
        var read = new boolean[2];
        var small = new Thread(
                null,
                () -> {
                    read[0] = PathPattern.parse(text + "/**").isPresent();
                    read[1] = OperationPatterns.isOne(text + "/{id}");
                },
                "small",
                128 << 10);

        small.start();
        small.join();

        assertThat(read).containsExactly(true, true);
    }
}
