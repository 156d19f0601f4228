package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.TestRedis;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installations as HighLevel's webhooks tell of them. */
class WebhookLifecycleTest {

    private static final String QUICK = "webhooks: {first-pause: 10ms, longest-pause: 50ms}";

    @TempDir
    Path directory;

    @AutoClose
    private final AppStand stand = new AppStand();

    @Test
    void anInstalledLocationOfAnAgencyCanBeCalledAtOnceAndAnUninstalledOneNoMore() {
        try (var gateway = started()) {
            gateway.install("install_company=agency(&|$)");
            opens("agency-new");
            assertThat(gateway.contacts("agency-new").statusCode()).isEqualTo(404);

            tells(gateway, install("agency-new"));
            TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 200);

            tells(gateway, event("AppUpdate").put("locationId", "agency-new").put("versionId", "v2"));
            TestBed.until(() -> "v2".equals(gateway.installation("agency-new").getString("version")));

            tells(gateway, uninstall("locationId", "agency-new"));
            TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 404);
            assertThat(gateway.installation("agency-new").getString("reason")).contains("uninstalled");
            assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);

            tells(gateway, install("agency-new"));
            TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 200);
        }
    }

    @Test
    void aWebhookThatOvertakesTheCodeWaitsForIt() {
        try (var gateway = started()) {
            gateway.install("install_company=other(&|$)");
            opens("agency-new");

            tells(gateway, install("agency-new"));
            tells(
                    gateway,
                    event("INSTALL")
                            .put("installType", "Company")
                            .put("companyId", "agency")
                            .put("versionId", "v2"));
            assertThat(gateway.contacts("agency-new").statusCode()).isEqualTo(404);
            gateway.install("install_company=agency(&|$)");

            TestBed.until(() -> gateway.contacts("agency-new").statusCode() == 200);
            TestBed.until(
                    () -> "v2".equals(gateway.installation("company:agency").getString("version")));
        }
    }

    @Test
    void anUninstalledCompanyTakesAllItsLocationsWithItAndOldNewsTakesNothing() {
        try (var gateway = started()) {
            gateway.install("install_company=agency(&|$)");
            gateway.install("install_location=other-1(&|$)");

            tells(
                    gateway,
                    uninstall("companyId", "agency")
                            .put(
                                    "timestamp",
                                    Instant.now().minus(Duration.ofHours(1)).toString()));
            var nameless = uninstall("companyId", "agency");
            nameless.remove("appId");
            tells(gateway, nameless);
            tells(gateway, new JsonObject().put("data", uninstall("companyId", "agency")));
            tells(gateway, uninstall("locationId", "other-1"));
            TestBed.until(() -> gateway.contacts("other-1").statusCode() == 404);
            assertThat(gateway.contacts("agency-7").statusCode())
                    .as("old news, and news that does not say of which app it is")
                    .isEqualTo(200);

            tells(gateway, uninstall("companyId", "agency"));
            TestBed.until(() -> gateway.contacts("agency-7").statusCode() == 404);
            TestBed.until(() -> gateway.contacts("agency-50").statusCode() == 404);
            TestBed.until(() ->
                    "revoked".equals(gateway.installation("company:agency").getString("status")));
        }
    }

    /** As HighLevel documents it: without a time and without an id. */
    @Test
    void anUninstallInTheSameWordsAsTheLastOneEndsWhatWasInstalledMeanwhile() {
        var bare = uninstall("locationId", "other-1").putNull("timestamp").putNull("webhookId");
        try (var gateway = started()) {
            for (int round = 0; round < 2; round++) {
                gateway.install("install_location=other-1(&|$)");
                assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);

                stand.highLevel(new JsonObject()
                        .put("revoke", new JsonObject().put("app", "main").put("resource", "other-1")));
                tells(gateway, bare);

                TestBed.until(() -> gateway.contacts("other-1").statusCode() == 404);
            }
        }
    }

    @Test
    void whatOneReplicaIsToldStartsAndStopsTheOtherToo() throws Exception {
        try (var redis = TestRedis.started();
                var one = stand.plan(directory.resolve("one"))
                        .redis(redis.uri())
                        .publicDoor()
                        .webhooks(QUICK)
                        .start();
                var two = stand.plan(directory.resolve("two"))
                        .redis(redis.uri())
                        .webhooks(QUICK)
                        .start()) {
            TestBed.await(one.gateway.ready());
            TestBed.await(two.gateway.ready());
            one.install("install_location=other-1(&|$)");
            TestBed.until(() -> two.contacts("other-1").statusCode() == 200);

            tells(two, uninstall("locationId", "other-1"));

            TestBed.until(() -> one.contacts("other-1").statusCode() == 404);
            TestBed.until(() -> two.contacts("other-1").statusCode() == 404);

            one.install("install_company=agency(&|$)");
            opens("agency-new");
            tells(two, install("agency-new"));
            TestBed.until(() -> one.contacts("agency-new").statusCode() == 200);
            TestBed.until(() -> two.contacts("agency-new").statusCode() == 200);

            tells(two, uninstall("companyId", "agency"));
            TestBed.until(() -> one.contacts("agency-new").statusCode() == 404);
            TestBed.until(() -> two.contacts("agency-new").statusCode() == 404);
            // 503 where its token was still to be minted when the company went: nothing to mint it from is left.
            TestBed.until(
                    () -> List.of(404, 503).contains(two.contacts("agency-7").statusCode()));
        }
    }

    private AppStand.Stand started() {
        var gateway = stand.plan(directory).publicDoor().webhooks(QUICK).start();
        TestBed.await(gateway.gateway.ready());
        return gateway;
    }

    private void opens(String location) {
        stand.highLevel(new JsonObject()
                .put("addLocation", new JsonObject().put("company", "agency").put("location", location)));
    }

    private void tells(AppStand.Stand gateway, JsonObject event) {
        var answer = stand.post(gateway.gateway.publicUrl().orElseThrow() + "/webhooks/main", event, "ed25519");
        assertThat(answer.getInteger("status")).isEqualTo(200);
    }

    private static JsonObject install(String location) {
        return event("INSTALL")
                .put("installType", "Location")
                .put("companyId", "agency")
                .put("locationId", location);
    }

    private static JsonObject uninstall(String field, String id) {
        return event("UNINSTALL").put(field, id);
    }

    private static JsonObject event(String type) {
        return new JsonObject()
                .put("type", type)
                .put("appId", "65f0aa")
                .put("timestamp", Instant.now().toString())
                .put("webhookId", UUID.randomUUID().toString());
    }
}
