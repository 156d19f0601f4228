package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateHeadersTest {

    @Test
    void readsAllSix() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-RateLimit-Max", "100")
                .add("X-RateLimit-Remaining", "0")
                .add("X-RateLimit-Interval-Milliseconds", "10000")
                .add("X-RateLimit-Limit-Daily", "200000")
                .add("X-RateLimit-Daily-Remaining", "199999")
                .add("X-RateLimit-Daily-Reset", "3600000");

        assertThat(RateHeaders.of(headers))
                .isEqualTo(new RateHeaders(
                        OptionalInt.of(100),
                        OptionalInt.of(0),
                        Optional.of(Duration.ofSeconds(10)),
                        OptionalLong.of(200_000),
                        OptionalLong.of(199_999),
                        Optional.of(Duration.ofHours(1))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "+5", "1.5", "1e3", " 5", "ten", "2147483648", "9999999999999999", "\u0665"})
    void believesNoMaximumThatIsNoSensibleNumber(String max) {
        var headers = MultiMap.caseInsensitiveMultiMap().add("X-RateLimit-Max", max);

        assertThat(RateHeaders.of(headers).max()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "86400001", "1767225600000"})
    void believesNoResetThatIsNoPartOfADay(String reset) {
        var headers =
                MultiMap.caseInsensitiveMultiMap().add("X-RateLimit-Max", "100").add("X-RateLimit-Daily-Reset", reset);

        assertThat(RateHeaders.of(headers).dailyReset()).isEmpty();
    }

    @Test
    void saysNothingWhereNothingIsSaid() {
        assertThat(RateHeaders.of(MultiMap.caseInsensitiveMultiMap())).isEqualTo(RateHeaders.NONE);
    }
}
