package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Time-outs of 100 ms; a command is named by when it was sent, in milliseconds. */
class SilencesTest {

    private final Silences silences = new Silences(Duration.ofMillis(100).toNanos());

    @Test
    void threeCommandsSentOneAfterTheOtherTellThatAServerIsGone() {
        assertThat(timedOut("one", 0)).isFalse();
        assertThat(timedOut("one", 30)).isFalse();
        assertThat(timedOut("one", 60)).isTrue();
    }

    @Test
    void aHundredThatWereUnderWayInAMomentOfStallDoNot() {
        for (int i = 0; i < 100; i++) {
            assertThat(timedOut("one", i % 10)).isFalse();
        }
        assertThat(timedOut("one", 50)).as("but one that was sent later does").isTrue();
    }

    @Test
    void anAnswerBeginsAnew() {
        timedOut("one", 0);
        timedOut("one", 30);

        silences.heard("one");

        assertThat(timedOut("one", 60)).isFalse();
        assertThat(timedOut("one", 70)).isFalse();
        assertThat(timedOut("one", 110)).isTrue();
    }

    @Test
    void serversAreToldApart() {
        timedOut("one", 0);
        timedOut("one", 60);

        silences.heard("two");

        assertThat(timedOut("two", 120)).isFalse();
        assertThat(timedOut("one", 120)).isTrue();
    }

    private boolean timedOut(String server, long sentMillis) {
        return silences.timedOut(server, Duration.ofMillis(sentMillis).toNanos());
    }
}
