package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

    private static final List<String> KNOWN =
            List.of("host", "port", "id", "max-body", "token-file", "requests", "retry");

    @Test
    void findsTheNameAFewLettersAway() {
        assertThat(Spelling.nearest("rquests", KNOWN)).containsExactly("requests");
        assertThat(Spelling.nearest("tokne-flie", KNOWN)).containsExactly("token-file");
    }

    @Test
    void takesASwapOfNeighboursForOneSlip() {
        assertThat(Spelling.nearest("di", KNOWN)).containsExactly("id");
    }

    @Test
    void namesAllThatAreAsNear() {
        assertThat(Spelling.nearest("post", KNOWN)).containsExactly("host", "port");
        assertThat(Spelling.hint("post", KNOWN)).isEqualTo("; did you mean 'host' or 'port'?");
    }

    @Test
    void caresForNeitherCaseNorDashes() {
        assertThat(Spelling.nearest("maxBody", KNOWN)).containsExactly("max-body");
        assertThat(Spelling.nearest("MAX_BODY", KNOWN)).containsExactly("max-body");
    }

    @Test
    void fallsBackOnNamesThatBeginAlike() {
        assertThat(Spelling.nearest("token", KNOWN)).containsExactly("token-file");
        assertThat(Spelling.nearest("retries", KNOWN)).containsExactly("retry");
    }

    @Test
    void doesNotGuessWildly() {
        assertThat(Spelling.nearest("xy", KNOWN)).isEmpty();
        assertThat(Spelling.nearest("credentials", KNOWN)).isEmpty();
        assertThat(Spelling.hint("credentials", KNOWN)).isEmpty();
    }
}
