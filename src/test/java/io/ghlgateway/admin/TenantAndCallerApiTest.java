package io.ghlgateway.admin;

import static io.ghlgateway.admin.AdminBed.imported;
import static io.ghlgateway.admin.AdminBed.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants and callers that operators make while the gateway runs. */
class TenantAndCallerApiTest {

    private static final String PIT = "{\"location\": \"loc9\", \"token\": \"" + AdminBed.CANARY + "-pit\"}";

    private @TempDir Path directory;
    private AdminBed bed;

    @BeforeEach
    void open() {
        bed = new AdminBed(directory, AdminBed.KEYSET);
    }

    @AfterEach
    void noAnswerHoldsAToken() {
        bed.close();
        assertThat(bed.said).isNotEmpty().noneMatch(text -> text.contains(AdminBed.CANARY));
    }

    private static String id(String key) {
        return key.substring("gw_".length(), "gw_".length() + 8);
    }

    private Optional<String> callerWith(String key) {
        return bed.callers.caller(KeyHash.of(Secret.of(key))).map(Caller::name);
    }

    @Test
    void aTenantIsMadeShownRotatedAndRemoved() {
        var made = bed.send("PUT", "/tenants/globex", PIT);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().getMap())
                .containsEntry("id", "globex")
                .containsEntry("app", "private")
                .containsEntry("location", "loc9")
                .containsEntry("hasToken", true)
                .containsEntry("configured", false);
        assertThat(bed.tenants.alias("globex").get(0).resource()).isEqualTo(Resource.location("loc9"));
        assertThat(bed.send("PUT", "/tenants/globex", PIT).status()).isEqualTo(200);
        assertThat(bed.get("/tenants/globex").json().getBoolean("hasToken")).isTrue();
        assertThat(bed.send("DELETE", "/tenants/globex", "").status()).isEqualTo(204);
        assertThat(bed.tenants.alias("globex")).isEmpty();
        assertThat(bed.send("DELETE", "/tenants/globex", "").status()).isEqualTo(404);
        assertThat(bed.get("/tenants/globex").status()).isEqualTo(404);
    }

    @Test
    void aTenantOfAConfiguredAppNeedsNoToken() {
        var made = bed.send("PUT", "/tenants/agency", "{\"company\": \"comp\", \"app\": \"main\"}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().getBoolean("hasToken")).isFalse();
        assertThat(made.json().getString("company")).isEqualTo("comp");
    }

    @Test
    void aConfiguredTenantIsListedAndNotChangeable() {
        bed.send("PUT", "/tenants/globex", PIT);

        var list = bed.get("/tenants").json().getJsonArray("tenants");
        assertThat(list.getJsonObject(0).getBoolean("configured")).isTrue();
        assertThat(list.getJsonObject(0).getBoolean("hasToken")).isTrue();
        assertThat(list.getJsonObject(1).getString("id")).isEqualTo("globex");
        assertThat(bed.send("PUT", "/tenants/acme", PIT).status()).isEqualTo(409);
        assertThat(bed.send("DELETE", "/tenants/acme", "").status()).isEqualTo(409);
    }

    @Test
    void anInstallationsIdIsNoNewTenants() {
        bed.post("/installations/import", imported(token("loc")));

        var refused = bed.send("PUT", "/tenants/loc", PIT);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("main:location:loc", "choose another id");
    }

    @Test
    void allThatIsWrongWithATenantIsSaidAtOnce() {
        var wrong = bed.send(
                "PUT", "/tenants/x", "{\"locations\": 1, \"company\": \"a b\", \"location\": \"c\", \"app\": 7}");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().getJsonArray("problems").getList())
                .containsExactly(
                        "'locations': unknown field; there are location, company, app, token, tags",
                        "company: expected HighLevel's id: letters, digits, '-' and '_'",
                        "location, company: expected exactly one of them",
                        "app: expected an app's name: letters, digits, '.', '-' and '_'",
                        "token: missing; expected a private integration token, or in app the name of a configured app"
                                + " that is installed there: main");
        assertThat(bed.send("PUT", "/tenants/a%20b", PIT).status()).isEqualTo(400);
    }

    @Test
    void aCallerGetsAKeyThatIsSaidOnce() {
        var made = bed.post(
                "/callers", "{\"name\": \"sync\", \"tenants\": [\"acme\", \"loc\"], \"default-tenant\": \"loc\"}");

        assertThat(made.status()).isEqualTo(201);
        var key = made.json().getString("key");
        assertThat(callerWith(key)).contains("sync");
        var shown = bed.get("/callers/sync");
        assertThat(shown.text()).doesNotContain(key);
        assertThat(shown.json())
                .isEqualTo(new JsonObject("{\"name\": \"sync\", \"tenants\": [\"acme\", \"loc\"], \"default-tenant\":"
                        + " \"loc\", \"weight\": 1, \"configured\": false, \"keys\": [{\"id\": \"" + id(key)
                        + "\", \"last-used\": \"2026-11-25T12:00:00Z\"}]}"));
        assertThat(bed.post("/callers", "{\"name\": \"sync\", \"tenants\": [\"*\"]}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whatACallerMayDoIsKeptAndShownAndInForceOnEveryReplica() {
        var made = bed.post("/callers", """
                {"name": "sync", "tenants": ["loc", "tag:eu"], "apps": ["main"], "methods": ["POST", "GET"],
                 "routes": ["/contacts/**", "/calendars/{calendarId}"], "urgency": 5}""");

        assertThat(made.status()).isEqualTo(201);
        try (var replica = bed.replica()) {
            assertThat(replica.get("/callers/sync").json())
                    .isEqualTo(new JsonObject("""
                            {"name": "sync", "tenants": ["loc", "tag:eu"], "apps": ["main"], "methods": ["GET", "POST"],
                             "routes": ["/contacts/**", "/calendars/{calendarId}"], "urgency": 5, "weight": 1,
                             "configured": false, "keys": [{"id": "%s"}]}""".formatted(id(made.json().getString("key")))));
            assertThat(replica.callers.named("sync")).isEqualTo(bed.callers.named("sync"));
        }
    }

    @Test
    void whatIsWrongWithACallersRightsIsSaidAtOnce() {
        var wrong = bed.post("/callers", """
                {"name": "sync", "tenants": ["*", "tag:eu"], "apps": [], "methods": ["get"], "urgency": 8,
                 "routes": ["contacts", "/contacts/{id}"]}""");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().getJsonArray("problems").getList())
                .containsExactlyInAnyOrder(
                        "tenants: \"*\" is every tenant and stands alone",
                        "apps: none; each is expected to be an app's name: letters, digits, '.', '-' and '_'",
                        "methods: each is expected to be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                        "routes: each is expected to be a path such as /contacts/**, or a template as HighLevel publishes"
                                + " it, such as /contacts/{contactId}",
                        "routes: each is expected to be a path such as /contacts/**, or a template as HighLevel publishes"
                                + " it, such as /contacts/{contactId}",
                        "urgency: expected a whole number from 0 to 7");
    }

    @Test
    void aTenantsTagsAreKeptAndShown() {
        var made = bed.send(
                "PUT", "/tenants/globex", "{\"location\": \"loc9\", \"token\": \"t\", \"tags\": [\"gold\", \"eu\"]}");

        assertThat(made.json().getJsonArray("tags")).containsExactly("eu", "gold");
        assertThat(bed.tenants.alias("globex").get(0).tags()).containsExactly("eu", "gold");
        assertThat(bed.send("PUT", "/tenants/tag:eu", PIT).status()).isEqualTo(400);
    }

    @Test
    void anOldKeyIsGoodForTheOverlapAndNoLonger() {
        var first = bed.post("/callers", "{\"name\": \"sync\", \"tenants\": [\"*\"]}")
                .json()
                .getString("key");

        var second =
                bed.post("/callers/sync/rotate", "{\"overlap-seconds\": 60}").json();

        assertThat(second.getJsonArray("keys"))
                .containsExactly(
                        new JsonObject().put("id", id(first)).put("expires", "2026-11-25T12:01:00Z"),
                        new JsonObject().put("id", id(second.getString("key"))));
        assertThat(callerWith(first)).contains("sync");
        assertThat(callerWith(second.getString("key"))).contains("sync");
        bed.time.advance(Duration.ofSeconds(60));
        assertThat(callerWith(first)).isEmpty();
        var third = bed.post("/callers/sync/rotate", "").json();
        assertThat(third.getJsonArray("keys")).containsExactly(new JsonObject().put("id", id(third.getString("key"))));
        assertThat(callerWith(second.getString("key"))).isEmpty();
        assertThat(callerWith(third.getString("key"))).contains("sync");
    }

    @Test
    void aDeletedCallersKeysOpenNothing() {
        var key = bed.post("/callers", "{\"name\": \"sync\", \"tenants\": [\"*\"]}")
                .json()
                .getString("key");

        assertThat(bed.send("DELETE", "/callers/sync", "").status()).isEqualTo(204);

        assertThat(callerWith(key)).isEmpty();
        assertThat(bed.get("/callers/sync").status()).isEqualTo(404);
        assertThat(bed.send("DELETE", "/callers/sync", "").status()).isEqualTo(404);
        assertThat(bed.post("/callers/sync/rotate", "").status()).isEqualTo(404);
    }

    @Test
    void ofTwoRotationsAtOnceOneGivesAKeyAndTheOtherSaysThatItGivesNone() {
        bed.post("/callers", "{\"name\": \"sync\", \"tenants\": [\"*\"]}");
        try (var replica = bed.replica()) {
            var key = bed.post("/callers/sync/rotate", "").json().getString("key");

            var second = replica.post("/callers/sync/rotate", "");

            assertThat(second.status()).isEqualTo(409);
            assertThat(second.text()).contains("the caller 'sync' was changed by somebody else meanwhile");
            assertThat(callerWith(key)).contains("sync");
            assertThat(replica.callers.caller(KeyHash.of(Secret.of(key)))).isPresent();
            assertThat(replica.post("/callers/sync/rotate", "").status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerThatWasDeletedElsewhereIsNotBroughtBackByARotation() {
        bed.post("/callers", "{\"name\": \"sync\", \"tenants\": [\"*\"]}");
        try (var replica = bed.replica()) {
            bed.send("DELETE", "/callers/sync", "");

            assertThat(replica.post("/callers/sync/rotate", "{\"overlap-seconds\": 60}")
                            .status())
                    .isEqualTo(409);
            assertThat(replica.get("/callers/sync").status()).isEqualTo(404);
            try (var later = bed.replica()) {
                assertThat(later.get("/callers/sync").status()).isEqualTo(404);
            }
        }
    }

    @Test
    void aTenantThatWasChangedElsewhereIsNotOverwritten() {
        try (var replica = bed.replica()) {
            bed.send("PUT", "/tenants/globex", PIT);

            assertThat(replica.send("PUT", "/tenants/globex", PIT.replace("loc9", "loc8"))
                            .status())
                    .isEqualTo(409);
            assertThat(replica.get("/tenants/globex").json().getString("location"))
                    .isEqualTo("loc9");
            assertThat(replica.send("DELETE", "/tenants/globex", "").status()).isEqualTo(204);
        }
    }

    @Test
    void aTenantIsNotMovedToAnotherLocationUnderTheHandsOfThoseWhoNameIt() {
        bed.send("PUT", "/tenants/globex", PIT);

        var moved = bed.send("PUT", "/tenants/globex", PIT.replace("loc9", "loc8"));

        assertThat(moved.status()).isEqualTo(409);
        assertThat(moved.text()).contains("'globex' is location:loc9", "delete this tenant before");
        assertThat(bed.tenants.alias("globex").get(0).resource()).isEqualTo(Resource.location("loc9"));
        assertThat(bed.send("DELETE", "/tenants/globex", "").status()).isEqualTo(204);
        assertThat(bed.send("PUT", "/tenants/globex", PIT.replace("loc9", "loc8"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aConfiguredCallerIsListedAndNotChangeable() {
        var list = bed.get("/callers").json().getJsonArray("callers");

        assertThat(list.getJsonObject(0))
                .isEqualTo(new JsonObject(
                        "{\"name\": \"billing\", \"tenants\": [\"*\"], \"weight\": 1, \"configured\": true,"
                                + " \"keys\": [{}]}"));
        assertThat(bed.post("/callers", "{\"name\": \"billing\", \"tenants\": [\"*\"]}")
                        .status())
                .isEqualTo(409);
        assertThat(bed.post("/callers/billing/rotate", "").status()).isEqualTo(409);
        assertThat(bed.send("DELETE", "/callers/billing", "").status()).isEqualTo(409);
        assertThat(callerWith("billing-key")).contains("billing");
    }

    @Test
    void allThatIsWrongWithACallerIsSaidAtOnce() {
        var wrong = bed.post(
                "/callers",
                "{\"names\": 1, \"tenants\": [\"*\", \"a b\", \"c\"], \"default-tenant\": \"" + AdminBed.CANARY
                        + " \"}");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().getJsonArray("problems").getList())
                .containsExactly(
                        "'names': unknown field; there are name, tenants, default-tenant, weight, apps, methods, routes,"
                                + " urgency",
                        "name: missing; expected " + Fields.NAME,
                        "tenants: each is expected to be \"*\", tag: and a tag, or " + Fields.NAME,
                        "tenants: \"*\" is every tenant and stands alone",
                        "default-tenant: expected " + Fields.NAME);
        assertThat(bed.post("/callers", "{\"name\": \"x\", \"tenants\": []}").text())
                .contains("tenants: none");
        assertThat(bed.post("/callers", "{\"name\": \"x\", \"tenants\": [\"a\"], \"default-tenant\": \"b\"}")
                        .text())
                .contains("default-tenant: expected one of this caller's tenants");
        assertThat(bed.post("/callers/x/rotate", "{\"overlap-seconds\": -1, \"overlap\": 1}")
                        .json()
                        .getJsonArray("problems"))
                .hasSize(2);
    }
}
