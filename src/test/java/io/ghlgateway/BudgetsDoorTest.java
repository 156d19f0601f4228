package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of quotas, and their word on them. */
class BudgetsDoorTest {

    private static final String KEY = "operators-key-7d1";
    private static final String ACME = "/admin/v1/budgets/private/location:" + Plan.ACME;

    @AutoClose
    private TestBed bed;

    @BeforeEach
    void setUp() {
        // The window outlives any slow machine.
        bed = TestBed.start(new Plan()
                .quota(50, Duration.ofMinutes(50), Duration.ofSeconds(1))
                .set("admin.key", KEY));
    }

    @Test
    void showsWhatIsLeftAndWhoseItIs() {
        for (int i = 0; i < 3; i++) {
            assertThat(bed.get("/contacts/c1").statusCode()).isEqualTo(200);
        }

        var acme = json(get(ACME));

        assertThat(acme.getString("app")).isEqualTo("private");
        assertThat(acme.getString("resource")).isEqualTo("location:" + Plan.ACME);
        assertThat(acme.getJsonArray("tenants")).containsExactly("acme");
        assertThat(acme.getJsonObject("limit").getInteger("requests")).isEqualTo(50);
        assertThat(acme.getInteger("free")).isEqualTo(47);
        assertThat(acme.getInteger("waiting")).isZero();
        assertThat(acme.getString("cause")).isEqualTo("none");
        assertThat(acme.getLong("held-ms")).isZero();
        assertThat(acme.getJsonObject("sends").getLong("day")).isEqualTo(3);
        assertThat(acme.getJsonArray("callers").getJsonObject(0).getString("name"))
                .isEqualTo("billing");
        assertThat(json(get("/admin/v1/budgets/private/" + Plan.ACME)).getString("resource"))
                .isEqualTo(acme.getString("resource"));
    }

    @Test
    void listsAllInPages() {
        var all = json(get("/admin/v1/budgets")).getJsonArray("budgets");
        assertThat(all.size()).isGreaterThan(1);

        var first = json(get("/admin/v1/budgets?limit=1"));
        var rest = json(get("/admin/v1/budgets?after=" + first.getString("next")));

        assertThat(first.getJsonArray("budgets")).hasSize(1);
        assertThat(first.getJsonArray("budgets").addAll(rest.getJsonArray("budgets")))
                .isEqualTo(all);
        assertThat(rest.containsKey("next")).isFalse();
    }

    @Test
    void thoseOfOneTenantAreFoundByItsNameAndByHighLevelsId() {
        for (var name : List.of("acme", Plan.ACME)) {
            var found = json(get("/admin/v1/budgets?of=" + name)).getJsonArray("budgets");
            assertThat(found).hasSize(1);
            assertThat(found.getJsonObject(0).getString("resource")).isEqualTo("location:" + Plan.ACME);
        }
        assertThat(json(get("/admin/v1/budgets?of=nobody")).getJsonArray("budgets"))
                .isEmpty();
    }

    @Test
    void onePausedGivesNothingUntilItIsResumed() {
        var paused = json(post(ACME + "/pause", "{\"seconds\": 600}"));
        assertThat(paused.getLong("held-ms")).isBetween(1L, 600_000L);
        assertThat(paused.getString("cause")).isEqualTo("hold");

        var refused = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=0"));
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("X-Gateway-Error")).hasValue("hold");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 600L);
        assertThat(refused.body()).contains("operator");
        assertThat(bed.stats().accepted()).isZero();

        assertThat(json(post(ACME + "/resume", "")).getLong("held-ms")).isZero();
        assertThat(bed.get("/contacts/c1").statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhatIsWrongWithAnOrder() {
        assertThat(get("/admin/v1/budgets/private/nobody").statusCode()).isEqualTo(404);
        assertThat(get("/admin/v1/budgets?limit=0").body()).contains("limit: expected a whole number from 1 to 100");
        var wrong = post(ACME + "/pause", "{\"seconds\": \"10m\"}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("seconds: expected a whole number from 1 to 604800");
        assertThat(post(ACME + "/pause", "{\"second\": 10}").body()).contains("seconds");
        assertThat(bed.send(bed.operators(ACME)).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> get(String path) {
        return bed.send(bed.operators(path).header("Authorization", "Bearer " + KEY));
    }

    private HttpResponse<String> post(String path, String body) {
        return bed.send(bed.operators(path)
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
