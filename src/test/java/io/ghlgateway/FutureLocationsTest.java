package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sub-accounts that an agency opens after it installed the app. */
class FutureLocationsTest {

    private static final Duration RELISTED = Duration.ofMinutes(11);

    @TempDir
    Path directory;

    private final OffsetTime time = new OffsetTime();
    private AppStand stand;
    private AppStand.Stand gateway;

    @BeforeEach
    void setUp() throws Exception {
        stand = new AppStand();
        gateway = stand.plan(directory).publicDoor().time(time).start();
        TestBed.await(gateway.gateway.ready());
    }

    @AfterEach
    void tearDown() {
        gateway.close();
        stand.close();
    }

    @Test
    void aNewLocationIsATenantOnceTheAgencyIsListedAgain() {
        gateway.install("install_company=agency(&|$)");
        opens("agency-new");
        assertThat(gateway.contacts("agency-new").statusCode()).isEqualTo(404);

        listedAgain();

        TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 200);
        assertThat(gateway.installation("agency-new").getString("origin")).isEqualTo("minted");
        assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
        opens("agency-newer");

        listedAgain();

        TestBed.until(() -> gateway.contacts("agency-newer").statusCode() == 200);
    }

    @Test
    void soItIsOfAnAgencyWhoseTokenWasImported() {
        var token = stand.highLevel(new JsonObject()
                .put("token", new JsonObject().put("app", "main").put("company", "agency")));
        var answer = gateway.asked(
                gateway.operators("/admin/v1/installations/import")
                        .POST(BodyPublishers.ofString(new JsonObject()
                                .put("app", "main")
                                .put("token", token)
                                .encode())),
                201);
        assertThat(new JsonObject(answer).getInteger("locations")).isEqualTo(AppStand.LOCATIONS);
        assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
        opens("agency-new");

        listedAgain();

        TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 200);
    }

    @Test
    void whatAnOperatorRevokedIsNotOpenedByAListing() {
        gateway.install("install_company=agency(&|$)");
        gateway.asked(gateway.operators("/admin/v1/installations/main/agency-7").DELETE(), 200);
        opens("agency-new");

        listedAgain();

        TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 200);
        assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(404);
    }

    private void opens(String location) {
        stand.highLevel(new JsonObject()
                .put("addLocation", new JsonObject().put("company", "agency").put("location", location)));
    }

    /** What a timer asks for every minute, and one replica does in ten. */
    private void listedAgain() {
        time.advance(RELISTED);
        gateway.gateway.credentials().kept().orElseThrow().onboarding().relist();
    }
}
