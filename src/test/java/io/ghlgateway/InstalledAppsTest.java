package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.credentials.RecordCipher;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Customers install the app, and are served: from the browser's first click to the answers of HighLevel. */
class InstalledAppsTest {

    @TempDir
    Path directory;

    @AutoClose
    private final AppStand stand = new AppStand();

    @Test
    void aLocationIsServedAtOnceWithoutConfiguration() {
        try (var gateway = stand.gateway(directory)) {
            assertThat(gateway.send(gateway.call("/contacts/?locationId=other-1"))
                            .statusCode())
                    .isEqualTo(404);

            var page = gateway.install("install_location=other-1(&|$)");

            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(page.body()).contains("other-1");
            var answer = gateway.send(gateway.call("/contacts/?locationId=other-1"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void anAgencyOfFiftyLocationsGivesFiftyTenants() {
        try (var gateway = stand.gateway(directory)) {
            var page = gateway.install("install_company=agency(&|$)");

            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(page.body()).contains("50");
            for (var location : AppStand.locations()) {
                var answer = gateway.send(gateway.call("/contacts/?locationId=" + location));
                assertThat(answer.statusCode())
                        .as(location + ": " + answer.body())
                        .isEqualTo(200);
            }
            var company = gateway.send(gateway.call("/locations/" + AppStand.COMPANY + "-7")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"companyId\": \"agency\", \"name\": \"seven\"}")));
            assertThat(company.statusCode()).as(company.body()).isEqualTo(200);
        }
    }

    @Test
    void aTokenThatHighLevelRefusesIsRenewedAndNoCallerSeesIt() {
        try (var gateway = stand.gateway(directory)) {
            gateway.install("install_location=other-1(&|$)");

            stand.highLevel(new JsonObject()
                    .put("expire", new JsonObject().put("app", "main").put("resource", "other-1")));
            var answer = gateway.send(gateway.call("/contacts/?locationId=other-1"));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(stand.highLevel()
                            .getJsonArray("installations")
                            .getJsonObject(0)
                            .getInteger("rotations"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatWasInstalledOutlivesARestart() {
        try (var gateway = stand.gateway(directory)) {
            gateway.install("install_location=other-1(&|$)");
        }
        try (var again = stand.gateway(directory)) {
            TestBed.await(again.gateway.ready());

            var answer = again.send(again.call("/contacts/?locationId=other-1"));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void anImportMadeAgainPutsNoSpentTokenInThePlaceOfALiveOne() {
        try (var gateway = stand.gateway(directory)) {
            var token = stand.highLevel(new JsonObject()
                    .put("token", new JsonObject().put("app", "main").put("location", "other-1")));
            importing(gateway, token);
            gateway.refresh("other-1", 200);

            importing(gateway, token);

            gateway.refresh("other-1", 200);
            assertThat(count("rotations")).isEqualTo(2);
            assertThat(count("reconnects")).isZero();
        }
    }

    private static void importing(AppStand.Stand gateway, JsonObject token) {
        var order = new JsonObject().put("app", "main").put("token", token);
        var answer = gateway.send(gateway.operators("/admin/v1/installations/import")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(order.encode())));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    }

    @Test
    void whereTheCustomerHasUninstalledCallersAreToldSoAndHighLevelIsLeftAlone() {
        try (var gateway = stand.gateway(directory)) {
            gateway.install("install_location=other-1(&|$)");
            stand.highLevel(new JsonObject()
                    .put("revoke", new JsonObject().put("app", "main").put("resource", "other-1")));
            gateway.contacts("other-1"); // finds it out
            TestBed.until(
                    () -> gateway.installation("other-1").getString("status").equals("lost"));
            int calls = stand.highLevel().getJsonObject("tokenEndpoint").getInteger("calls");
            long arrived = stand.arrived("65f0aa:other-1");

            for (int i = 0; i < 5; i++) {
                var answer = gateway.contacts("other-1");
                assertThat(answer.statusCode()).isEqualTo(401);
                assertThat(answer.headers().firstValue("x-gateway-error")).hasValue("credential_dead");
                assertThat(answer.body()).contains("/oauth/install/main");
            }

            assertThat(stand.arrived("65f0aa:other-1")).isEqualTo(arrived);
            assertThat(stand.highLevel().getJsonObject("tokenEndpoint").getInteger("calls"))
                    .isEqualTo(calls);
        }
    }

    @Test
    void aRenewalUnderWayWhenTheGatewayEndsIsNotCutOff() throws Exception {
        try (var gateway = stand.gateway(directory)) {
            gateway.install("install_location=other-1(&|$)");
            stand.misbehave("""
                    [{"match": {"path": "/oauth/token"}, "kind": "stall", "delay": "1s"}]""");
            var installation = gateway.gateway
                    .credentials()
                    .kept()
                    .orElseThrow()
                    .installations()
                    .all()
                    .iterator()
                    .next();
            gateway.gateway.credentials().kept().orElseThrow().renewals().renew(installation);
            TestBed.until(() -> count("rotations") == 1);
        }
        try (var again = stand.gateway(directory)) {
            TestBed.await(again.gateway.ready());

            var installation = new JsonObject(
                    again.send(again.operators("/admin/v1/installations")).body());

            assertThat(installation.encode()).contains("\"generation\":2");
            assertThat(count("graceRepeats")).isZero();
        }
    }

    private int count(String what) {
        return stand.highLevel().getJsonArray("installations").getJsonObject(0).getInteger(what);
    }

    @Test
    void anotherKeysetIsRefusedAndNothingIsOverwritten() {
        try (var gateway = stand.gateway(directory)) {
            gateway.install("install_location=other-1(&|$)");
        }
        try (var other = stand.gateway(directory, Optional.empty(), RecordCipher.newKeyset(), "")) {
            assertThatThrownBy(() -> TestBed.await(other.gateway.ready()))
                    .hasMessageContaining("which the keyset does not hold");
        }
        try (var right = stand.gateway(directory)) {
            TestBed.await(right.gateway.ready());

            assertThat(right.send(right.call("/contacts/?locationId=other-1")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void noAnswerAtTheProxyDoorCarriesAToken() {
        try (var gateway = stand.gateway(directory)) {
            gateway.install("install_company=agency(&|$)");

            var token = gateway.send(gateway.call("/oauth/locationToken")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("companyId=agency&locationId=agency-1")));
            var listing = gateway.send(gateway.call("/oauth/installedLocations?companyId=agency&appId=65f0aa"));

            assertThat(token.statusCode()).isEqualTo(403);
            assertThat(token.body()).doesNotContain("access_token");
            assertThat(listing.statusCode()).as(listing.body()).isEqualTo(200);
            assertThat(listing.body()).contains("agency-1").doesNotContain("eyJ");
        }
    }
}
