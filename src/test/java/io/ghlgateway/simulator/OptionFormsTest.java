package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The forms in which options are written on a command line. */
class OptionFormsTest {

    @Test
    void readsDurations() {
        assertThat(Durations.parse("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(Durations.parse(" 10s ")).isEqualTo(Duration.ofSeconds(10));
        assertThat(Durations.parse("3m")).isEqualTo(Duration.ofMinutes(3));
        assertThat(Durations.parse("1h")).isEqualTo(Duration.ofHours(1));
        refuses(() -> Durations.parse("10"), "'10' is no duration");
        refuses(() -> Durations.parse("-1s"), "'-1s' is no duration");
        refuses(() -> Durations.parse("99999999999s"), "is no duration");
    }

    @Test
    void readsWindows() {
        assertThat(Allowance.parse("20/1s")).isEqualTo(new Allowance(20, Duration.ofSeconds(1)));
        assertThat(WindowKind.parse("Sliding")).isEqualTo(WindowKind.SLIDING);
        refuses(() -> Allowance.parse("20"), "'20' is no window: write calls/duration, such as 20/1s");
        refuses(() -> Allowance.parse("0/1s"), "1 to 100000 calls, not 0");
        refuses(() -> Allowance.parse("1/2h"), "1ms to 1h");
        refuses(
                () -> WindowKind.parse("rolling"),
                "'rolling' is no window kind: one of [anchored, clock, sliding, counter, bucket]");
    }

    @Test
    void readsLatencies() {
        assertThat(Latency.parse("40ms..120ms"))
                .isEqualTo(new Latency(Duration.ofMillis(40), Duration.ofMillis(120), 0, 1));
        assertThat(Latency.parse("80ms").withTail("2.5%x10"))
                .isEqualTo(new Latency(Duration.ofMillis(80), Duration.ofMillis(80), 0.025, 10));
        refuses(() -> Latency.parse("120ms..40ms"), "from less to more: 120ms..40ms");
        refuses(() -> Latency.parse("1ms..2ms..3ms"), "write one duration or a range");
        refuses(() -> Latency.none().withTail("5"), "'5' is no tail");
        refuses(() -> Latency.none().withTail("101%x5"), "0% to 100%");
    }

    @Test
    void readsAccounts() {
        assertThat(Account.parse("loc-A")).isEqualTo(new Account(Account.Kind.LOCATION, "loc-A"));
        assertThat(Account.parse("company:co")).isEqualTo(new Account(Account.Kind.COMPANY, "co"));
        assertThat(Account.parse("company:co:scopes=contacts.readonly,users.write"))
                .isEqualTo(new Account(
                        Account.Kind.COMPANY, "co", Optional.of(Set.of("contacts.readonly", "users.write"))));
        refuses(() -> Account.parse("locA:contacts.readonly"), "is no account: write LOCATION or company:ID");
        refuses(() -> Account.parse(""), "'' is no HighLevel id");
        refuses(() -> Account.parse("a/b"), "'a/b' is no HighLevel id");
    }

    @Test
    void refusesTrafficThatCannotBeMade() {
        refuses(() -> TrafficOptions.builder("localhost:8080", "k").build(), "write http://host:port");
        refuses(() -> TrafficOptions.builder("http://x", "k").rate(0).build(), "a rate is more than 0");
        refuses(
                () -> TrafficOptions.builder("http://x", "k")
                        .targets(List.of("/contacts"))
                        .build(),
                "'/contacts' is no target");
    }

    @Test
    void showsNoSecrets() {
        assertThat(TrafficOptions.builder("http://x", "gw_secret").build().toString())
                .doesNotContain("secret");
        assertThat(SimulatorOptions.builder()
                        .tokens(Map.of("pit-secret", Account.parse("locA")))
                        .build()
                        .toString())
                .doesNotContain("secret");
    }

    @Property
    void latencyStaysInItsRangeOrItsTail(@ForAll long seed, @ForAll @LongRange(max = 1_000) long spread) {
        Latency latency = new Latency(Duration.ofMillis(40), Duration.ofMillis(40 + spread), 0.5, 100);

        Duration sample = latency.sample(new SplittableRandom(seed));

        boolean usual = !sample.minus(latency.least()).isNegative()
                && !latency.most().minus(sample).isNegative();
        boolean slow = !sample.minus(latency.least().multipliedBy(100)).isNegative()
                && !latency.most().multipliedBy(100).minus(sample).isNegative();
        assertThat(usual || slow).isTrue();
    }

    @Property
    void arrivalsKeepTheirRate(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double total = 0;
        for (int call = 0; call < 5_000; call++) {
            total += Arrivals.POISSON.gap(50, random).toNanos() / 1e9;
        }

        assertThat(total).isBetween(90.0, 110.0); // 100 s, and seven standard deviations
        assertThat(Arrivals.UNIFORM.gap(50, random)).isEqualTo(Duration.ofMillis(20));
    }

    private static void refuses(ThrowingCallable parse, String complaint) {
        assertThatThrownBy(parse).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(complaint);
    }
}
