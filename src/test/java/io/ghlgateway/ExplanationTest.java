package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request would meet is told without making it, and it is what the same request then meets. */
class ExplanationTest {

    private static final String PAUSED = "paused-location-1";
    private static final String DESK_KEY = "desk-key-41f7";
    private static final String REPORTS_KEY = "reports-key-90c2";

    private static final Map<String, String> KEYS =
            Map.of("billing", Plan.KEY, "desk", DESK_KEY, "reports", REPORTS_KEY);

    @AutoClose
    private TestBed bed;

    @BeforeEach
    void setUp() {
        // Windows that outlive any slow machine.
        bed = TestBed.start(new Plan()
                .spent(3)
                .caller("{name: desk, key: " + DESK_KEY + ", tenants: [\"*\"]}")
                .set("limits.routes", "[{match: \"/no-such-api/**\", requests: 2, per: 3000s, scope: location}]")
                .tenant("{id: paused, location: " + PAUSED + ", token: pit-paused-1}")
                .tenant("{id: stale, location: stale-location-1, token: pit-stale-1}")
                .caller("{name: reports, key: " + REPORTS_KEY + ", tenants: [globex]}"));
    }

    @Test
    void tellsAllThatWouldBeDoneAndDoesNothingOfIt() {
        long sent = bed.stats().accepted();

        var told = told("path=" + encoded("/contacts/c1?limit=2") + "&caller=billing&tenant=globex");

        assertThat(told.getString("outcome")).isEqualTo("sent");
        assertThat(told.containsKey("refusal")).isFalse();
        var route = told.getJsonObject("route");
        assertThat(route.getString("operation")).isEqualTo("GET /contacts/{contactId}");
        assertThat(route.getString("version")).matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}|v[0-9]");
        assertThat(told.getJsonObject("tenant")).isEqualTo(new JsonObject("""
                        {"id": "globex", "app": "private", "resource": "location:%s", "named-by": ["X-Tenant: globex"]}""".formatted(Plan.GLOBEX)));
        assertThat(told.getJsonObject("credential")).isEqualTo(new JsonObject("""
                        {"kind": "private", "whose": "the private token of tenant 'globex'", "health": "good"}"""));
        assertThat(told.getJsonObject("budget").getJsonArray("windows").getJsonObject(0))
                .isEqualTo(new JsonObject("""
                        {"name": "burst", "requests": 3, "per-ms": 3000000, "left": 3, "full-in-ms": 0}"""));
        assertThat(told.getJsonObject("queue")).isEqualTo(new JsonObject("""
                        {"waiting": 0, "urgency": 3, "position": 1, "wait-ms": 0, "cause": "none", "patience-ms": 25000}"""));
        assertThat(told("path=" + encoded("/contacts/c1?limit=2") + "&caller=billing&tenant=globex"))
                .isEqualTo(told);
        assertThat(bed.stats().accepted()).isEqualTo(sent);
    }

    @Test
    void tellsWhatEachWindowHasLeft() {
        bed.send(bed.request("/no-such-api/1").header("X-Tenant", "acme"));

        var told = told("method=post&path=/no-such-api/2&caller=billing");

        assertThat(told.getJsonObject("route").getBoolean("known")).isFalse();
        assertThat(told.getJsonObject("tenant").getJsonArray("named-by"))
                .containsExactly("nobody is named, so it is the caller's own");
        var left = new ArrayList<String>();
        told.getJsonObject("budget").getJsonArray("windows").stream()
                .map(JsonObject.class::cast)
                .forEach(window -> left.add(window.getString("name") + " " + window.getLong("left")));
        assertThat(left).containsExactly("burst 2", "day 199999", "route /no-such-api/** 3000000ms 1");
    }

    /** Each is asked first and made then; a request that is refused changes nothing. */
    @Test
    void whoWouldRefuseAndWhyIsWhatTheSameRequestMeets() {
        var answers = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            bed.send(bed.request("/contacts/c1").header("X-Tenant", "acme")); // all that there is
        }
        bed.send(bed.stranger("/contacts/c1")
                .header("X-Gateway-Key", DESK_KEY)
                .header("X-Tenant", "stale")); // HighLevel refuses its token
        bed.send(operators("/admin/v1/budgets/private/" + PAUSED + "/pause").POST(BodyPublishers.noBody()));

        answers.add(compared("GET", "/contacts/c1", "desk", "acme"));
        answers.add(compared("GET", "/contacts/c1", "desk", "paused"));
        answers.add(compared("GET", "/contacts/c1", "desk", "stale"));
        answers.add(compared("GET", "/contacts/c1", "reports", "acme"));
        answers.add(compared("GET", "/contacts/c1", "reports", Plan.ACME));
        answers.add(compared("GET", "/locations/nobody", "billing", null));
        answers.add(compared("GET", "/locations/" + Plan.GLOBEX, "desk", "acme"));
        answers.add(compared("POST", "/oauth/token", "billing", null));
        answers.add(compared("GET", "/contacts/%2e%2e/c1", "billing", null));
        answers.add(compared("DELETE", "/oauth/installedLocations", "billing", null));

        assertThat(answers)
                .containsExactly(
                        "budget deadline window",
                        "budget hold hold",
                        "credential credential_dead null",
                        "admission forbidden null",
                        "admission forbidden null",
                        "admission tenant_unknown null",
                        "admission tenant_conflict null",
                        "admission forbidden null",
                        "admission bad_request null",
                        "admission forbidden null");
    }

    @Test
    void oneThatMayWaitIsToldHowLong() {
        for (int i = 0; i < 3; i++) {
            bed.send(bed.request("/contacts/c1").header("X-Tenant", "acme"));
        }

        var told = told("path=/contacts/c1&caller=billing&tenant=acme&wait=300&urgency=0");

        assertThat(told.getString("outcome")).isEqualTo("refused");
        assertThat(told.getJsonObject("queue").getLong("wait-ms"))
                .isEqualTo(told.getJsonObject("refusal").getLong("retry-after-ms"))
                .isBetween(1L, 3_001_000L * 65 / 63);
        assertThat(told.getJsonObject("queue").getLong("patience-ms")).isEqualTo(300_000);
        assertThat(told.getJsonObject("queue").getString("cause")).isEqualTo("window");
    }

    @Test
    void saysAllThatIsWrongWithAQuestion() {
        assertThat(wrong("tennant=acme&urgency=9&wait=soon&method=G%20T"))
                .contains("'tennant': unknown field", "method: expected", "path: missing", "caller: missing")
                .contains("wait: expected a number of seconds", "urgency: expected a whole number from 0 to 7");
        assertThat(wrong("path=contacts&caller=billing")).contains("begins with '/'");
        assertThat(wrong("path=/contacts/c1&caller=biling&tenant=acmee"))
                .contains("did you mean 'billing'?", "'acmee'", "did you mean 'acme'?");
        assertThat(wrong("path=/contacts/c1&caller=zzz")).contains("there are billing, desk, reports");
        assertThat(wrong("path=/contacts/c1&caller=billing&tenant=acme&tenant=globex"))
                .contains("tenant: expected once");
        assertThat(bed.send(bed.operators("/admin/v1/explain?path=/")).statusCode())
                .isEqualTo(401);
    }

    private String wrong(String query) {
        var answer = ask(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return new JsonObject(answer.body()).getString("detail");
    }

    /** Who refuses, by what code and for what cause, when both say the same. */
    private String compared(String method, String path, String caller, @Nullable String tenant) {
        var told = told("wait=0&method=" + method + "&path=" + encoded(path) + "&caller=" + caller
                + (tenant == null ? "" : "&tenant=" + tenant));
        var request = bed.stranger(path)
                .method(method, BodyPublishers.noBody())
                .header("X-Gateway-Key", KEYS.get(caller))
                .header("Prefer", "wait=0");
        if (tenant != null) {
            request.header(tenant.equals(Plan.ACME) ? "X-GHL-Location-Id" : "X-Tenant", tenant);
        }
        var made = new JsonObject(bed.send(request).body());

        var refusal = told.getJsonObject("refusal");
        assertThat(told.getString("outcome")).as(made.encode()).isEqualTo("refused");
        assertThat(List.of(refusal.getString("code"), refusal.getInteger("status")))
                .isEqualTo(List.of(made.getString("code"), made.getInteger("status")));
        assertThat(refusal.getString("cause")).isEqualTo(made.getString("cause"));
        assertThat(told.encode()).doesNotContain("pit-", "-key-");
        return refusal.getString("by") + " " + refusal.getString("code") + " " + refusal.getString("cause");
    }

    private JsonObject told(String query) {
        var answer = ask(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private HttpResponse<String> ask(String query) {
        return bed.send(operators("/admin/v1/explain?" + query));
    }

    private HttpRequest.Builder operators(String path) {
        return bed.operators(path).header("Authorization", "Bearer " + Plan.ADMIN_KEY);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
