package io.ghlgateway.admin;

import static io.ghlgateway.admin.AdminBed.companyToken;
import static io.ghlgateway.admin.AdminBed.imported;
import static io.ghlgateway.admin.AdminBed.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.admin.AdminBed.Said;
import io.ghlgateway.credentials.RecordCipher;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are brought, and records that go and come back. */
class ImportApiTest {

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
    void anImportIsReadAndOpenedAsideFromTheEventLoop() {
        take(token("loc"));
        var body = new JsonObject()
                .put("export", bed.post("/installations/export", "").json());
        int before = bed.openedOnLoop.get();

        assertThat(bed.post("/installations/import", body).status()).isEqualTo(200);

        assertThat(bed.openedOnLoop).hasValue(before);
    }

    @Test
    void anExportAtWorkKeepsNobodyElseWaiting() {
        take(token("loc"));
        var others = new CountDownLatch(1);
        bed.busy(others);

        var export = CompletableFuture.supplyAsync(() -> bed.post("/installations/export", ""));
        for (int i = 0; i < 50; i++) {
            assertThat(bed.get(LOC).status()).isEqualTo(200);
        }

        assertThat(export).isNotDone();
        others.countDown();
        assertThat(export.join().status()).isEqualTo(200);
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
}
