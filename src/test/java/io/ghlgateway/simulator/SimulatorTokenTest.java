package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningOAuth.CLIENT;
import static io.ghlgateway.simulator.RunningOAuth.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The token endpoint and reconnect, in all their forms. */
class SimulatorTokenTest {

    @AutoClose
    private final RunningOAuth upstream = new RunningOAuth();

    @Test
    void exchangesALocationsCodeForAllThatHighLevelAnswers() {
        HttpResponse<String> answer = upstream.exchange(upstream.code("locA"));

        JsonObject pair = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(pair.fieldNames())
                .containsExactlyInAnyOrder(
                        "access_token",
                        "token_type",
                        "expires_in",
                        "refresh_token",
                        "scope",
                        "refreshTokenId",
                        "userType",
                        "companyId",
                        "locationId",
                        "approvedLocations",
                        "userId",
                        "planId",
                        "isBulkInstallation",
                        "installToFutureLocations",
                        "approveAllLocations",
                        "traceId");
        assertThat(pair.getString("token_type")).isEqualTo("Bearer");
        assertThat(pair.getInteger("expires_in")).isEqualTo(86_399);
        assertThat(pair.getString("userType")).isEqualTo("Location");
        assertThat(pair.getString("companyId")).isEqualTo("co");
        assertThat(pair.getBoolean("isBulkInstallation")).isFalse();
        assertThat(upstream.simulator().simulator().stats().accepted()).isZero();
    }

    @Test
    void exchangesACompanysCodeAsABulkInstallation() {
        JsonObject pair = new JsonObject(upstream.exchange(upstream.code("co")).body());

        assertThat(pair.getString("userType")).isEqualTo("Company");
        assertThat(pair.containsKey("locationId")).isFalse();
        assertThat(pair.getJsonArray("approvedLocations")).containsExactly("locA", "locB", "locC");
        assertThat(pair.getBoolean("isBulkInstallation")).isTrue();
        assertThat(pair.getBoolean("installToFutureLocations")).isTrue();
    }

    @Test
    void takesJsonToo() {
        JsonObject body = new JsonObject()
                .put("client_id", CLIENT)
                .put("client_secret", SECRET)
                .put("grant_type", "authorization_code")
                .put("code", upstream.code("locA"));

        HttpResponse<String> answer = upstream.simulator().send(upstream.json("/oauth/token", body));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getString("access_token")).startsWith("ey");
    }

    @Test
    void speaksCamelCaseInTheThirdGeneration() {
        HttpResponse<String> answer = upstream.simulator()
                .send(upstream.form(
                                "/oauth/token",
                                "clientId",
                                CLIENT,
                                "clientSecret",
                                SECRET,
                                "grantType",
                                "authorization_code",
                                "code",
                                upstream.code("locA"),
                                "userType",
                                "Location")
                        .header("Version", "v3"));

        JsonObject pair = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(pair.fieldNames())
                .contains("accessToken", "tokenType", "expiresIn", "refreshToken", "refreshTokenId")
                .noneMatch(name -> name.contains("_"));
    }

    @Test
    void rotatesWithAGraceAndThenSaysInvalidGrant() {
        String first = upstream.installed("locA").getString("refresh_token");

        JsonObject second = new JsonObject(upstream.refresh(first).body());
        JsonObject repeated = new JsonObject(upstream.refresh(first).body());
        upstream.simulator().pass(Duration.ofMillis(30_001));
        HttpResponse<String> dead = upstream.refresh(first);

        JsonObject said = new JsonObject(dead.body());
        assertThat(repeated.getString("refresh_token")).isEqualTo(second.getString("refresh_token"));
        assertThat(repeated.getString("access_token")).isEqualTo(second.getString("access_token"));
        assertThat(dead.statusCode()).isEqualTo(400);
        assertThat(said.remove("traceId")).isNotNull();
        assertThat(said)
                .isEqualTo(new JsonObject()
                        .put("statusCode", 400)
                        .put("message", "Invalid grant: refresh token is invalid"));
        assertThat(upstream.refresh(second.getString("refresh_token")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void saysThatALocationIsNotActiveAndKeepsItsTokenGood() {
        String token = upstream.installed("locA").getString("refresh_token");
        upstream.order(new JsonObject().put("pause", new JsonObject().put("location", "locA")));

        HttpResponse<String> paused = upstream.refresh(token);
        upstream.order(new JsonObject().put("resume", new JsonObject().put("location", "locA")));

        assertThat(paused.statusCode()).isEqualTo(400);
        assertThat(paused.body()).contains("\"message\":\"Location is not active\"");
        assertThat(upstream.refresh(token).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,         s3cret, refresh_token,      refresh_token, x, Missing parameter: clientId",
                "crmapp-k1, -,      refresh_token,      refresh_token, x, Missing parameter: clientSecret",
                "crmapp-k1, s3cret, -,                  refresh_token, x, Missing parameter: grantType",
                "crmapp-k1, s3cret, client_credentials, refresh_token, x, Invalid parameter: grantType",
                "crmapp-k1, wrong,  refresh_token,      refresh_token, x, Invalid client: client is invalid",
                "nobody,    s3cret, refresh_token,      refresh_token, x, Invalid client: client is invalid",
                "crmapp-k1, s3cret, refresh_token,      code,          x, Missing parameter: refreshToken",
                "crmapp-k1, s3cret, authorization_code, refresh_token, x, Missing parameter: code",
                "crmapp-k1, s3cret, refresh_token,      refresh_token, x, Invalid grant: refresh token is invalid",
                "crmapp-k1, s3cret, authorization_code, code,          x, Invalid grant: authorization code is invalid",
            })
    void saysWhatIsWrongWithARequest(
            String client, String secret, String grantType, String field, String value, String words) {
        HttpResponse<String> answer = upstream.token(
                "client_id", or(client), "client_secret", or(secret), "grant_type", or(grantType), field, value);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("message")).isEqualTo(words);
    }

    @Test
    void refusesAUserTypeThatIsNoneAndABodyThatIsNoJson() {
        String[] fields = {"client_id", CLIENT, "client_secret", SECRET, "grant_type", "refresh_token", "user_type", "X"
        };

        assertThat(upstream.token(fields).body()).contains("Invalid parameter: userType");
        assertThat(upstream.simulator()
                        .send(upstream.simulator()
                                .bare("POST", "/oauth/token", "{")
                                .header("Content-Type", "application/json"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void reconnectsWithoutAUser() {
        String lost = upstream.installed("locA").getString("refresh_token");

        HttpResponse<String> answer = reconnect(SECRET, "locationId", "locA");
        JsonObject given = new JsonObject(answer.body());
        HttpResponse<String> fresh = upstream.exchange(given.getString("authorizationCode"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(given.fieldNames()).containsExactlyInAnyOrder("authorizationCode", "expiresAt", "traceId");
        assertThat(given.getInstant("expiresAt")).isEqualTo("2026-09-21T14:23:20Z");
        assertThat(fresh.statusCode()).isEqualTo(200);
        assertThat(upstream.refresh(lost).statusCode()).isEqualTo(400);
        assertThat(upstream.state("locA").getInteger("reconnects")).isEqualTo(1);
    }

    @Test
    void reconnectsOnlyWhoProvesItselfWhereItIsInstalled() {
        upstream.installed("co");

        assertThat(reconnect(SECRET, "companyId", "co").statusCode()).isEqualTo(200);
        assertThat(reconnect("wrong", "companyId", "co").body()).contains("Invalid client: client is invalid");
        assertThat(reconnect(SECRET, "locationId", "locX").body()).contains("not installed");
        assertThat(reconnect(SECRET, "something", "co").body()).contains("Missing parameter: locationId");
    }

    @Test
    void hasNoReconnectWhereItIsSwitchedOff() {
        try (RunningOAuth without = new RunningOAuth(RunningOAuth.options().reconnect(false))) {
            HttpResponse<String> answer = without.simulator().send(without.json("/oauth/reconnect", new JsonObject()));

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("Cannot POST /oauth/reconnect");
        }
    }

    @Test
    void livesAsLongAsScripted() {
        try (RunningOAuth brief = new RunningOAuth(
                RunningOAuth.options().tokenLife(Duration.ofMinutes(1)).grace(Duration.ofSeconds(2)))) {
            JsonObject pair = brief.installed("locA");
            brief.refresh(pair.getString("refresh_token"));

            brief.simulator().pass(Duration.ofMillis(2_001));
            int afterGrace = brief.refresh(pair.getString("refresh_token")).statusCode();
            int alive =
                    brief.get(pair.getString("access_token"), "/contacts/c1").statusCode();
            brief.simulator().pass(Duration.ofSeconds(58));
            HttpResponse<String> expired = brief.get(pair.getString("access_token"), "/contacts/c1");

            assertThat(pair.getInteger("expires_in")).isEqualTo(60);
            assertThat(afterGrace).isEqualTo(400);
            assertThat(alive).isEqualTo(200);
            assertThat(expired.statusCode()).isEqualTo(401);
            assertThat(expired.body()).contains("Invalid JWT");
        }
    }

    private HttpResponse<String> reconnect(String secret, String field, String resource) {
        JsonObject body = new JsonObject()
                .put("clientKey", CLIENT)
                .put("clientSecret", secret)
                .put(field, resource);
        return upstream.simulator().send(upstream.json("/oauth/reconnect", body));
    }

    private static String or(String value) {
        return value == null ? "" : value;
    }
}
