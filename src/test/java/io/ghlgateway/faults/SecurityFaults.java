package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** What strangers, and callers who mean no good, send. */
class SecurityFaults extends FaultTest {

    @TempDir
    private Path directory;

    SecurityFaults(TestReporter reporter) {
        super(reporter);
    }

    @Test
    @Proves(Row.S1)
    void noForgedWebhookIsTakenAndNoGenuineOneIsLostOrDeliveredTwice() {
        int genuine = count(4_000, 100_000);
        var plan = Installed.office(directory, 1);
        try (var world = new World(plan)) {
            var keys = world.simulator().webhookKeys().stream()
                    .map(key -> "\"" + key.replace("\n", "\\n") + "\"")
                    .collect(Collectors.joining(", "));
            plan.more(Installed.app(", webhook-keys: [" + keys + "]"))
                    .more("subscribers: [{name: inbox, secret: whsec_bG9hZHRlc3Rsb2FkdGVzdGxvYWR0ZXN0bG9hZA==, url: \""
                            + world.simulator().url() + "/_simulator/inbox\"}]\n");
            var replica = world.start(1).get(0);
            var door = replica.open().resolve("/webhooks/main");
            control(
                    world,
                    "webhooks",
                    new JsonObject()
                            .put("to", new JsonArray().add(door.toString()))
                            .put("count", genuine)
                            .put("rate", count(400, 800))
                            .put("duplicates", 0.2)
                            .put("late", 0.1)
                            .put("forged", 1.0)
                            .put("locations", new JsonArray().add("agency-1")));
            World.until(Duration.ofMinutes(10), () -> !look(world, "webhooks").getBoolean("running"));
            World.until(() -> look(world, "inbox").getInteger("missing") <= 0);
            int unsigned = world.send(HttpRequest.newBuilder(door)
                            .POST(BodyPublishers.ofString(
                                    "{\"type\": \"ContactCreate\", \"webhookId\": \"unsigned\"}")))
                    .statusCode();
            var sent = look(world, "webhooks");
            var inbox = look(world, "inbox");

            report(
                    "%d of %d forged ones taken; %d genuine ones and %d duplicates acknowledged, %d missing, %d delivered twice; unsigned %d",
                    sent.getLong("forgedTaken"),
                    sent.getLong("forged"),
                    sent.getLong("acknowledged"),
                    sent.getLong("duplicates"),
                    inbox.getLong("missing"),
                    inbox.getLong("twice"),
                    unsigned);
            assertThat(sent.getLong("forged")).isGreaterThanOrEqualTo(genuine);
            assertThat(sent.getLong("forgedTaken") + inbox.getLong("forged")).isZero();
            assertThat(sent.getLong("refusedGenuine")).isZero();
            assertThat(inbox.getLong("missing") + inbox.getLong("twice")).isZero();
            assertThat(unsigned).isEqualTo(401);
        }
    }

    @Test
    @Proves(Row.S2)
    void nobodyIsAskedButHighLevelWhateverTheRequestNames() throws IOException {
        try (var canary = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var world = new World(new Plan())) {
            var replica = world.start(1).get(0);
            var there = "127.0.0.1:" + canary.getLocalPort();
            var targets = List.of(
                    "http://" + there + "/contacts/c1",
                    "//" + there + "/contacts/c1",
                    "/\\" + there + "/contacts/c1",
                    "/http://" + there + "/contacts/c1",
                    "@" + there + "/contacts/c1",
                    "/contacts/c1@" + there,
                    "/contacts/c1?url=http://" + there + "/&redirect=//" + there,
                    "/%2f%2f" + there + "/contacts/c1",
                    "/..//" + there + "/",
                    "/.." + there + "/");
            var fields = List.of(
                    "Host: " + there,
                    "Host: gateway\r\nX-Forwarded-Host: " + there,
                    "Host: gateway\r\nForwarded: host=" + there,
                    "Host: gateway\r\nX-Original-URL: http://" + there + "/\r\nX-Rewrite-URL: http://" + there + "/",
                    "Host: gateway\r\nReferer: http://" + there + "/\r\nOrigin: http://" + there);
            var all = new ArrayList<Dribble>();
            for (var target : targets) {
                for (var field : fields) {
                    for (var method : List.of("GET", "CONNECT")) {
                        all.add(Dribble.to(replica.proxy())
                                .say(method + " " + target + " HTTP/1.1\r\n" + field + "\r\nAuthorization: Bearer "
                                        + Plan.KEY + "\r\nConnection: close\r\n\r\n"));
                    }
                }
            }
            World.until(() -> Dribble.ended(all) == all.size());
            canary.setSoTimeout(200);
            int hits = 0;
            try {
                canary.accept().close();
                hits++;
            } catch (java.net.SocketTimeoutException nobody) {
                // as it must be
            }
            report("%d canary hits of %d requests, answered %s", hits, all.size(), Dribble.statuses(all));
            assertThat(hits).isZero();
        }
    }

    @Test
    @Proves(Row.S5)
    void whatIsTheOperatorsIsNotAtTheOtherDoors() throws IOException {
        var plan = Installed.plan(directory, 1);
        try (var world = new World(plan)) {
            var replica = world.start(1).get(0);
            var paths = List.of(
                    "/metrics",
                    "/health/ready",
                    "/health/live",
                    "/admin/v1/tenants",
                    "/admin/v1/callers",
                    "/console",
                    "/console/",
                    "/admin/v1/openapi.json",
                    "//admin/v1/tenants",
                    "/./admin/v1/tenants",
                    "/x/../admin/v1/tenants",
                    "/%61dmin/v1/tenants",
                    "/admin%2fv1%2ftenants",
                    "/admin;x/v1/tenants",
                    "/ADMIN/v1/tenants");
            var answered = new ArrayList<String>();
            for (var door : List.of(replica.proxy(), replica.open())) {
                for (var path : paths) {
                    for (var key : List.of(Plan.KEY, Plan.ADMIN_KEY)) {
                        var all = Dribble.to(door)
                                .say("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
                                        + "\r\nConnection: close\r\n\r\n");
                        World.until(() -> Dribble.ended(List.of(all)) == 1);
                        answered.add(Dribble.statuses(List.of(all)));
                    }
                }
            }
            var keyless = world.send(HttpRequest.newBuilder(replica.admin().resolve("/admin/v1/tenants")));
            report(
                    "%d requests at the other doors, answered %s; without its key the operators' own says %d",
                    answered.size(), answered.stream().sorted().distinct().toList(), keyless.statusCode());
            assertThat(answered).doesNotContain("[200]");
            assertThat(world.simulator().stats().accepted())
                    .as("and none of them costs a send")
                    .isZero();
            assertThat(keyless.statusCode()).isEqualTo(401);
        }
    }

    private static JsonObject look(World world, String what) {
        return new JsonObject(
                world.send(HttpRequest.newBuilder(control(world, what))).body());
    }

    private static void control(World world, String what, JsonObject order) {
        var answer =
                world.send(HttpRequest.newBuilder(control(world, what)).POST(BodyPublishers.ofString(order.encode())));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static URI control(World world, String what) {
        return URI.create(world.simulator().url() + "/_simulator/" + what);
    }
}
