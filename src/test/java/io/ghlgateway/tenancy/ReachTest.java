package io.ghlgateway.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReachTest {

    private static final Tenant TENANT = new Tenant("acme", App.PRIVATE, Resource.location("L"));

    @Test
    void whileTenantsAreReplacedEachIsReachedAsItStandsInItsOwnConfiguration() {
        var was = TENANT.tagged(List.of("eu"));
        var willBe = TENANT.tagged(List.of("us"));
        var before = new Reach(false, Set.of(), Set.of("us"), Set.of());
        var now = new Reach(false, Set.of(), Set.of("eu"), Set.of());
        var meanwhile = now.after(before, Set.of(was));

        assertThat(List.of(before.includes(was), now.includes(willBe))).containsOnly(false);
        assertThat(List.of(before.includes(willBe), now.includes(was)))
                .as("what neither gives")
                .containsOnly(true);
        assertThat(meanwhile.includes(was)).isFalse();
        assertThat(meanwhile.includes(willBe)).isFalse();

        var other = new Reach(false, Set.of("acme"), Set.of(), Set.of()).after(Reach.NONE, Set.of(was));
        assertThat(other.includes(was)).isFalse();
        assertThat(other.includes(willBe)).isTrue();
    }
}
