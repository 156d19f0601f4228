package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operation whose scope the customer has not granted: refused at our door if that is wanted, else only reported. */
class MissingScopeTest {

    private static final String READ = "contacts.readonly";
    private static final String WRITE = "contacts.write";
    private static final String REPORTED = "ghl_gateway_scope_missing_total";

    @TempDir
    Path directory;

    @AutoClose
    private final AppStand stand = new AppStand();

    @Test
    void itIsRefusedByNameAndNothingIsSent() {
        try (var gateway = started(", enforce-scopes: true")) {
            gateway.installFromMarketplace("location", "other-1", READ);
            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);

            var refused = write(gateway, "other-1");

            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
            assertThat(refused.headers().firstValue("x-gateway-error")).hasValue("scope_missing");
            assertThat(refused.body()).contains("lacks the scope " + WRITE).contains("other-1");
            assertThat(stand.arrived("65f0aa:other-1")).isEqualTo(1);
        }
    }

    @Test
    void grantedLaterItOpens() {
        try (var gateway = started(", enforce-scopes: true")) {
            gateway.installFromMarketplace("location", "other-1", READ);
            assertThat(write(gateway, "other-1").statusCode()).isEqualTo(403);

            gateway.installFromMarketplace("location", "other-1", READ, WRITE);

            assertThat(write(gateway, "other-1").statusCode()).isEqualTo(201);
        }
    }

    @Test
    void grantedLaterByAnAgencyItOpensForItsLocationsWhoseTokensAreMintedAnew() {
        try (var gateway = started(", enforce-scopes: true")) {
            gateway.installFromMarketplace("company", "agency", READ, "oauth.readonly", "oauth.write");
            assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
            assertThat(write(gateway, "agency-7").statusCode()).isEqualTo(403);
            assertThat(write(gateway, "agency-8").statusCode()).isEqualTo(403); // has had no token yet

            gateway.installFromMarketplace("company", "agency", READ, WRITE, "oauth.readonly", "oauth.write");

            assertThat(write(gateway, "agency-7").statusCode()).isEqualTo(201);
            assertThat(write(gateway, "agency-8").statusCode()).isEqualTo(201);
            assertThat(stand.atHighLevel("agency-7").getInteger("mints")).isEqualTo(2);
        }
    }

    @Test
    void whereItIsNotEnforcedItIsCountedAndHighLevelAnswers() {
        try (var gateway = started("")) {
            gateway.installFromMarketplace("location", "other-1", READ);
            assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
            assertThat(reported(gateway)).isZero();

            var answer = write(gateway, "other-1");

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("The token is not authorized for this scope.");
            assertThat(answer.headers().firstValue("x-gateway-error")).isEmpty();
            assertThat(stand.arrived("65f0aa:other-1")).isEqualTo(2);
            assertThat(reported(gateway)).isEqualTo(1);
            assertThat(stand.atHighLevel("other-1").getInteger("rotations")).isZero();
        }
    }

    private AppStand.Stand started(String credentials) {
        return stand.plan(directory)
                .publicDoor()
                .app(", marketplace-installs: accept")
                .credentials(credentials)
                .start();
    }

    private static HttpResponse<String> write(AppStand.Stand gateway, String location) {
        return gateway.send(gateway.call("/contacts/")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject()
                        .put("locationId", location)
                        .put("firstName", "Ada")
                        .encode())));
    }

    private static double reported(AppStand.Stand gateway) {
        return gateway.send(gateway.operators("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(REPORTED))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
