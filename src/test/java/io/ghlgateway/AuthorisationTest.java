package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller may do is what its configuration lists; {@code explain} tells the same. */
class AuthorisationTest {

    private static final String READER_KEY = "reader-key-51aa";
    private static final String TAGGED_KEY = "tagged-key-0f3d";
    private static final String APPS_KEY = "apps-key-77c0";

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        bed = TestBed.start(new Plan()
                .tenant("{id: initech, location: " + Plan.GLOBEX + ", app: crm, token: " + Plan.GLOBEX_TOKEN
                        + ", tags: [eu, gold]}")
                .caller("{name: reader, key: " + READER_KEY + ", tenants: [acme], methods: [GET], urgency: 4,"
                        + " routes: [\"/contacts/**\", \"/calendars/{calendarId}\"]}")
                .caller("{name: tagged, key: " + TAGGED_KEY + ", tenants: [\"tag:eu\"]}")
                .caller("{name: apps, key: " + APPS_KEY + ", tenants: [acme, initech], apps: [crm], default-tenant:"
                        + " initech}"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/contacts/abc,",
        "HEAD,/contacts/abc,",
        "GET,/CONTACTS/abc,",
        "GET,/calendars/abc,",
        "POST,/contacts/,'may not POST anything; its methods are GET (callers: methods)'",
        "DELETE,/contacts/abc,'may not DELETE anything; its methods are GET'",
        "GET,/calendars/abc/x,'may not use an operation that HighLevel has not published'",
        "GET,/calendars/GROUPS,'may not use GET /calendars/groups; its routes are /contacts/**, /calendars/{calendarId}'",
        "GET,/locations/ve9EPM428h8vShlRW1KT,'may not use GET /locations/{locationId}'",
        "GET,/mcp/,'may not use an operation that HighLevel has not published; its routes are /contacts/**'"
    })
    void aCallerDoesWhatItsMethodsAndRoutesListAndIsToldSoBeforehand(String method, String path, String refused) {
        var before = bed.stats().accepted();

        var answer = bed.send(request(READER_KEY, path).method(method, BodyPublishers.noBody()));

        var told = explained("reader", method, path);
        if (refused == null) {
            assertThat(answer.headers().firstValue("X-Gateway-Error")).isEmpty();
            assertThat(told.getString("outcome")).isEqualTo("sent");
        } else {
            assertForbidden(answer, "caller 'reader' " + refused);
            assertThat(told.getJsonObject("refusal").getString("code")).isEqualTo("forbidden");
            assertThat(told.getJsonObject("refusal").getString("detail")).contains(refused);
            assertThat(bed.stats().accepted()).isEqualTo(before);
        }
    }

    @Test
    void aCallerOfATagReachesTheTenantsThatBearIt() {
        assertThat(bed.send(request(TAGGED_KEY, "/contacts/").header("X-Tenant", "initech"))
                        .statusCode())
                .isEqualTo(200);
        assertForbidden(
                bed.send(request(TAGGED_KEY, "/contacts/").header("X-Tenant", "acme")),
                "X-Tenant: acme is out of reach of caller 'tagged'; its tenants are set in callers (tenants)");
    }

    @Test
    void aCallerOfSomeAppsIsToldWhichTheyAre() {
        assertThat(bed.send(request(APPS_KEY, "/contacts/")).statusCode()).isEqualTo(200);
        assertForbidden(
                bed.send(request(APPS_KEY, "/contacts/").header("X-Tenant", "acme")),
                "X-Tenant: acme is out of reach of caller 'apps'; that is under the app private, and the caller's apps"
                        + " are crm (callers: apps)");
        // Named in the body, where the operation has it.
        assertForbidden(
                bed.send(request(APPS_KEY, "/contacts/")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"locationId\": \"" + Plan.ACME + "\"}"))),
                "the caller's apps are crm");
    }

    @ParameterizedTest
    @CsvSource({"u=0,u=4", "u=4,u=4", "u=6,u=6", "nonsense,u=4"})
    void nobodyIsMoreUrgentThanItMayBe(String asked, String inForce) {
        var answer = bed.send(request(READER_KEY, "/contacts/abc").header("Priority", asked));

        assertThat(answer.headers().firstValue("Priority")).hasValue(inForce);
        assertThat(explained("reader", "GET", "/contacts/abc")
                        .getJsonObject("queue")
                        .getInteger("urgency"))
                .isEqualTo(4);
    }

    private static HttpRequest.Builder request(String key, String path) {
        return bed.stranger(path).header("X-Gateway-Key", key);
    }

    private static JsonObject explained(String caller, String method, String path) {
        var answer = bed.send(bed.operators("/admin/v1/explain?method=" + method + "&path="
                        + URLEncoder.encode(path, StandardCharsets.UTF_8) + "&caller=" + caller)
                .header("Authorization", "Bearer " + Plan.ADMIN_KEY));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static void assertForbidden(HttpResponse<String> answer, String detail) {
        assertThat(answer.headers().firstValue("X-Gateway-Error"))
                .as(answer.body())
                .hasValue("forbidden");
        assertThat(answer.statusCode()).isEqualTo(403);
        if (!answer.request().method().equals("HEAD")) {
            assertThat(new JsonObject(answer.body()).getString("detail")).contains(detail);
        }
    }
}
