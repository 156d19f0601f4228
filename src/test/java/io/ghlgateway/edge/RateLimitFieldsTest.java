package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Standing;
import io.ghlgateway.limits.Standing.Left;
import io.ghlgateway.limits.Standing.Policy;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimitFieldsTest {

    private static final List<Policy> POLICIES =
            List.of(new Policy("burst", 100, Duration.ofMillis(9_500)), new Policy("day", 200_000, Duration.ofDays(1)));

    private final RateLimitFields fields = new RateLimitFields();
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    @Test
    void areListsOfNamedItemsInWholeSecondsRoundedUp() {
        fields.write(
                new Standing(
                        POLICIES,
                        List.of(
                                new Left("burst", 57, Duration.ofMillis(2_001)),
                                new Left("day", 199_000, Duration.ofSeconds(40_000)))),
                headers);

        assertThat(headers.get("RateLimit-Policy")).isEqualTo("\"burst\";q=100;w=10, \"day\";q=200000;w=86400");
        assertThat(headers.get("RateLimit")).isEqualTo("\"burst\";r=57;t=3, \"day\";r=199000;t=40000");
    }

    @Test
    void leaveOutWhenMoreComesWhereThatIsNowOrUnknown() {
        fields.write(
                new Standing(
                        POLICIES,
                        List.of(new Left("burst", 100, Duration.ZERO), new Left("day", 0, Duration.ofNanos(1)))),
                headers);

        assertThat(headers.get("RateLimit")).isEqualTo("\"burst\";r=100, \"day\";r=0;t=1");
    }

    @Test
    void tellThePolicyAloneWhereNothingIsKnownOfWhatIsLeft() {
        fields.write(new Standing(POLICIES, List.of()), headers);

        assertThat(headers.contains("RateLimit-Policy")).isTrue();
        assertThat(headers.contains("RateLimit")).isFalse();
    }

    @Test
    void nameAThirdPolicyWhereOneIsPaidToo() {
        var route = new Standing(
                List.of(new Policy("route-agent-studio", 300, Duration.ofMinutes(1))),
                List.of(new Left("route-agent-studio", 299, Duration.ofSeconds(60))));

        fields.write(new Standing(POLICIES, List.of()).and(route), headers);

        assertThat(headers.get("RateLimit-Policy")).endsWith(", \"route-agent-studio\";q=300;w=60");
        assertThat(headers.get("RateLimit")).isEqualTo("\"route-agent-studio\";r=299;t=60");
    }
}
