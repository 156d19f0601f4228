package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Canaries;
import io.ghlgateway.Plan;
import io.ghlgateway.limits.Await;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody sends a dump of a gateway's heap to where it does not belong. No secret can be read in it, neither those that the
 * gateway uses nor those that it was shown once. Its own keys, with which it seals records, are not text, and not looked for.
 */
class HeapFaults extends FaultTest {

    private static final String MADE = "pit-canary-made-0f93ae";
    private static final String MISPLACED = "pit-canary-misplaced-a81c04";
    private static final String STRANGER = "stranger-key-6bd24f";
    private static final String CODE = "canarycode5d1e77a0c3";
    private static final String SUBSCRIBER = "whsec_Y2FuYXJ5c3Vic2NyaWJlcjEyMzQ1Njc4OTA=";
    private static final String SUBSCRIBER_BYTES = "canarysubscriber1234567890";
    private static final String OTHER_SUBSCRIBER = "canary.subscriber.51be7a";
    private static final String TRACING = "canary-tracing-0e6b1c";
    private static final String BODY = "canary-body-77aa90";
    private static final String REDIS = "redis-pass-7f3e91bb";
    private static final String OPEN = "a-name-that-is-no-secret";
    private static final int LOCATIONS = 3;

    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.([\\w-]+)");

    @TempDir
    private Path directory;

    private final Canaries canaries = new Canaries();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    HeapFaults(TestReporter reporter) {
        super(reporter);
    }

    @Test
    @Proves(Row.S6)
    void aDumpOfAnEmbeddedGatewayShowsNoSecret() throws IOException {
        search("embedded", plan());
    }

    @Test
    @Proves(Row.S6)
    void aDumpOfAGatewayBeforeRedisShowsNoSecret() throws IOException {
        canaries.add("Redis password", REDIS);
        try (var redis = TestRedis.guarded(REDIS)) {
            search("with Redis", plan().set("redis.uri", "\"" + redis.uri() + "\""));
        }
    }

    private Plan plan() {
        return Installed.office(directory, LOCATIONS + 1)
                .more(Installed.app(""))
                .more("subscribers: [" + subscriber("inbox", SUBSCRIBER) + subscriber("other", OTHER_SUBSCRIBER)
                        + "]\n")
                .set("tracing.endpoint", "\"http://127.0.0.1:1/v1/traces\"")
                .set("tracing.sampling-ratio", "0") // while it is sent it is in memory
                .set("tracing.headers", "[{name: api-key, value: " + TRACING + "}]");
    }

    private static String subscriber(String name, String secret) {
        return "{name: " + name + ", secret: " + secret + ", url: \"http://127.0.0.1:1/inbox\"}, ";
    }

    private void search(String how, Plan plan) throws IOException {
        try (var world = new World(plan)) {
            world.highLevel().watch(heard::writeBytes);
            // else the serial collector leaves some of what is dead where it is, for the dump to hold
            var replica = world.start("-XX:MarkSweepAlwaysCompactCount=1").untilReady();
            goThrough(world, replica);
            learn();
            try (var open = resting(world, replica)) {
                World.until(() -> replica.callers() == 1);
                dump(how, replica);
                assertThat(Dribble.ended(List.of(open))).isZero();
            }
        }
    }

    /** A connection that rests: what its request was is answered, and the last line that it sent is no secret. */
    private Dribble resting(World world, Replica replica) throws IOException {
        var open = Dribble.to(replica.proxy())
                .say("POST /contacts/ HTTP/1.1\r\nHost: x\r\nX-Gateway-Key: " + Plan.KEY
                        + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\nX-Last: "
                        + "-".repeat(500) + "\r\n\r\n")
                .say(("{\"locationId\": \"" + Plan.ACME + "\", \"note\": \"" + BODY + "\"" + " ".repeat(99))
                                .substring(0, 99)
                        + "}");
        World.until(() ->
                Dribble.heard(open).contains(" 200 ") || Dribble.heard(open).contains(" 201 "));
        return open;
    }

    private void dump(String how, Replica replica) throws IOException {
        var dump = directory.resolve("heap.hprof");
        replica.jcmd("GC.heap_dump", dump.toString());
        var text = withoutZeros(Files.readAllBytes(dump));
        var found = canaries.in(text);
        report(
                "a dump of the heap, %s: %d canaries, %d kB searched, %d found",
                how, canaries.size(), text.length() / 1_000, found.size());
        assertThat(text).contains(OPEN); // so what is kept as text is found
        assertThat(found).isEmpty();
    }

    private void learn() {
        canaries.add("configured token", Plan.ACME_TOKEN);
        canaries.add("token of a made tenant", MADE);
        canaries.add("misplaced token", MISPLACED);
        canaries.add("unknown key", STRANGER);
        canaries.add("code", CODE);
        canaries.add("subscriber's secret", SUBSCRIBER);
        canaries.add("subscriber's key", SUBSCRIBER_BYTES);
        canaries.add("other subscriber's secret", OTHER_SUBSCRIBER);
        canaries.add("tracing's key", TRACING);
        canaries.add("a body", BODY);
        canaries.add("client secret", "client-secret-31");
        canaries.add("caller's key", Plan.KEY);
        canaries.add("admin key", Plan.ADMIN_KEY);
        var tokens = TOKEN.matcher(heard.toString(StandardCharsets.ISO_8859_1));
        while (tokens.find()) {
            canaries.add("token " + tokens.group(1).substring(0, 8), tokens.group());
        }
        assertThat(canaries.size()).isGreaterThan(20);
    }

    /** All ways that a secret comes in or goes out by. */
    private void goThrough(World world, Replica replica) {
        var installed = new Installed(world, LOCATIONS);
        installed.install(replica);
        assertThat(installed.serve(replica, Plan.ACME)).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            for (var location : installed.locations()) {
                assertThat(installed.refresh(replica, location).statusCode()).isEqualTo(200);
                assertThat(installed.serve(replica, location)).isEqualTo(200);
            }
        }
        var made = new JsonObject(
                world.order(replica, "/admin/v1/callers", "{\"name\": \"" + OPEN + "\", \"tenants\": [\"*\"]}")
                        .body());
        canaries.add("made key", made.getString("key"));
        var used = HttpRequest.newBuilder(replica.proxy().resolve("/contacts/?locationId=agency-1"))
                .header("X-Gateway-Key", made.getString("key"));
        assertThat(world.send(used).statusCode()).isEqualTo(200);
        var tenant = HttpRequest.newBuilder(replica.admin().resolve("/admin/v1/tenants/made"))
                .header("Authorization", "Bearer " + Plan.ADMIN_KEY)
                .PUT(BodyPublishers.ofString("{\"location\": \"private-3\", \"token\": \"" + MADE + "\"}"));
        assertThat(world.send(tenant).statusCode()).isEqualTo(201);
        for (var wrong : List.of(
                "{\"app\": \"main\", \"token\": {\"access_token\": \"" + MISPLACED + "\"",
                "{\"app\": \"x\", \"token\": {\"access_token\": \"a " + MISPLACED + "\"}}",
                "{\"" + MISPLACED + "\": 1}",
                "{\"export\": \"" + MISPLACED + "\"}")) {
            assertThat(world.order(replica, "/admin/v1/installations/import", wrong)
                            .statusCode())
                    .isEqualTo(400);
        }
        var misplaced = World.ask(replica, "/contacts/")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"locationId\": \"" + MISPLACED + "\"}"));
        assertThat(world.send(misplaced).statusCode()).isEqualTo(404);
        var stranger = HttpRequest.newBuilder(replica.proxy().resolve("/contacts/?locationId=agency-1"))
                .header("Authorization", "Bearer " + STRANGER);
        assertThat(world.send(stranger).statusCode()).isEqualTo(401);
        connect(world, replica);
        assertThat(installed.serve(replica, "agency-" + (LOCATIONS + 1))).isEqualTo(200); // minted out of the agency's
        for (var path : List.of("/admin/v1/installations", "/admin/v1/tenants", "/admin/v1/callers", "/metrics")) {
            assertThat(world.operators(replica, path).statusCode()).isEqualTo(200);
        }
    }

    /** By the public door, with a code that is good and one that is not. */
    private void connect(World world, Replica replica) {
        var callback = "/oauth/callback/main?code=";
        var begun = world.send(HttpRequest.newBuilder(replica.open().resolve("/oauth/install/main")));
        var state =
                "&state=" + begun.headers().firstValue("location").orElseThrow().replaceAll(".*state=", "");
        var cookie = begun.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        var asked = new JsonObject().put("app", "main").put("company", "agency");
        var code = Await.result(world.simulator().oauth(new JsonObject().put("install", asked)))
                .getString("code");
        canaries.add("used code", code);
        canaries.add("state", state);
        assertThat(world.send(HttpRequest.newBuilder(replica.open().resolve(callback + CODE + state)))
                        .statusCode())
                .isEqualTo(400); // without its cookie
        assertThat(world.send(HttpRequest.newBuilder(replica.open().resolve(callback + code + state))
                                .header("Cookie", cookie))
                        .statusCode())
                .isEqualTo(200);
    }

    /** In which text that is kept as UTF-16 is found like any other. */
    private static String withoutZeros(byte[] dump) {
        int length = 0;
        for (var each : dump) {
            if (each != 0) {
                dump[length++] = each;
            }
        }
        return new String(dump, 0, length, StandardCharsets.ISO_8859_1);
    }
}
