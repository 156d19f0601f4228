package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in, and with which words others are turned away. */
class SimulatorAdmissionTest {

    @AutoClose
    private final RunningSimulator upstream =
            new RunningSimulator(prompt().tokens(tokens()).build());

    @ParameterizedTest
    @CsvSource({
        "GET, /contacts/c1, '', 401, version header was not found.",
        "GET, /contacts/c1, 2020-01-01, 401, version header is invalid",
        "GET, /contacts/c1, legacy, 200, traceId",
        "GET, /contacts/c1, v3, 200, traceId",
        "GET, /notes/n1, '', 401, version header was not found.",
        "POST, /oauth/reconnect, '', 201, traceId",
        "GET, /store/shipping-zone, '', 200, traceId",
        "GET, /store/shipping-zone, 2021-07-28, 200, traceId",
        "GET, /contacts/?limit=1, v3, 200, traceId",
        "GET, /brand-boards/locations/locA/brand-voices, 2021-07-28, 404, Cannot GET /brand-boards/locations/locA/brand-voices",
        "GET, /brand-boards/locations/locA/brand-voices, v3, 200, traceId",
    })
    void makesTheVersionPartOfThePath(String method, String path, String version, int status, String words) {
        HttpRequest.Builder call = upstream.bare(method, path, "").header("Authorization", "Bearer pit-location");
        if (!version.isEmpty()) {
            call.header("Version", version);
        }

        HttpResponse<String> answer = upstream.send(call);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "pit-location, GET,  /contacts/c1,               200, contact",
        "pit-company,  GET,  /contacts/c1,               401, This token's user type is not yet supported!",
        "pit-company,  PUT,  /locations/locA,            200, location",
        "pit-location, PUT,  /locations/locA,            403, Forbidden resource",
        "pit-location, GET,  /locations/locA,            200, location",
        "pit-company,  GET,  /locations/locA,            200, location",
        "pit-company,  POST, /oauth/locationToken,       401, Invalid JWT",
        "jwt-location, POST, /oauth/locationToken,       401, This token's user type is not yet supported!",
        "jwt-company,  POST, /oauth/locationToken,       201, locationToken",
        "pit-unknown,  POST, /oauth/token,               201, token",
    })
    void takesTheRightKindOfTokenOnly(String token, String method, String path, int status, String words) {
        HttpResponse<String> answer = call(token, method, path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void answersACallThatNeedsNoToken() {
        HttpResponse<String> answer = upstream.send(upstream.bare("POST", "/oauth/token", ""));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(upstream.simulator().stats().resources()).isEmpty();
    }

    @Test
    void chargesACallThatWantsAScopeAndSaysSoBeforeItLooksAtTheLocation() {
        HttpResponse<String> held = call("pit-scoped", "GET", "/contacts/c1");
        HttpResponse<String> missing = call("pit-scoped", "PUT", "/contacts/c1");
        HttpResponse<String> elsewhere = call("pit-scoped", "GET", "/users/?locationId=locB");

        assertThat(held.statusCode()).isEqualTo(200);
        assertThat(missing.statusCode()).isEqualTo(401);
        assertThat(missing.body()).contains("The token is not authorized for this scope.", "Unauthorized");
        assertThat(elsewhere.body()).contains("not authorized for this scope");
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "/conversations/search?locationId=locB,                    403, The token does not have access to this location.",
        "/opportunities/search?location_id=locB,                   401, This location is not accessible from this token!",
        "/conversations/messages/m1/locations/locB/recording,      403, The token does not have access to this location.",
        "/conversations/messages/m1/locations/locA/recording,      200, ''",
        "/nowhere?locationId=locB,                                 403, The token does not have access to this location.",
    })
    void keepsATokenOutOfOtherLocations(String path, int status, String words) {
        HttpResponse<String> answer = call("pit-location", "GET", path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void takesTheAltIdOfAMessageForNoLocation() {
        HttpResponse<String> answer =
                upstream.send(upstream.bare("POST", "/conversations/messages/inbound", "{\"altId\":\"mail-17\"}")
                        .header("Authorization", "Bearer pit-location")
                        .header("Version", "2021-04-15"));

        assertThat(answer.statusCode()).isEqualTo(201);
    }

    @Test
    void wrapsTheErrorsOfTheThirdGeneration() {
        HttpResponse<String> answer = upstream.send(upstream.bare("GET", "/locations/locB", "")
                .header("Authorization", "Bearer pit-location")
                .header("Version", "v3"));

        JsonObject body = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(body.remove("traceId")).asString().hasSize(36);
        assertThat(body)
                .isEqualTo(new JsonObject()
                        .put(
                                "error",
                                new JsonObject()
                                        .put("code", "FORBIDDEN")
                                        .put("message", "The token does not have access to this location.")
                                        .put("details", new JsonArray())));
    }

    private HttpResponse<String> call(String token, String method, String path) {
        return upstream.send(upstream.bare(method, path, "")
                .header("Authorization", "Bearer " + token)
                .header("Version", "2021-07-28"));
    }

    private static Map<String, Account> tokens() {
        Map<String, Account> tokens = new LinkedHashMap<>();
        tokens.put("pit-location", Account.parse("locA"));
        tokens.put("pit-company", Account.parse("company:co"));
        tokens.put("jwt-location", Account.parse("locA"));
        tokens.put("jwt-company", Account.parse("company:co"));
        tokens.put("pit-scoped", Account.parse("locA:scopes=contacts.readonly"));
        return tokens;
    }
}
