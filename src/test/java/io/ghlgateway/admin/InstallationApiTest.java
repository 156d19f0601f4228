package io.ghlgateway.admin;

import static io.ghlgateway.admin.AdminBed.companyToken;
import static io.ghlgateway.admin.AdminBed.imported;
import static io.ghlgateway.admin.AdminBed.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.admin.AdminBed.Said;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.highlevel.GrantImport;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do with installations. */
class InstallationApiTest {

    private static final String LOC = "/installations/main/location:loc";

    private @TempDir Path directory;
    private AdminBed bed;

    @BeforeEach
    void open() {
        bed = new AdminBed(directory.resolve("kept"), AdminBed.KEYSET);
    }

    @AfterEach
    void noAnswerHoldsAToken() {
        bed.close();
        assertThat(bed.said).isNotEmpty().noneMatch(text -> text.contains(AdminBed.CANARY));
    }

    private Said take(JsonObject token) {
        return bed.post("/installations/import", imported(token));
    }

    private void pending(JsonObject token) {
        var grant = GrantImport.of(token).grant().orElseThrow();
        Await.result(bed.onboarding.take(AdminBed.MAIN, grant, true));
    }

    private String status(String resource) {
        return bed.get("/installations/main/" + resource).json().getString("status");
    }

    @Test
    void anImportedTokenIsAnInstallationWithAllThatIsKnownOfIt() {
        var taken = take(token("loc"));

        assertThat(taken.status()).isEqualTo(201);
        assertThat(taken.headers()).containsEntry("cache-control", List.of("no-store"));
        var one = bed.get(LOC);
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.headers().get("content-type")).containsExactly("application/json");
        assertThat(one.json().getMap())
                .containsEntry("app", "main")
                .containsEntry("resource", "location:loc")
                .containsEntry("kind", "Location")
                .containsEntry("origin", "installed")
                .containsEntry("company", "comp")
                .containsEntry("scopes", List.of("contacts.readonly", "contacts.write"))
                .containsEntry("status", "active")
                .containsEntry("reason", "")
                .containsEntry("generation", 1)
                .containsEntry("expires", "2026-11-26T11:59:59Z")
                .containsEntry("changed", "2026-11-25T12:00:00Z")
                .containsKey("renews");
    }

    @Test
    void anImportedCompanyBringsItsLocations() {
        bed.highLevel.installed = List.of("one", "two");

        var taken = take(companyToken("comp"));

        assertThat(taken.status()).isEqualTo(201);
        assertThat(taken.json().getInteger("locations")).isEqualTo(2);
        var one = bed.get("/installations/main/one").json();
        assertThat(one.getString("origin")).isEqualTo("minted");
        assertThat(one.getString("company")).isEqualTo("comp");
    }

    @Test
    void anImportSaysAllThatIsWrongAtOnce() {
        var wrong = bed.post(
                "/installations/import",
                new JsonObject()
                        .put("app", "other")
                        .put("tokens", 1)
                        .put(
                                "token",
                                new JsonObject().put("userType", "Company").put("access_token", "a b")));

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.headers().get("content-type")).containsExactly("application/problem+json");
        assertThat(wrong.json().getJsonArray("problems").getList())
                .containsExactly(
                        "'tokens': unknown field; there are app, token, export",
                        "app: not configured; there are main",
                        "token: companyId: expected HighLevel's id (letters, digits, '-' and '_'), since userType is"
                                + " Company",
                        "token: access_token: expected a token (visible ASCII characters, without blanks)",
                        "token: refresh_token: expected a token (visible ASCII characters, without blanks)",
                        "token: expires_in: expected a number of seconds above 0");
        assertThat(take(token("loc").put("userType", "Agency")).text()).contains("userType: expected");
    }

    @Test
    void whatIsNoJsonIsNotRepeated() {
        for (var body : List.of("", "[1]", AdminBed.CANARY, "{\"token\": " + AdminBed.CANARY)) {
            var said = bed.send("POST", "/installations/import", body);
            assertThat(said.status()).isEqualTo(400);
            assertThat(said.text()).contains("expected a JSON object");
        }
    }

    @Test
    void theListIsFilteredAndPaged() {
        take(token("a"));
        take(token("b"));
        pending(token("c"));

        var first = bed.get("/installations?limit=2").json();
        assertThat(first.getJsonArray("installations")).hasSize(2);
        assertThat(first.getInteger("unkept")).isZero();
        assertThat(first.getString("next")).isEqualTo("main:location:b");
        var rest = bed.get("/installations?after=" + first.getString("next")).json();
        assertThat(rest.getJsonArray("installations")).hasSize(1);
        assertThat(rest.containsKey("next")).isFalse();
        var waiting = bed.get("/installations?app=main&status=pending").json();
        assertThat(waiting.getJsonArray("installations").getJsonObject(0).getString("resource"))
                .isEqualTo("location:c");
        assertThat(bed.get("/installations?app=other").json().getJsonArray("installations"))
                .isEmpty();
        assertThat(bed.get("/installations?state=x&limit=0&status=fine")
                        .json()
                        .getJsonArray("problems")
                        .getList())
                .containsExactly(
                        "'state': unknown field; there are app, status, limit, after",
                        "limit: expected a whole number from 1 to 1000",
                        "status: expected one of active, pending, paused, lost, revoked");
    }

    @Test
    void aBareIdIsTheOneThatExists() {
        take(token("same"));
        assertThat(bed.get("/installations/main/same").status()).isEqualTo(200);

        take(companyToken("same"));

        var both = bed.get("/installations/main/same");
        assertThat(both.status()).isEqualTo(400);
        assertThat(both.text()).contains("say location:same or company:same");
        assertThat(bed.get("/installations/main/company:same").json().getString("kind"))
                .isEqualTo("Company");
        assertThat(bed.get("/installations/main/nowhere").status()).isEqualTo(404);
        assertThat(bed.get("/installations/main/agency:same").status()).isEqualTo(400);
        assertThat(bed.get("/installations/m%20n/same").status()).isEqualTo(400);
    }

    @Test
    void aRefreshRenewsNow() {
        take(token("loc"));

        var renewed = bed.post(LOC + "/refresh", "");

        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.json().getInteger("generation")).isEqualTo(2);
        assertThat(bed.post("/installations/main/nowhere/refresh", "").status()).isEqualTo(404);
    }

    @Test
    void aRefreshThatFailsSaysWhy() {
        take(token("loc"));
        bed.highLevel.refusal = Optional.of(new Refused(Refused.Reason.LOCATION_NOT_ACTIVE, "Location is not active"));

        var failed = bed.post(LOC + "/refresh", "");

        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.json().getString("detail")).contains("main:location:loc", "Location is not active");
        assertThat(status("loc")).isEqualTo("paused");
        assertThat(bed.post(LOC + "/approve", "").status()).isEqualTo(409);
    }

    @Test
    void whatWasApprovedIsActive() {
        pending(token("loc"));

        assertThat(bed.post(LOC + "/approve", "").json().getString("status")).isEqualTo("active");
        assertThat(bed.post(LOC + "/approve", "").status()).isEqualTo(200);
    }

    @Test
    void aCompanyIsApprovedAndRevokedWithItsMintedLocations() {
        bed.highLevel.installed = List.of("one", "two", "own");
        take(token("own"));
        pending(companyToken("comp"));
        assertThat(status("one")).isEqualTo("pending");

        bed.post("/installations/main/comp/approve", "");

        assertThat(List.of(status("one"), status("two"))).containsOnly("active");

        var revoked = bed.send("DELETE", "/installations/main/comp", "");

        assertThat(revoked.json().getString("status")).isEqualTo("revoked");
        assertThat(List.of(status("one"), status("two"))).containsOnly("revoked");
        assertThat(status("own")).isEqualTo("active");
    }

    @Test
    void whatWasRevokedHasNoTokensAndIsNotRenewed() {
        take(token("loc"));

        var revoked = bed.send("DELETE", LOC, "");

        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.json().containsKey("expires")).isFalse();
        assertThat(revoked.json().containsKey("renews")).isFalse();
        var held = bed.installations
                .find(new InstallationKey(new App("main"), Resource.location("loc")))
                .orElseThrow();
        assertThat(held.tokens()).isEmpty();
        assertThat(held.earlier()).isEmpty();
        assertThat(bed.post(LOC + "/refresh", "").status()).isEqualTo(409);
        assertThat(bed.send("DELETE", LOC, "").status()).isEqualTo(200);
        assertThat(take(token("loc")).json().getString("status")).isEqualTo("active");
    }

    @Test
    void aRenewalThatEndsLateDoesNotUndoARevocation() {
        take(token("loc"));
        var gate = Promise.<Void>promise();
        bed.highLevel.gate = gate.future();
        var renewal = CompletableFuture.supplyAsync(() -> bed.post(LOC + "/refresh", ""));
        Await.until(() -> bed.highLevel.refreshes.get() > 0);

        assertThat(bed.send("DELETE", LOC, "").json().getString("status")).isEqualTo("revoked");
        gate.complete();

        assertThat(renewal.join().status()).isEqualTo(409);
        assertThat(status("loc")).isEqualTo("revoked");
    }

    @Test
    void anExportComesBackInAnotherStoreAndNeverOverWhatIsNewer() {
        take(token("loc"));
        take(token("two"));
        var export = bed.post("/installations/export", "");
        assertThat(export.status()).isEqualTo(200);
        var body = new JsonObject().put("export", export.json());

        assertThat(bed.post("/installations/import", body).json())
                .isEqualTo(new JsonObject("{\"records\":2,\"written\":0,\"kept\":2,\"unreadable\":[]}"));

        try (var other = new AdminBed(directory.resolve("other"), AdminBed.KEYSET)) {
            assertThat(other.post("/installations/import", body).json().getInteger("written"))
                    .isEqualTo(2);
            assertThat(other.post(LOC + "/refresh", "").json().getInteger("generation"))
                    .isEqualTo(2);
            assertThat(other.post("/installations/import", body).json().getInteger("kept"))
                    .isEqualTo(2);
            assertThat(other.get(LOC).json().getInteger("generation")).isEqualTo(2);
        }
        try (var stranger = new AdminBed(directory.resolve("stranger"), RecordCipher.newKeyset())) {
            var counts = stranger.post("/installations/import", body).json();
            assertThat(counts.getInteger("written")).isZero();
            assertThat(counts.getJsonArray("unreadable")).contains("installation/main:location:loc");
            assertThat(stranger.get("/installations").json().getJsonArray("installations"))
                    .isEmpty();
        }
    }

    @Test
    void whatIsNoExportIsRefused() {
        var export = new JsonObject("{\"export\": {\"format\": 2, \"records\": [{\"name\": \"x\"}], \"more\": 1}}");

        assertThat(bed.post("/installations/import", export)
                        .json()
                        .getJsonArray("problems")
                        .getList())
                .containsExactly(
                        "'more': unknown field; there are format, records",
                        "format: expected a whole number from 1 to 1",
                        "records[0]: expected name (kind/id), generation and sealed (base64)");
        assertThat(bed.post("/installations/import", new JsonObject().put("export", 1))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        var large = bed.post("/callers", "x".repeat((1 << 20) + 1));

        assertThat(large.status()).isEqualTo(413);
        assertThat(large.text()).contains("expected at most 1048576 bytes");
    }

    @Test
    void withoutTheKeyNothingIsShownOrDone() {
        var vertx = Vertx.vertx();
        try {
            int port = Await.result(AdminBed.server(vertx, Optional.of(AdminBed.KEY), Optional.empty()))
                    .actualPort();
            assertThat(bed.send(port, "POST", "/installations/export", "", "Bearer wrong")
                            .status())
                    .isEqualTo(401);
            for (var path : List.of("/installations", "/installations/a/b", "/tenants/x", "/callers")) {
                var said = bed.send(port, "GET", path, "", "Bearer " + AdminBed.KEY);
                assertThat(said.status()).isEqualTo(409);
                assertThat(said.text()).contains("set credentials.encryption-key (run: keys encryption)");
            }
            int open = Await.result(AdminBed.server(vertx, Optional.empty(), Optional.empty()))
                    .actualPort();
            assertThat(bed.send(open, "POST", "/installations/export", "", "none")
                            .status())
                    .isEqualTo(403);
        } finally {
            Await.result(vertx.close());
        }
    }
}
