package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorApiTest {

    @AutoClose
    private final RunningSimulator upstream = new RunningSimulator(
            prompt().tokens(Map.of(TOKEN, Account.parse("locA"), "pit-agency", Account.parse("company:coB")))
                    .build());

    @ParameterizedTest
    @CsvSource({
        ", Invalid JWT",
        "Basic eDp5, Invalid Private Integration token",
        "Bearer pit-unknown, Invalid Private Integration token"
    })
    void refusesCallersItDoesNotKnowWithoutCountingThem(String authorization, String message) {
        HttpRequest.Builder call = upstream.bare("GET", "/contacts/c1", "").header("Version", "2021-07-28");
        if (authorization != null) {
            call.header("Authorization", authorization);
        }

        HttpResponse<String> answer = upstream.send(call);

        assertThat(answer.statusCode()).isEqualTo(401);
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.remove("traceId")).asString().hasSize(36);
        assertThat(body)
                .isEqualTo(new JsonObject()
                        .put("statusCode", 401)
                        .put("message", message)
                        .put("error", "Unauthorized"));
        assertThat(answer.headers().firstValue("X-RateLimit-Max")).isEmpty();
        assertThat(upstream.simulator().stats().resources()).isEmpty();
    }

    @Test
    void wantsAVersionThatExists() {
        HttpRequest.Builder none = upstream.bare("GET", "/contacts/c1", "").header("Authorization", "Bearer " + TOKEN);
        HttpRequest.Builder unknown = none.copy().header("Version", "2020-01-01");

        assertThat(upstream.send(none).body()).contains("version header was not found.");
        assertThat(upstream.send(unknown).body()).contains("version header is invalid");
        assertThat(upstream.simulator().stats().accepted()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /locations/locB                          |",
                "GET  | /locations/locB/customFields             |",
                "GET  | /contacts/?locationId=locB               |",
                "GET  | /contacts/?location_id=locB              |",
                "GET  | /products/?altId=locB                    |",
                "GET  | /products/?altId=locB&altType=location   |",
                "GET  | /contacts/?locationId=locA&locationId=locB |",
                "POST | /contacts/ | {\"locationId\":\"locB\"}",
                "POST | /products/ | {\"altId\":\"locB\",\"altType\":\"location\"}",
            })
    void keepsATokenOutOfOtherLocationsButTakesItsCall(String method, String path, String body) {
        HttpResponse<String> answer = upstream.send(method, path, body == null ? "" : body);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("The token does not have access to this location.");
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /locations/locA                       |",
                "GET  | /locations/search                     |",
                "GET  | /contacts/?locationId=locA            |",
                "GET  | /products/?altId=coB&altType=company  |",
                "GET  | /contacts/c1                          |",
                "PUT  | /contacts/c1 | {\"locationId\":\"locA\"}",
            })
    void letsATokenIntoItsOwnLocation(String method, String path, String body) {
        assertThat(upstream.send(method, path, body == null ? "" : body).statusCode())
                .isEqualTo(200);
    }

    @Test
    void letsACompanyIntoEveryLocation() {
        HttpResponse<String> answer = upstream.send(upstream.bare("GET", "/locations/locZ", "")
                .header("Authorization", "Bearer pit-agency")
                .header("Version", "v3"));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void keepsWhatWasCreated() {
        HttpResponse<String> created = upstream.send("POST", "/contacts/", "{\"firstName\":\"Ada\"}");
        JsonObject contact = new JsonObject(created.body()).getJsonObject("contact");
        String path = "/contacts/" + contact.getString("id");
        JsonObject read = json(upstream.get(path));
        JsonObject changed = json(upstream.send("PUT", path, "{\"lastName\":\"Lovelace\"}"));
        JsonObject listed = json(upstream.get("/contacts/?limit=5"));
        JsonObject found = json(upstream.send("POST", "/contacts/search", "{\"pageLimit\":1}"));
        JsonObject deleted = json(upstream.send("DELETE", path, ""));
        HttpResponse<String> gone = upstream.get(path);

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(new JsonObject(created.body()).getString("traceId")).hasSize(36);
        assertThat(read.getJsonObject("contact")).isEqualTo(contact);
        assertThat(changed.getJsonObject("contact").getString("firstName")).isEqualTo("Ada");
        assertThat(changed.getJsonObject("contact").getString("lastName")).isEqualTo("Lovelace");
        assertThat(listed.getJsonArray("contacts")).hasSize(1);
        assertThat(found.getInteger("total")).isEqualTo(1);
        assertThat(deleted.getBoolean("succeded")).isTrue();
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(json(upstream.get("/contacts/")).getJsonArray("contacts")).isEmpty();
    }

    @Test
    void makesUpARecordItNeverHeardOf() {
        JsonObject answer = json(upstream.get("/opportunities/o-17"));

        assertThat(answer.getJsonObject("opportunity").getString("id")).isEqualTo("o-17");
        assertThat(answer.getJsonObject("opportunity").getString("locationId")).isEqualTo("locA");
    }

    @Test
    void keepsTheNotesOfEachContactApart() {
        upstream.send("POST", "/contacts/c1/notes", "{\"body\":\"called\"}");

        assertThat(json(upstream.get("/contacts/c1/notes")).getJsonArray("notes"))
                .hasSize(1);
        assertThat(json(upstream.get("/contacts/c2/notes")).getJsonArray("notes"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"x\"", "12", "[1]", "{", "  ", "\u0000"})
    void takesBodiesThatAreNoJsonObject(String body) {
        assertThat(upstream.send("POST", "/contacts/", body).statusCode()).isEqualTo(201);
    }

    @Test
    void refusesAQueryThatCannotBeDecoded() {
        String answer = upstream.raw("GET /contacts/?a=%zz HTTP/1.1\nHost: x\nConnection: close\nAuthorization: Bearer "
                + TOKEN + "\nVersion: v3\n\n");

        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void answersHeadWithoutABody() {
        String answer = upstream.raw("HEAD /contacts/c1 HTTP/1.1\nHost: x\nConnection: close\nAuthorization: Bearer "
                + TOKEN + "\nVersion: v3\n\n");

        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n").doesNotContain("c1");
    }

    @Test
    void echoesTheCallAsItCame() {
        String answer = upstream.raw(
                "POST /simulate/echo?a=b%2Fc&d HTTP/1.1\nHost: x\nConnection: close\nX-One: 1\nx-one: 2\nAuthorization: Bearer "
                        + TOKEN + "\nContent-Length: 3\n\nabc");

        JsonObject echo = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n")));
        assertThat(echo.getString("method")).isEqualTo("POST");
        assertThat(echo.getString("uri")).isEqualTo("/simulate/echo?a=b%2Fc&d");
        assertThat(echo.getJsonArray("headers"))
                .contains(
                        new JsonArray().add("X-One").add("1"),
                        new JsonArray().add("x-one").add("2"));
        assertThat(echo.getString("body")).isEqualTo("abc");
    }

    @Test
    void hashesAnUploadOfAnySize() {
        JsonObject answer = json(upstream.send("PUT", "/simulate/upload", "x".repeat(3_000_000)));

        assertThat(answer.getLong("bytes")).isEqualTo(3_000_000);
        assertThat(answer.getString("sha256"))
                .isEqualTo("e55b8bdf621ddaa8f462c74745db9680d3bb7536a9cf854f8d6668b34a287890");
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&chunked=true"})
    void downloadsAsManyBytesAsAskedFor(String chunked) {
        String answer = upstream.raw("GET /simulate/download?bytes=3000001" + chunked
                + " HTTP/1.0\nHost: x\nAuthorization: Bearer " + TOKEN + "\n\n");

        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body).hasSize(3_000_001);
        assertThat(body.charAt(3_000_000)).isEqualTo((char) (3_000_000 % 251));
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
