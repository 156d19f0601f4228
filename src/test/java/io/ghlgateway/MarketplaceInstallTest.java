package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Customers who began in the Marketplace and come back without a state of ours: what the app's policy makes of them. */
class MarketplaceInstallTest {

    private static final String LIST = "/admin/v1/installations";

    @TempDir
    Path directory;

    @AutoClose
    private final AppStand stand = new AppStand();

    @Test
    void oneThatWaitsIsSeenByOperatorsAndServedNothing() {
        try (var gateway = started("")) {
            var page = gateway.installFromMarketplace("location", "other-1");

            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(listed(gateway, "pending")).containsExactly("location:other-1");
            assertThat(gateway.installation("other-1").getString("reason")).contains("approval");
            var refused = gateway.contacts("other-1");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("waits for the operator's approval");
            assertThat(stand.arrived("65f0aa:other-1")).isZero();
        }
    }

    @Test
    void approvedItIsServedAlsoAfterARestart() {
        try (var gateway = started("")) {
            gateway.installFromMarketplace("location", "other-1");
            approve(gateway, "other-1");

            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
            assertThat(listed(gateway, "pending")).isEmpty();
        }
        try (var again = started("")) {
            TestBed.await(again.gateway.ready());

            assertThat(again.contacts("other-1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void oneThatWaitsStillDoesWhenItsLocationIsPausedAndActiveAgain() {
        try (var gateway = started("")) {
            gateway.installFromMarketplace("location", "other-1");
            stand.highLevel(new JsonObject().put("pause", new JsonObject().put("location", "other-1")));
            gateway.refresh("other-1", 502);

            assertThat(listed(gateway, "pending")).containsExactly("location:other-1");
            assertThat(gateway.installation("other-1").getString("reason")).contains("Location is not active");
            stand.highLevel(new JsonObject().put("resume", new JsonObject().put("location", "other-1")));
            gateway.refresh("other-1", 200);

            assertThat(listed(gateway, "pending")).containsExactly("location:other-1");
            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(404);
            approve(gateway, "other-1");
            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAgencyWaitsWithItsLocationsAndIsApprovedWithThem() {
        try (var gateway = started("")) {
            gateway.installFromMarketplace("company", "agency");
            assertThat(listed(gateway, "pending")).hasSize(1 + AppStand.LOCATIONS);
            assertThat(gateway.contacts("agency-7").body()).contains("waits for the operator's approval");

            approve(gateway, "company:agency");

            assertThat(listed(gateway, "pending")).isEmpty();
            for (var location : List.of("agency-1", "agency-7", "agency-50")) {
                var answer = gateway.contacts(location);
                assertThat(answer.statusCode()).as(location + answer.body()).isEqualTo(200);
            }
        }
    }

    @Test
    void anAgencyThatComesAgainByOurOwnLinkNeedsNoApprovalForItsLocationsEither() {
        try (var gateway = started("")) {
            gateway.installFromMarketplace("company", "agency");

            gateway.install("install_company=agency(&|$)");

            assertThat(listed(gateway, "pending")).isEmpty();
            assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void rejectedItIsEndedAndItsLocationsToo() {
        try (var gateway = started("")) {
            gateway.installFromMarketplace("company", "agency");

            gateway.asked(gateway.operators(LIST + "/main/company:agency").DELETE(), 200);

            assertThat(listed(gateway, "pending")).isEmpty();
            assertThat(listed(gateway, "active")).isEmpty();
            var refused = gateway.contacts("agency-7");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("was revoked").contains("/oauth/install/main");
            gateway.asked(
                    gateway.operators(LIST + "/main/company:agency/approve").POST(BodyPublishers.noBody()), 409);
            assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void oneThatWaitsDoesNotStandInTheWayOfATenantThatIsServed() {
        try (var gateway = started("")) {
            gateway.send(gateway.operators("/admin/v1/tenants/mine")
                    .PUT(BodyPublishers.ofString("{\"location\": \"other-1\", \"token\": \"pit-mine-aaaaaa\"}")));

            gateway.installFromMarketplace("location", "other-1");

            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
            assertThat(stand.arrived("token-aaaaaa")).isEqualTo(1);
        }
    }

    @Test
    void oneThatIsServedWaitsForNothingWhenItIsInstalledAgain() {
        try (var gateway = started("")) {
            gateway.install("install_location=other-1(&|$)");

            gateway.installFromMarketplace("location", "other-1");

            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whereTheyAreAcceptedItIsServedAtOnce() {
        try (var gateway = started(", marketplace-installs: accept")) {
            gateway.installFromMarketplace("company", "agency");

            assertThat(listed(gateway, "pending")).isEmpty();
            assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whereTheyAreRefusedTheCodeIsNotUsed() {
        try (var gateway = started(", marketplace-installs: refuse")) {
            var page = gateway.installFromMarketplace("location", "other-1");

            assertThat(page.statusCode()).isEqualTo(403);
            assertThat(stand.highLevel().getJsonArray("installations")).isEmpty();
            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(404);
        }
    }

    private AppStand.Stand started(String policy) {
        return stand.plan(directory).publicDoor().app(policy).start();
    }

    private static void approve(AppStand.Stand gateway, String resource) {
        gateway.asked(gateway.operators(LIST + "/main/" + resource + "/approve").POST(BodyPublishers.noBody()), 200);
    }

    private static List<String> listed(AppStand.Stand gateway, String status) {
        var answer = new JsonObject(gateway.asked(gateway.operators(LIST + "?status=" + status), 200));
        return answer.getJsonArray("installations").stream()
                .map(each -> ((JsonObject) each).getString("resource"))
                .toList();
    }
}
