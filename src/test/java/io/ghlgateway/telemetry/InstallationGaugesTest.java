package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Tokens;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InstallationGaugesTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final List<Installation> installations = new ArrayList<>();
    private final Meters meters = new Meters(false);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void tellsHowManyStandHowAndWhichActiveTokenEndsFirst() {
        installations.add(installation("a", Status.ACTIVE, Duration.ofHours(9)));
        installations.add(installation("b", Status.ACTIVE, Duration.ofHours(2)));
        installations.add(installation("c", Status.LOST, Duration.ofMinutes(-5)));

        assertThat(scrape())
                .contains(
                        "ghl_gateway_installations{status=\"active\"} 2.0",
                        "ghl_gateway_installations{status=\"lost\"} 1.0",
                        "ghl_gateway_installations{status=\"paused\"} 0.0",
                        "ghl_gateway_credential_ends_seconds 7200.0");
    }

    @Test
    void aTokenThatWasNotRenewedInTimeIsPastItsEnd() {
        installations.add(installation("a", Status.ACTIVE, Duration.ofSeconds(-30)));

        assertThat(scrape()).contains("ghl_gateway_credential_ends_seconds -30.0");
    }

    @Test
    void withoutATokenNothingEnds() {
        installations.add(installation("c", Status.LOST, Duration.ofMinutes(5)));

        assertThat(scrape()).contains("ghl_gateway_credential_ends_seconds NaN");
    }

    private String scrape() {
        meters.credentials().watch(() -> installations, InstantSource.fixed(NOW));
        return meters.scrape();
    }

    private static Installation installation(String location, Status status, Duration left) {
        var tokens = new Tokens(Secret.of("access"), Optional.of(Secret.of("refresh")), NOW, NOW.plus(left));
        return new Installation(
                new InstallationKey(new App("main"), Resource.location(location)),
                1,
                Origin.INSTALLED,
                status,
                "",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.of(tokens),
                List.of(),
                NOW,
                NOW,
                Optional.empty());
    }
}
