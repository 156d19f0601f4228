package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HighLevel's webhooks, from its signature to the subscriber's. */
class WebhooksTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String SUBSCRIBERS = "/admin/v1/subscribers";

    @TempDir
    Path directory;

    private AppStand stand;
    private SubscriberBench crm;

    @BeforeEach
    void setUp() throws Exception {
        stand = new AppStand();
        crm = new SubscriberBench();
    }

    @AfterEach
    void tearDown() {
        crm.close();
        stand.close();
    }

    @Test
    void whatHighLevelSignedComesOnceInAFormThatStandardWebhooksVerifies() throws Exception {
        try (var gateway = started("")) {
            var event = contact("w-1").put("name", "Zoë");

            assertThat(status(gateway, event, "ed25519")).isEqualTo(200);
            assertThat(status(gateway, event, "ed25519")).isEqualTo(200);
            assertThat(status(gateway, contact("w-2"), "forged")).isEqualTo(401);
            assertThat(status(gateway, contact("w-3"), "rsa")).as("outdated").isEqualTo(401);
            assertThat(status(gateway, contact("w-4").put("timestamp", before(Duration.ofDays(5))), "ed25519"))
                    .isEqualTo(401);
            assertThat(status(gateway, contact("w-5").put("timestamp", before(Duration.ofDays(3))), "ed25519"))
                    .as("a late retry")
                    .isEqualTo(200);
            assertThat(status(gateway, contact("w-6").put("appId", "somebody-elses"), "ed25519"))
                    .isEqualTo(403);
            assertThat(status(gateway, contact("w-7").put("type", "InvoicePaid"), "ed25519"))
                    .as("taken, and wanted by nobody")
                    .isEqualTo(200);

            var nameless = contact("").putNull("webhookId");
            assertThat(status(gateway, nameless, "ed25519")).isEqualTo(200);
            assertThat(status(gateway, nameless, "ed25519")).as("the same body").isEqualTo(200);

            TestBed.until(() -> crm.posts.size() >= 3);
            assertThat(crm.posts)
                    .extracting(post -> post.headers().get("webhook-id"))
                    .hasSize(3)
                    .contains("w-1", "w-5")
                    .anyMatch(id -> id.startsWith("sha256-"));
            var post = crm.posts.stream()
                    .filter(each -> each.headers().get("webhook-id").equals("w-1"))
                    .findFirst()
                    .orElseThrow();
            assertThat(new JsonObject(post.body())).isEqualTo(event);
            assertThat(post.headers()).containsEntry("X-GHL-App", "main");
            new Webhook(SECRET).verify(post.body(), headers(post));
            TestBed.until(
                    () -> metrics(gateway).contains("ghl_gateway_webhook_deliveries_total{outcome=\"delivered\""));
            var metrics = metrics(gateway);
            assertThat(metrics)
                    .contains("ghl_gateway_webhooks_total{app=\"main\",outcome=\"duplicate\"} 2.0")
                    .contains("ghl_gateway_webhooks_total{app=\"main\",outcome=\"stale\"} 1.0")
                    .contains("ghl_gateway_webhooks_total{app=\"main\",outcome=\"outdated\"} 1.0")
                    .contains("ghl_gateway_webhooks_total{app=\"main\",outcome=\"other_app\"} 1.0");
        }
    }

    @Test
    void whatDoesNotBelongHereIsTurnedAway() {
        try (var gateway = started("webhooks: {max-body: 1KiB}")) {
            assertThat(gateway.get(door(gateway)).statusCode()).isEqualTo(405);
            assertThat(posted(gateway, "/webhooks/nobody", "{}")).isEqualTo(404);
            assertThat(posted(gateway, "/webhooks/main", "{}")).isEqualTo(401);
            assertThat(posted(gateway, "/webhooks/main", "x".repeat(2_000)))
                    .as("not read")
                    .isEqualTo(401);
            assertThat(status(gateway, contact("w-1").put("name", "x".repeat(2_000)), "ed25519"))
                    .isEqualTo(413);
            assertThat(posted(gateway, "/external-auth/main", "{}")).isEqualTo(404);
            assertThat(crm.posts).isEmpty();
        }
    }

    @Test
    void whatASubscriberDoesNotTakeComesAgainUntilItIsDeadAndCanBeReplayed() {
        try (var gateway = started("webhooks: {first-pause: 10ms, longest-pause: 20ms, give-up-after: 50ms}")) {
            crm.status = 503;
            status(gateway, contact("w-1"), "ed25519");
            TestBed.until(() -> dead(gateway).size() == 1);
            assertThat(crm.posts)
                    .isNotEmpty()
                    .allMatch(post -> post.headers().get("webhook-id").equals("w-1"));
            var letter = dead(gateway).getJsonObject(0);
            assertThat(letter.getString("id")).isEqualTo("w-1");
            assertThat(letter.getString("why")).isEqualTo("status 503");
            gateway.asked(replay(gateway, "{\"id\": \"w-2\"}"), 404);

            crm.status = 204;
            int before = crm.posts.size();
            gateway.asked(replay(gateway, "{\"id\": \"w-1\"}"), 200);

            TestBed.until(() -> crm.posts.size() > before && dead(gateway).isEmpty());
        }
    }

    @Test
    void aSubscriberMadeByAnOperatorGetsItsOwnSecretAndOnlyWhatItWants() throws Exception {
        try (var gateway = started("");
                var erp = new SubscriberBench()) {
            var made = new JsonObject(gateway.asked(
                    gateway.operators(SUBSCRIBERS)
                            .POST(BodyPublishers.ofString(new JsonObject()
                                    .put("name", "erp")
                                    .put("url", erp.url())
                                    .put(
                                            "types",
                                            new JsonArray().add("Invoice*").add("Brand*"))
                                    .put("tenants", new JsonArray().add("agency-*"))
                                    .encode())),
                    201));
            TestBed.until(
                    () -> gateway.send(gateway.operators(SUBSCRIBERS)).body().contains("erp"));

            assertThat(gateway.asked(
                            gateway.operators(SUBSCRIBERS + "/erp")
                                    .PUT(BodyPublishers.ofString(new JsonObject()
                                            .put("url", erp.url())
                                            .put(
                                                    "types",
                                                    new JsonArray()
                                                            .add("Invoice*")
                                                            .add("Brand*"))
                                            .put("tenants", new JsonArray().add("agency-*"))
                                            .encode())),
                            200))
                    .as("keeps its secret")
                    .doesNotContain("secret");

            status(gateway, contact("w-1").put("type", "InvoicePaid").put("locationId", "agency-7"), "ed25519");
            status(gateway, contact("w-2").put("type", "InvoicePaid").put("locationId", "other-1"), "ed25519");
            status(gateway, contact("w-3").put("type", "BrandNew").put("locationId", "agency-7"), "ed25519");

            TestBed.until(() -> erp.posts.size() == 2);
            assertThat(erp.posts)
                    .extracting(post -> post.headers().get("webhook-id"))
                    .containsExactlyInAnyOrder("w-1", "w-3");
            new Webhook(made.getString("secret")).verify(erp.posts.get(0).body(), headers(erp.posts.get(0)));
            var overview = new JsonObject(gateway.asked(gateway.operators("/admin/v1/webhooks"), 200));
            assertThat(overview.getJsonObject("unknown_types").getLong("BrandNew"))
                    .isEqualTo(1);
            assertThat(overview.getJsonObject("received").getLong("accepted")).isEqualTo(3);
            assertThat(overview.getJsonArray("subscribers").getJsonObject(2))
                    .as("the gateway's own line")
                    .isEqualTo(new JsonObject("{\"name\": \"gateway\", \"own\": true, \"waiting\": 0, \"dead\": 0}"));
            gateway.asked(gateway.operators(SUBSCRIBERS + "/gateway/dead"), 200);
            gateway.asked(
                    gateway.operators(SUBSCRIBERS + "/gateway")
                            .PUT(BodyPublishers.ofString("{\"url\": \"http://user:word@erp\"}")),
                    400);
            gateway.asked(gateway.operators(SUBSCRIBERS + "/gateway").DELETE(), 404);
            assertThat(overview.encode()).doesNotContain(SECRET).doesNotContain(made.getString("secret"));

            gateway.asked(
                    gateway.operators(SUBSCRIBERS)
                            .POST(BodyPublishers.ofString(
                                    "{\"name\": \"weak\", \"url\": \"http://weak\"," + " \"secret\": \"whsec_\"}")),
                    400);
            gateway.asked(
                    gateway.operators(SUBSCRIBERS)
                            .POST(BodyPublishers.ofString("{\"name\": \"spoken\", \"url\": \"http://user:word@erp\"}")),
                    400);
            gateway.asked(gateway.operators(SUBSCRIBERS + "/erp").DELETE(), 204);
            gateway.asked(gateway.operators(SUBSCRIBERS + "/crm").DELETE(), 409);
            gateway.asked(gateway.operators(SUBSCRIBERS + "/erp"), 404);
        }
    }

    @Test
    void anEventOutlivesTheGatewayThatTookIt() {
        crm.status = 503;
        try (var gateway = started("webhooks: {first-pause: 10ms, longest-pause: 20ms}")) {
            assertThat(status(gateway, contact("w-1"), "ed25519")).isEqualTo(200);
            TestBed.until(() -> !crm.posts.isEmpty());
        }
        crm.status = 200;
        int before = crm.posts.size();
        try (var again = started("")) {
            TestBed.until(() -> crm.posts.size() > before);
            assertThat(status(again, contact("w-1"), "ed25519"))
                    .as("known still")
                    .isEqualTo(200);
            TestBed.until(() ->
                    again.send(again.operators(SUBSCRIBERS + "/crm")).body().contains("\"waiting\":0"));
            assertThat(crm.posts).hasSize(before + 1);
        }
    }

    @Test
    void aDrainLetsTheDeliveriesEndThatAreUnderWayAndBeginsNone() {
        var answered = Promise.<Void>promise();
        crm.until = answered.future();
        var gateway = started("webhooks: {at-once: 1, timeout: 60s}");
        assertThat(status(gateway, contact("w-1"), "ed25519")).isEqualTo(200);
        assertThat(status(gateway, contact("w-2"), "ed25519")).isEqualTo(200);
        TestBed.until(() -> crm.posts.size() == 1);

        var drained = CompletableFuture.runAsync(gateway::close);
        TestBed.until(() -> !isReady(gateway));
        assertThat(drained).isNotDone();
        answered.complete();
        TestBed.await(drained);

        assertThat(ids()).containsExactly("w-1");
        try (var again = started("")) {
            TestBed.until(() -> crm.posts.size() > 1);
            TestBed.until(() ->
                    again.send(again.operators(SUBSCRIBERS + "/crm")).body().contains("\"waiting\":0"));
            assertThat(ids()).as("the one no second time").containsExactly("w-1", "w-2");
        }
    }

    /** The operators' door is shut at the end of a drain. */
    private static boolean isReady(AppStand.Stand gateway) {
        try {
            return gateway.get(gateway.gateway.adminUrl() + "/health/ready").statusCode() == 200;
        } catch (AssertionError shut) {
            return false;
        }
    }

    private List<String> ids() {
        return crm.posts.stream().map(post -> post.headers().get("webhook-id")).toList();
    }

    @Test
    void whatWaitsForOneThatIsMissingFromTheConfigurationIsKeptUnlessAnOperatorDropsIt() {
        crm.status = 503;
        try (var gateway = started("")) {
            assertThat(status(gateway, contact("w-1"), "ed25519")).isEqualTo(200);
            TestBed.until(() -> !crm.posts.isEmpty());
        }
        try (var without = stand.plan(directory).publicDoor().webhooks("").start()) {
            TestBed.await(without.gateway.ready());
        }
        try (var again = started("")) {
            TestBed.await(again.gateway.ready());
            assertThat(again.send(again.operators(SUBSCRIBERS + "/crm")).body()).contains("\"waiting\":1");
        }
        try (var without = stand.plan(directory).publicDoor().webhooks("").start()) {
            TestBed.await(without.gateway.ready());
            without.asked(without.operators(SUBSCRIBERS + "/crm").DELETE(), 204);
            without.asked(without.operators(SUBSCRIBERS + "/crm").DELETE(), 404);
        }
    }

    @Test
    void aSubscriberMadeByAnOperatorOutlivesTheGatewayThatMadeIt() throws Exception {
        try (var erp = new SubscriberBench()) {
            try (var gateway = started("")) {
                make(gateway, erp);
            }
            try (var again = started("")) {
                assertThat(status(again, contact("w-1"), "ed25519")).isEqualTo(200);
                TestBed.until(() -> erp.posts.size() == 1);
            }
        }
    }

    @Test
    void aSubscriberRemovedAtOneReplicaGetsNothingFromTheOther() throws Exception {
        try (var redis = TestRedis.started();
                var erp = new SubscriberBench();
                var one = replica(redis, "one").publicDoor().start();
                var two = replica(redis, "two").start()) {
            TestBed.await(two.gateway.ready());
            make(one, erp);
            TestBed.until(() -> knowsErp(two));
            erp.status = 503;
            status(one, contact("w-1"), "ed25519");
            TestBed.until(() -> !erp.posts.isEmpty());

            two.asked(two.operators(SUBSCRIBERS + "/erp").DELETE(), 204);
            TestBed.until(() -> !knowsErp(one) && !knowsErp(two));
            status(one, contact("w-2"), "ed25519");
            erp.status = 200;
            make(one, erp);
            TestBed.until(() -> knowsErp(one) && knowsErp(two));
            status(one, contact("w-3"), "ed25519");

            TestBed.until(() -> erp.posts.stream()
                    .anyMatch(post -> post.headers().get("webhook-id").equals("w-3")));
            TestBed.until(
                    () -> two.send(two.operators(SUBSCRIBERS + "/erp")).body().contains("\"waiting\":0,\"dead\":0"));
            assertThat(erp.posts)
                    .as("what came while it was none")
                    .extracting(post -> post.headers().get("webhook-id"))
                    .doesNotContain("w-2");
        }
    }

    private AppStand.Plan replica(TestRedis redis, String name) {
        return stand.plan(directory.resolve(name))
                .redis(redis.uri())
                .webhooks("webhooks: {first-pause: 10ms, longest-pause: 20ms}");
    }

    private static void make(AppStand.Stand gateway, SubscriberBench erp) {
        gateway.asked(
                gateway.operators(SUBSCRIBERS)
                        .POST(BodyPublishers.ofString(new JsonObject()
                                .put("name", "erp")
                                .put("url", erp.url())
                                .encode())),
                201);
    }

    private static boolean knowsErp(AppStand.Stand gateway) {
        return gateway.send(gateway.operators(SUBSCRIBERS)).body().contains("erp");
    }

    @Test
    void externalAuthenticationIsAnsweredByTheServiceThatKnows() throws Exception {
        var auth = ", external-auth: {url: \"" + crm.url() + "\", secret: " + SECRET + ", key: k1}";
        try (var gateway = stand.plan(directory).publicDoor().app(auth).start()) {
            crm.status = 202;
            crm.answer = "{\"ok\": true}";
            var url = gateway.gateway.publicUrl().orElseThrow() + "/external-auth/main";
            var keys = "{\"companyId\": \"agency\", \"approveAllLocations\": true, \"apiKey\": \"canary-key\"}";

            assertThat(gateway.send(HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(keys)))
                            .statusCode())
                    .as("without the key")
                    .isEqualTo(401);
            var basic = gateway.send(HttpRequest.newBuilder(URI.create(url))
                    .header("X-External-Auth-Key", "k1")
                    .POST(BodyPublishers.ofString(keys)));
            assertThat(basic.statusCode()).isEqualTo(202);
            assertThat(basic.body()).isEqualTo(crm.answer);
            assertThat(crm.posts).hasSize(1);
            assertThat(crm.posts.get(0).body()).isEqualTo(keys);
            new Webhook(SECRET).verify(keys, headers(crm.posts.get(0)));

            assertThat(crm.posts.get(0).headers()).containsEntry("X-External-Auth-Verified", "true");

            crm.status = 302;
            var oauth = gateway.send(HttpRequest.newBuilder(URI.create(url + "/authorize?client_id=c&state=s")));
            assertThat(oauth.statusCode()).isEqualTo(302);
            assertThat(oauth.headers().firstValue("Location")).contains("https://elsewhere.example/back?code=1");
            assertThat(oauth.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(crm.posts.get(1).uri()).isEqualTo("/events/authorize?client_id=c&state=s");
            assertThat(crm.posts.get(1).headers())
                    .as("a browser's")
                    .containsEntry("X-External-Auth-Verified", "false")
                    .doesNotContainKey("webhook-signature");
            assertThat(gateway.send(HttpRequest.newBuilder(URI.create(url + "/test"))
                                    .header("X-External-Auth-Key", "k2"))
                            .statusCode())
                    .as("a wrong key")
                    .isEqualTo(401);

            assertThat(gateway.send(HttpRequest.newBuilder(URI.create(url + "/../admin"))
                                    .header("X-External-Auth-Key", "k1"))
                            .statusCode())
                    .isEqualTo(400);
            crm.answer = "x".repeat(100_000);
            assertThat(gateway.send(HttpRequest.newBuilder(URI.create(url + "/test"))
                                    .header("X-External-Auth-Key", "k1"))
                            .statusCode())
                    .as("an answer that is too long")
                    .isEqualTo(502);
            crm.close();
            assertThat(gateway.send(HttpRequest.newBuilder(URI.create(url + "/test"))
                                    .header("X-External-Auth-Key", "k1"))
                            .statusCode())
                    .isEqualTo(502);
            crm = new SubscriberBench();
        }
    }

    private AppStand.Stand started(String sections) {
        return stand.plan(directory)
                .publicDoor()
                .webhooks("subscribers: [{name: crm, url: \"" + crm.url() + "\", secret: " + SECRET
                        + ", types: [\"Contact*\"], tenants: [\"*\"]}]\n" + sections)
                .start();
    }

    private static JsonObject contact(String id) {
        return new JsonObject()
                .put("type", "ContactCreate")
                .put("locationId", "agency-7")
                .put("webhookId", id)
                .put("timestamp", Instant.now().toString());
    }

    private static String metrics(AppStand.Stand gateway) {
        return gateway.get(gateway.gateway.adminUrl() + "/metrics").body();
    }

    private static String before(Duration age) {
        return Instant.now().minus(age).toString();
    }

    private static String door(AppStand.Stand gateway) {
        return gateway.gateway.publicUrl().orElseThrow() + "/webhooks/main";
    }

    private int status(AppStand.Stand gateway, JsonObject event, String signed) {
        TestBed.await(gateway.gateway.ready());
        return stand.post(door(gateway), event, signed).getInteger("status");
    }

    private static int posted(AppStand.Stand gateway, String path, String body) {
        return gateway.send(HttpRequest.newBuilder(
                                URI.create(gateway.gateway.publicUrl().orElseThrow() + path))
                        .POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static JsonArray dead(AppStand.Stand gateway) {
        return new JsonObject(gateway.asked(gateway.operators(SUBSCRIBERS + "/crm/dead"), 200)).getJsonArray("dead");
    }

    private static HttpRequest.Builder replay(AppStand.Stand gateway, String order) {
        return gateway.operators(SUBSCRIBERS + "/crm/replay").POST(BodyPublishers.ofString(order));
    }

    private static HttpHeaders headers(SubscriberBench.Post post) {
        return HttpHeaders.of(
                post.headers().entrySet().stream()
                        .collect(Collectors.toMap(header -> header.getKey(), header -> List.of(header.getValue()))),
                (name, value) -> true);
    }
}
