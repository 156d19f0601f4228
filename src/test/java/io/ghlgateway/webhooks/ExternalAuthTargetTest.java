package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExternalAuthTargetTest {

    /** At a door that strangers reach: a stack as deep as the path would be theirs to overflow. */
    @Test
    void aLongPathIsReadWithoutADeepStack() throws InterruptedException {
        var read = new String[1];
        var small = new Thread(
                null,
                () -> {
                    var target = ExternalAuthRelay.target("/external-auth/main" + "/a".repeat(20_000) + "?x=1");
                    read[0] = target.matches() ? target.group(1) : "none";
                },
                "small",
                128 << 10);

        small.start();
        small.join();

        assertThat(read[0]).isEqualTo("main");
        assertThat(ExternalAuthRelay.target("/external-auth/main/a.b").matches())
                .isFalse();
        assertThat(ExternalAuthRelay.target("/external-auth/main/").matches()).isFalse();
    }
}
