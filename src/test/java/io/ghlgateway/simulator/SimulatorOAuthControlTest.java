package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tester's door to OAuth. */
class SimulatorOAuthControlTest {

    @AutoClose
    private final RunningOAuth upstream = new RunningOAuth();

    @Test
    void saysWhatAnInstallationsTokensHaveSeenButNotTheTokens() throws Exception {
        JsonObject pair = upstream.installed("locA");
        String current = pair.getString("refresh_token");

        JsonObject state = upstream.state("locA");

        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(current.getBytes(StandardCharsets.UTF_8)));
        assertThat(state)
                .isEqualTo(new JsonObject()
                        .put("app", "crm")
                        .put("resource", "locA")
                        .put("kind", "Location")
                        .put("active", true)
                        .put("rotations", 0)
                        .put("mints", 0)
                        .put("reconnects", 0)
                        .put("graceRepeats", 0)
                        .put("invalidGrants", 0)
                        .put("refreshTokenHash", hash));
    }

    @Test
    void expiresAccessTokensAndLeavesRefreshTokensGood() {
        JsonObject pair = upstream.installed("locA");

        upstream.order(order("expire", "locA"));
        HttpResponse<String> expired = upstream.get(pair.getString("access_token"), "/contacts/c1");
        JsonObject fresh =
                new JsonObject(upstream.refresh(pair.getString("refresh_token")).body());

        assertThat(expired.statusCode()).isEqualTo(401);
        assertThat(expired.body()).contains("Invalid JWT");
        assertThat(upstream.get(fresh.getString("access_token"), "/contacts/c1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void revokesAnInstallation() {
        JsonObject pair = upstream.installed("locA");

        upstream.order(order("revoke", "locA"));

        assertThat(upstream.get(pair.getString("access_token"), "/contacts/c1").statusCode())
                .isEqualTo(401);
        assertThat(upstream.refresh(pair.getString("refresh_token")).statusCode())
                .isEqualTo(400);
        assertThat(upstream.state("locA").getBoolean("active")).isFalse();
        assertThat(upstream.state("locA").getString("refreshTokenHash")).isEmpty();
        assertThat(upstream.state("locA").getInteger("invalidGrants")).isEqualTo(1);
    }

    @Test
    void keepsTokensThroughAResetUnlessAskedToForgetThem() {
        JsonObject pair = upstream.installed("locA");
        String path = "/contacts/c1";

        upstream.simulator().send(upstream.simulator().bare("POST", "/_simulator/reset", ""));
        int kept = upstream.get(pair.getString("access_token"), path).statusCode();
        upstream.simulator().send(upstream.simulator().bare("POST", "/_simulator/reset?oauth=true", ""));
        int forgotten = upstream.get(pair.getString("access_token"), path).statusCode();

        assertThat(kept).isEqualTo(200);
        assertThat(forgotten).isEqualTo(401);
        assertThat(upstream.state().getJsonArray("installations")).isEmpty();
    }

    @Test
    void takesTheSameOrdersInTheSameProcess() {
        Simulator simulator = upstream.simulator().simulator();
        JsonObject where = new JsonObject().put("app", "crmapp").put("company", "co");

        JsonObject pair = await(simulator.oauth(new JsonObject().put("token", where)));

        assertThat(pair.getString("userType")).isEqualTo("Company");
        assertThat(await(simulator.oauth()).getJsonArray("installations")).hasSize(1);
        assertThatThrownBy(() -> await(simulator.oauth(new JsonObject().put("boom", where))))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                    | one of install, token, pause, resume",
                "{\"boom\":{}}                                         | \"boom\" is none of install, token",
                "{\"pause\":7}                                         | pause: an object was expected",
                "{\"pause\":{}}                                        | pause.location: a text was expected, not null",
                "{\"pause\":{\"location\":\"x\"}}                      | pause.location: no company has x",
                "{\"token\":{\"app\":\"x\",\"company\":\"co\"}}        | token.app: there is no app x",
                "{\"token\":{\"app\":\"crm\",\"company\":\"x\"}}       | token.company: there is no company x",
                "{\"token\":{\"app\":\"crm\",\"location\":\"x\"}}      | token.location: no company has x",
                "{\"install\":{\"app\":\"crm\",\"company\":\"co\",\"scopes\":\"a\"}} | install.scopes: an array of texts",
                "{\"expire\":{\"app\":\"crm\",\"resource\":\"locA\"}}  | expire.resource: the app crm is not installed in locA",
                "{\"addLocation\":{\"company\":\"co\",\"location\":\"locX\"}} | location locX belongs to company else",
                "[]                                                    | a JSON object was expected",
            })
    void saysWhatIsWrongWithAnOrder(String order, String complaint) {
        HttpResponse<String> answer =
                upstream.simulator().send(upstream.simulator().bare("POST", "/_simulator/oauth", order));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("message")).startsWith(complaint);
    }

    private static JsonObject order(String verb, String resource) {
        return new JsonObject().put(verb, new JsonObject().put("app", "crm").put("resource", resource));
    }
}
