package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Upkeep;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is said to one replica is in force on the other within a second. A second is not measured, for the machine may be
 * slow: a replica looks at the store four times in it, and what was confirmed before is in force after two looks, of
 * which the first may have been under way.
 */
class TwoReplicasTest {

    private static final int LOOKS = 2;

    @TempDir
    Path directory;

    private TestRedis redis;
    private AppStand stand;
    private AppStand.Stand one;
    private AppStand.Stand two;

    @BeforeEach
    void setUp() throws Exception {
        redis = TestRedis.started();
        stand = new AppStand();
        one = stand.plan(directory.resolve("one"))
                .redis(redis.uri())
                .publicDoor()
                .start();
        two = stand.plan(directory.resolve("two")).redis(redis.uri()).start();
        TestBed.await(one.gateway.ready());
        TestBed.await(two.gateway.ready());
    }

    @AfterEach
    void tearDown() throws Exception {
        two.close();
        one.close();
        stand.close();
        redis.close();
    }

    @Test
    void twoLooksFitIntoASecond() {
        assertThat(Upkeep.LOOK_EVERY.multipliedBy(LOOKS + 1)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aReplicaLooksByItself() {
        put("globex", "loc9", "pit-globex-aaaaaa");

        TestBed.until(() -> contacts(two, "globex").statusCode() == 200);
    }

    @Test
    void aTenantIsMadeGivenAnotherTokenAndRemoved() {
        put("globex", "loc9", "pit-globex-aaaaaa");
        looked();
        assertThat(contacts(two, "globex").statusCode()).isEqualTo(200);
        assertThat(stand.arrived("token-aaaaaa")).isEqualTo(1);

        put("globex", "loc9", "pit-globex-bbbbbb");
        looked();
        assertThat(contacts(two, "globex").statusCode()).isEqualTo(200);
        assertThat(stand.arrived("token-bbbbbb")).isEqualTo(1);
        assertThat(stand.arrived("token-aaaaaa")).isEqualTo(1);

        // Whichever replica is asked.
        assertThat(asked(two.operators("/admin/v1/tenants/globex").DELETE(), 204))
                .isEmpty();
        looked();
        assertThat(Stream.of(one, two).map(each -> contacts(each, "globex").statusCode()))
                .containsOnly(404);
        assertThat(stand.arrived("token-bbbbbb")).isEqualTo(1);
    }

    @Test
    void aTenantThatMovesToAnotherLocationIsNamedByTheNewOneAlone() {
        put("globex", "loc9", "pit-globex-aaaaaa");
        looked();
        asked(one.operators("/admin/v1/tenants/globex").DELETE(), 204);
        put("globex", "loc10", "pit-globex-aaaaaa");
        looked();

        assertThat(two.send(two.call("/contacts/?locationId=loc10")).statusCode())
                .isEqualTo(200);
        assertThat(two.send(two.call("/contacts/?locationId=loc9")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aCallerIsMadeGivenAnotherKeyAndRevoked() {
        put("globex", "loc9", "pit-globex-aaaaaa");
        var made = asked(
                posted(
                        one,
                        "/admin/v1/callers",
                        new JsonObject().put("name", "billing").put("tenants", new JsonArray().add("*"))),
                201);
        var first = new JsonObject(made).getString("key");
        looked();
        assertThat(as(first, two)).isEqualTo(200);

        var rotated = asked(posted(two, "/admin/v1/callers/billing/rotate", new JsonObject()), 200);
        var second = new JsonObject(rotated).getString("key");
        looked();
        assertThat(Stream.of(one, two).map(each -> as(first, each))).containsOnly(401);
        assertThat(Stream.of(one, two).map(each -> as(second, each))).containsOnly(200);

        var third = new JsonObject(asked(
                        posted(one, "/admin/v1/callers/billing/rotate", new JsonObject().put("overlap-seconds", 3_600)),
                        200))
                .getString("key");
        looked();
        assertThat(Stream.of(second, third).map(key -> as(key, two))).containsOnly(200);

        asked(one.operators("/admin/v1/callers/billing").DELETE(), 204);
        looked();
        assertThat(Stream.of(one, two).flatMap(each -> Stream.of(second, third).map(key -> as(key, each))))
                .containsOnly(401);
    }

    @Test
    void anInstallationIsServedByBothAndRevokedByEither() {
        assertThat(contacts(two, "other-1").statusCode()).isEqualTo(404);

        assertThat(one.install("install_location=other-1(&|$)").statusCode()).isEqualTo(200);
        looked();
        assertThat(contacts(two, "other-1").statusCode()).isEqualTo(200);

        asked(two.operators("/admin/v1/installations/main/other-1").DELETE(), 200);
        looked();
        long before = stand.arrived("65f0aa:other-1");
        assertThat(Stream.of(one, two).map(each -> contacts(each, "other-1").statusCode()))
                .containsOnly(404);
        assertThat(stand.arrived("65f0aa:other-1")).isEqualTo(before);

        assertThat(one.install("install_location=other-1(&|$)").statusCode()).isEqualTo(200);
        looked();
        assertThat(contacts(two, "other-1").statusCode()).isEqualTo(200);
    }

    @Test
    void anAgencyIsServedByBothWithAllItsLocationsAndSoRevoked() {
        assertThat(one.install("install_company=agency(&|$)").statusCode()).isEqualTo(200);
        looked();
        assertThat(AppStand.locations().stream()
                        .map(location -> contacts(two, location).statusCode()))
                .containsOnly(200);

        asked(two.operators("/admin/v1/installations/main/company:agency").DELETE(), 200);
        looked();
        assertThat(AppStand.locations().stream()
                        .map(location -> contacts(one, location).statusCode()))
                .containsOnly(404);
    }

    @Test
    void aTokenThatOneReplicaRenewsIsTheOthersToo() {
        one.install("install_location=other-1(&|$)");
        looked();
        asked(posted(one, "/admin/v1/installations/main/other-1/refresh", new JsonObject()), 200);
        stand.highLevel(new JsonObject()
                .put("expire", new JsonObject().put("app", "main").put("resource", "other-1")));
        var second = new JsonObject(
                asked(posted(one, "/admin/v1/installations/main/other-1/refresh", new JsonObject()), 200));
        looked();

        // The one that it has by now, so HighLevel's 401 to the other is not seen and nothing is renewed.
        assertThat(contacts(two, "other-1").statusCode()).isEqualTo(200);
        var shown = new JsonObject(asked(two.operators("/admin/v1/installations/main/other-1"), 200));
        assertThat(shown.getLong("generation")).isEqualTo(second.getLong("generation"));
        assertThat(stand.highLevel()
                        .getJsonArray("installations")
                        .getJsonObject(0)
                        .getInteger("rotations"))
                .isEqualTo(2);
    }

    private void looked() {
        for (var replica : new AppStand.Stand[] {one, two}) {
            var vault = replica.gateway.credentials().kept().orElseThrow().vault();
            for (int look = 0; look < LOOKS; look++) {
                TestBed.await(vault.look());
            }
        }
    }

    private void put(String tenant, String location, String token) {
        var answer = one.send(one.operators("/admin/v1/tenants/" + tenant)
                .PUT(BodyPublishers.ofString(new JsonObject()
                        .put("location", location)
                        .put("token", token)
                        .encode())));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    private static HttpRequest.Builder posted(AppStand.Stand replica, String path, JsonObject body) {
        return replica.operators(path).POST(BodyPublishers.ofString(body.encode()));
    }

    private String asked(HttpRequest.Builder request, int status) {
        var answer = one.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private static HttpResponse<String> contacts(AppStand.Stand replica, String tenant) {
        return replica.send(replica.call("/contacts/").header("X-Tenant", tenant));
    }

    private static int as(String key, AppStand.Stand replica) {
        return replica.send(
                        replica.call("/contacts/").header("X-Gateway-Key", key).header("X-Tenant", "globex"))
                .statusCode();
    }
}
