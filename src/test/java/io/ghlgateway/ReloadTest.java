package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordCipher;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is written anew while the gateway runs. */
class ReloadTest {

    private static final String NEXT_KEY = "billing-next-0a4e";
    private static final String DESK_KEY = "desk-key-77d0";

    private @TempDir Path directory;

    private Path file() {
        return directory.resolve("gateway.yaml");
    }

    @Test
    void tenantsCallersAndTheirQuotasAreTakenOverAtOnce() {
        var plan = new Plan().tenant("{id: initech, location: L1, token: pit-wrong}");
        try (var bed = TestBed.start(plan, file())) {
            assertThat(status(bed, Plan.KEY, "initech")).isEqualTo(403);

            plan.without("billing")
                    .without("initech")
                    .without("globex")
                    .tenant("{id: initech, location: L1, token: " + Plan.ACME_OTHER_TOKEN + ", tags: [eu]}")
                    .tenant("{id: hooli, location: " + Plan.GLOBEX + ", token: " + Plan.GLOBEX_TOKEN + "}")
                    .caller("{name: billing, keys: [{key: " + NEXT_KEY + "}, {key: " + Plan.KEY
                            + ", expires: 2020-01-01}],"
                            + " tenants: [acme, \"tag:eu\"], methods: [GET], default-tenant: acme, weight: 2, quota:"
                            + " {rate: {requests: 3, per: 1d}}}")
                    .caller("{name: desk, key: " + DESK_KEY + ", tenants: [hooli]}")
                    .write(file(), bed.upstream());
            var told = reload(bed);

            assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
            assertThat(new JsonObject(told.body())).isEqualTo(new JsonObject("""
                    {"changed": ["tenants: 'globex' removed", "tenants: 'initech' changed (token, tags)",
                     "tenants: 'hooli' added",
                     "callers: 'billing' changed (keys, tenants, methods, weight, quota)", "callers: 'desk' added"],
                     "warnings": []}"""));
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(401);
            assertThat(status(bed, NEXT_KEY, "acme")).isEqualTo(200);
            assertThat(status(bed, NEXT_KEY, "initech")).isEqualTo(200);
            assertThat(status(bed, NEXT_KEY, "globex")).isEqualTo(404);
            assertThat(status(bed, NEXT_KEY, "hooli")).isEqualTo(403);
            assertThat(status(bed, DESK_KEY, "hooli")).isEqualTo(200);
            assertThat(bed.send(bed.stranger("/contacts/")
                                    .header("X-Gateway-Key", NEXT_KEY)
                                    .POST(BodyPublishers.ofString("{}")))
                            .body())
                    .contains("its methods are GET");
            assertThat(status(bed, NEXT_KEY, "acme")).isEqualTo(200);
            assertThat(status(bed, NEXT_KEY, "acme"))
                    .as("its fourth of the day")
                    .isEqualTo(429);
            assertThat(new JsonObject(reload(bed).body()).getJsonArray("changed"))
                    .isEmpty();
        }
    }

    @Test
    void aKeyIsRotatedUnderTrafficAndNobodyIsRefused(TestReporter reporter) {
        var plan = new Plan();
        try (var bed = TestBed.start(plan, file())) {
            var old = at(bed, Plan.KEY);
            plan.without("billing")
                    .caller("{name: billing, keys: [{key: " + Plan.KEY + "}, {key: " + NEXT_KEY
                            + "}], tenants: [acme]}")
                    .write(file(), bed.upstream());
            int both = reload(bed).statusCode();
            var statuses = new ArrayList<>(old.stream().map(TestBed::await).toList());
            var overlap = Stream.of(at(bed, Plan.KEY), at(bed, NEXT_KEY)).flatMap(List::stream);
            statuses.addAll(overlap.map(TestBed::await).toList());
            var next = at(bed, NEXT_KEY);
            plan.without("billing")
                    .caller("{name: billing, key: " + NEXT_KEY + ", tenants: [acme]}")
                    .write(file(), bed.upstream());
            int last = reload(bed).statusCode();
            statuses.addAll(next.stream().map(TestBed::await).toList());
            statuses.addAll(at(bed, NEXT_KEY).stream().map(TestBed::await).toList());

            reporter.publishEntry(
                    "measured",
                    "a caller's key, by reloads: %d of %d requests failed"
                            .formatted(
                                    statuses.stream()
                                            .filter(each -> each != 200)
                                            .count(),
                                    statuses.size()));
            assertThat(List.of(both, last)).containsOnly(200);
            assertThat(statuses).containsOnly(200);
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(401);
        }
    }

    /** The statuses of some requests at once. */
    private static List<CompletableFuture<Integer>> at(TestBed bed, String key) {
        return IntStream.range(0, 15)
                .mapToObj(i -> bed.sendAsync(bed.stranger("/contacts/")
                                .header("X-Gateway-Key", key)
                                .header("X-Tenant", "acme"))
                        .thenApply(HttpResponse::statusCode))
                .toList();
    }

    @Test
    void limitsAndOperatorsKeysAreTakenOverAtOnce() {
        var plan = new Plan().set("limits.learn", "false").set("limits.routes", "[]");
        try (var bed = TestBed.start(plan, file())) {
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(200);

            plan.set("limits.routes", "[{match: /contacts/, requests: 1, per: 1d, scope: app}]")
                    .set("limits.default-wait", "0s")
                    .set("limits.max-wait", "7s")
                    .set("limits.reserve", "{interactive: 10%}")
                    .set("limits.daily", "77")
                    .set("admin.key", NEXT_KEY)
                    .write(file(), bed.upstream());
            var told = reload(bed);

            assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
            assertThat(new JsonObject(told.body()).getJsonArray("changed")).isEqualTo(new JsonArray("""
                    ["limits.daily: 200000 -> 77", "limits.max-wait: 300000ms -> 7000ms",
                     "limits.default-wait: 25000ms -> 0ms", "limits.reserve: none -> 10%",
                     "limits.routes: '/contacts by app' added", "admin.key: changed"]"""));
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(200);
            assertThat(status(bed, Plan.KEY, "globex"))
                    .as("a second one, and nobody waits")
                    .isEqualTo(429);
            assertThat(bed.get("/calendars/").headers().firstValue("RateLimit-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy).contains("\"day\";q=77"));
            assertThat(bed.send(bed.request("/calendars/").header("Prefer", "wait=9"))
                            .headers()
                            .firstValue("Preference-Applied"))
                    .contains("wait=7");
            assertThat(admin(bed, "POST", "/reload", "").statusCode()).isEqualTo(401);
            assertThat(bed.send(bed.operators("/admin/v1/status").header("Authorization", "Bearer " + NEXT_KEY))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatNeedsARestartIsNamedAndThenNothingIsTakenOver() {
        var plan = new Plan();
        try (var bed = TestBed.start(plan, file())) {
            plan.set("proxy.max-body", "1MiB")
                    .set("queue.total", "7")
                    .set("limits.max-wait", "60s")
                    .without("billing")
                    .caller("{name: billing, key: " + NEXT_KEY + ", tenants: [acme]}")
                    .write(file(), bed.upstream());
            var told = reload(bed);

            assertThat(told.statusCode()).isEqualTo(400);
            assertThat(new JsonObject(told.body())
                            .getJsonArray("problems").stream()
                                    .map(problem -> problem.toString().split(":")[0]))
                    .containsExactly("proxy.max-body", "queue.total");
            assertThat(told.body())
                    .contains(
                            "only a restart takes that over; put it back to reload what else was changed, or restart");
            assertThat(status(bed, NEXT_KEY, "acme")).isEqualTo(401);
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(200);

            plan.unset("proxy.max-body").unset("queue.total").write(file(), bed.upstream());
            assertThat(reload(bed).statusCode()).isEqualTo(200);
            assertThat(status(bed, NEXT_KEY, "acme")).isEqualTo(200);
        }
    }

    @Test
    void whereAnythingIsWrongNothingIsTakenOverAndAllOfItIsSaid() throws IOException {
        var plan = new Plan();
        try (var bed = TestBed.start(plan, file())) {
            plan.without("billing")
                    .caller("{name: billing, key: " + NEXT_KEY + ", tenants: [acme], urgence: 3}")
                    .caller("{name: desk, key: " + DESK_KEY + ", tenants: [nobody]}")
                    .write(file(), bed.upstream());
            var told = reload(bed);

            assertThat(told.statusCode()).isEqualTo(400);
            assertThat(new JsonObject(told.body()).getJsonArray("problems"))
                    .hasSize(2)
                    .anyMatch(problem -> problem.toString().contains("urgence: unknown key; did you mean 'urgency'?"))
                    .anyMatch(problem -> problem.toString().contains("there is no tenant 'nobody'"));
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(200);
            assertThat(status(bed, NEXT_KEY, "acme")).isEqualTo(401);

            plan.without("desk")
                    .without("billing")
                    .without("acme")
                    .tenant("{id: acme, location: " + Plan.GLOBEX + ", token: " + Plan.GLOBEX_TOKEN + "}")
                    .caller("{name: billing, key: " + NEXT_KEY + ", tenants: [acme]}")
                    .write(file(), bed.upstream());
            assertThat(reload(bed).body()).contains("tenants: 'acme' was another location or company until now");
            Files.delete(file());
            assertThat(reload(bed).body()).contains("cannot be read: no such file");
            assertThat(status(bed, Plan.KEY, "acme")).isEqualTo(200);
        }
    }

    /** `100 Continue` says that it was decided before, so that the body is what is waited for. */
    @Test
    void whoIsRemovedWhileTheBodyComesIsServedNoMore() {
        var plan = new Plan();
        try (var bed = TestBed.start(plan, file());
                var wire = bed.wire()) {
            wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nX-Gateway-Key: " + Plan.KEY
                    + "\nContent-Type: application/json\nContent-Length: 30\nExpect: 100-continue\n\n");
            assertThat(wire.head()).startsWith("HTTP/1.1 100 ");

            plan.without("billing")
                    .caller("{name: desk, key: " + DESK_KEY + ", tenants: [acme]}")
                    .write(file(), bed.upstream());
            assertThat(reload(bed).statusCode()).isEqualTo(200);
            wire.send("{\"locationId\":\"" + "x".repeat(13) + "\"}");

            assertThat(wire.head()).startsWith("HTTP/1.1 401 ");
            assertThat(bed.stats().accepted()).isZero();
        }
    }

    @Test
    void whoIsRemovedOrCurtailedWhileARequestWaitsGetsItNoMore() {
        var quota = "/budgets/private/location:" + Plan.ACME;
        var plan = new Plan().caller("{name: desk, key: " + DESK_KEY + ", tenants: [acme]}");
        try (var bed = TestBed.start(plan, file())) {
            admin(bed, "POST", quota + "/pause", "{\"seconds\": 200}");
            var removed = waits(bed, Plan.KEY);
            var curtailed = waits(bed, DESK_KEY);
            TestBed.until(() -> new JsonObject(admin(bed, "GET", quota, "").body()).getInteger("waiting") == 2);

            plan.without("billing")
                    .without("desk")
                    .caller("{name: desk, key: " + DESK_KEY + ", tenants: [globex]}")
                    .write(file(), bed.upstream());
            assertThat(reload(bed).statusCode()).isEqualTo(200);
            admin(bed, "POST", quota + "/resume", "");

            assertThat(TestBed.await(removed).statusCode()).isEqualTo(401);
            assertThat(TestBed.await(curtailed).statusCode()).isEqualTo(403);
            assertThat(bed.stats().accepted()).isZero();
        }
    }

    private static CompletableFuture<HttpResponse<String>> waits(TestBed bed, String key) {
        return bed.sendAsync(bed.stranger("/contacts/")
                .header("X-Gateway-Key", key)
                .header("X-Tenant", "acme")
                .header("Prefer", "wait=299"));
    }

    @Test
    void whatOperatorsMadeStandsWhereverItIsNotOverruledAndNoKeyIsTwoCallers() {
        var plan = new Plan()
                .set(
                        "credentials.encryption-key",
                        "'" + RecordCipher.newKeyset().reveal() + "'")
                .set("credentials.journal", directory.resolve("data").toString());
        try (var bed = TestBed.start(plan, file())) {
            var made = made(bed, "POST", "/callers", "{\"name\": \"desk\", \"tenants\": [\"*\"]}")
                    .getString("key");
            var tenant = "{\"location\": \"" + Plan.GLOBEX + "\", \"token\": \"" + Plan.GLOBEX_TOKEN + "\"}";
            made(bed, "PUT", "/tenants/hooli", tenant);
            assertThat(status(bed, made, "hooli")).isEqualTo(200);

            plan.caller("{name: desk, key: " + DESK_KEY + ", tenants: [acme, hooli]}")
                    .tenant("{id: hooli, location: " + Plan.ACME + ", token: " + Plan.ACME_OTHER_TOKEN + "}")
                    .write(file(), bed.upstream());
            assertThat(reload(bed).statusCode()).isEqualTo(200);
            assertThat(status(bed, made, "hooli")).isEqualTo(401);
            assertThat(status(bed, DESK_KEY, "hooli")).isEqualTo(200);
            assertThat(admin(bed, "GET", "/tenants/hooli", "").body())
                    .contains(Plan.ACME)
                    .contains("\"configured\":true");

            plan.without("hooli").write(file(), bed.upstream());
            assertThat(reload(bed).statusCode()).isEqualTo(200);
            assertThat(status(bed, DESK_KEY, "hooli")).isEqualTo(401);
            assertThat(status(bed, made, "hooli")).isEqualTo(200);
            assertThat(admin(bed, "GET", "/tenants/hooli", "").body()).contains(Plan.GLOBEX);

            plan.caller("{name: thief, key: " + made + ", tenants: [acme]}").write(file(), bed.upstream());
            assertThat(reload(bed).body()).contains("a key of 'thief' is that of 'desk', who was made at run time");
            assertThat(status(bed, made, "hooli")).isEqualTo(200);
        }
    }

    private static int status(TestBed bed, String key, String tenant) {
        return bed.send(bed.stranger("/contacts/").header("X-Gateway-Key", key).header("X-Tenant", tenant))
                .statusCode();
    }

    private static HttpResponse<String> reload(TestBed bed) {
        return admin(bed, "POST", "/reload", "");
    }

    private static JsonObject made(TestBed bed, String method, String path, String body) {
        var answer = admin(bed, method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new JsonObject(answer.body());
    }

    private static HttpResponse<String> admin(TestBed bed, String method, String path, String body) {
        return bed.send(bed.operators("/admin/v1" + path)
                .header("Authorization", "Bearer " + Plan.ADMIN_KEY)
                .method(method, BodyPublishers.ofString(body)));
    }
}
