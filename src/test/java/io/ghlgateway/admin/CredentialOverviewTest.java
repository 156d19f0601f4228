package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Tokens;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CredentialOverviewTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void whichEndsNextIsToldHoweverManyNeedSomebody() {
        var all = new ArrayList<Installation>();
        for (int i = 0; i < 30; i++) {
            all.add(installation("lost" + i, Status.LOST, -1));
        }
        all.add(installation("later", Status.ACTIVE, 20));
        all.add(installation("next", Status.ACTIVE, 3));
        all.add(installation("ended", Status.ACTIVE, -2));

        var overview = overview(all);

        assertThat(overview.getJsonObject("next").getString("at")).isEqualTo("location:next");
        assertThat(overview.getJsonArray("first")).hasSize(20);
        assertThat(overview.getInteger("ended")).as("of those that are renewed").isEqualTo(1);
    }

    @Test
    void whereNoTokenIsGoodNoneEndsNext() {
        assertThat(overview(List.of(installation("lost", Status.LOST, 3))).containsKey("next"))
                .isFalse();
        assertThat(overview(List.of()).containsKey("next")).isFalse();
    }

    private static JsonObject overview(List<Installation> all) {
        return new CredentialOverview(
                        () -> all,
                        () -> 0,
                        each -> new JsonObject().put("at", each.key().resource().toString()),
                        () -> NOW)
                .now();
    }

    private static Installation installation(String location, Status status, int hours) {
        var tokens = new Tokens(
                Secret.of("access"), Optional.of(Secret.of("refresh")), NOW, NOW.plus(Duration.ofHours(hours)));
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
