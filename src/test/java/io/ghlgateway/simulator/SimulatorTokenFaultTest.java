package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are lost, late or wrong, while the tokens have rotated or have not. */
class SimulatorTokenFaultTest {

    @AutoClose
    private final RunningOAuth upstream = new RunningOAuth();

    @ParameterizedTest
    @ValueSource(strings = {"drop", "reset"})
    void losesTheAnswerOfARotationThatHasHappened(String kind) {
        String token = upstream.installed("locA").getString("refresh_token");
        script(kind, "locA");

        assertThatThrownBy(() -> upstream.refresh(token)).isInstanceOf(IllegalStateException.class);
        HttpResponse<String> repeated = upstream.refresh(token);

        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(upstream.state("locA").getInteger("rotations")).isEqualTo(1);
        assertThat(upstream.state("locA").getInteger("graceRepeats")).isEqualTo(1);
        assertThat(upstream.simulator().simulator().stats().faults()).isEqualTo(1);
    }

    @Test
    @Timeout(20)
    void stallsForEverThoughTheRotationHasHappened() {
        String token = upstream.installed("locA").getString("refresh_token");
        script("stall", "locA");

        assertThatThrownBy(() -> upstream.simulator().send(refresh(token).timeout(Duration.ofMillis(300))))
                .hasCauseInstanceOf(HttpTimeoutException.class);

        assertThat(upstream.state("locA").getInteger("rotations")).isEqualTo(1);
        upstream.refresh(token);
        assertThat(endpoint("calls")).isEqualTo(2);
        assertThat(endpoint("mostInFlight")).isBetween(1, 2);
        while (endpoint("inFlight") > 0) { // until the server too has seen that the caller has gone
            Thread.onSpinWait();
        }
    }

    @Test
    void answersLateWithWhatHappenedAtOnce() {
        String token = upstream.installed("locA").getString("refresh_token");
        upstream.simulator().script(fault("stall", "locA").put("delay", "50ms"));

        long began = System.nanoTime();
        HttpResponse<String> answer = upstream.refresh(token);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 1"})
    void answersWithHtmlInsteadOfOrAfterTheRotation(boolean commits, int rotations) {
        String token = upstream.installed("locA").getString("refresh_token");
        upstream.simulator()
                .script(fault("fail", "locA")
                        .put("as", "html")
                        .put("status", 200)
                        .put("commits", commits));

        HttpResponse<String> answer = upstream.refresh(token);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("<html>");
        assertThat(upstream.state("locA").getInteger("rotations")).isEqualTo(rotations);
        assertThat(upstream.refresh(token).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"throttle, 429, Too Many Requests", "revoke, 400, Invalid grant: refresh token is invalid"})
    void turnsAwayWithoutARotation(String kind, int status, String words) {
        String token = upstream.installed("locA").getString("refresh_token");
        script(kind, "locA");

        HttpResponse<String> answer = upstream.refresh(token);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
        assertThat(upstream.state("locA").getInteger("rotations")).isZero();
    }

    @Test
    void strikesTheInstallationThatIsMeantAlone() {
        String spared = upstream.installed("locB").getString("refresh_token");
        String code = upstream.code("locA");
        script("throttle", "locA");

        assertThat(upstream.refresh(spared).statusCode()).isEqualTo(200);
        assertThat(upstream.exchange(code).statusCode()).isEqualTo(429);
        assertThat(upstream.exchange(code).statusCode()).isEqualTo(200);
    }

    @Test
    void losesACodeOfReconnectAndTheTokensThatACompanyHadMade() {
        String company = upstream.installed("co").getString("access_token");
        upstream.installed("locA");
        upstream.simulator()
                .script(
                        new JsonObject().put("kind", "drop").put("match", match("/oauth/locationToken", "co")),
                        new JsonObject().put("kind", "drop").put("match", match("/oauth/reconnect", "locA")));
        JsonObject reconnect = new JsonObject()
                .put("clientKey", RunningOAuth.CLIENT)
                .put("clientSecret", RunningOAuth.SECRET)
                .put("locationId", "locA");

        assertThatThrownBy(() -> upstream.mint(company, "companyId", "co", "locationId", "locB"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> upstream.simulator().send(upstream.json("/oauth/reconnect", reconnect)))
                .isInstanceOf(IllegalStateException.class);

        assertThat(upstream.state("locB").getInteger("mints")).isEqualTo(1);
        assertThat(upstream.state("locA").getInteger("reconnects")).isEqualTo(1);
    }

    @Test
    void commitsOnlyAFail() {
        HttpResponse<String> other =
                upstream.simulator().script(fault("drop", "locA").put("commits", true));
        HttpResponse<String> text =
                upstream.simulator().script(fault("fail", "locA").put("commits", "yes"));

        assertThat(other.body()).contains("faults[0].commits: only a fail has it, not a drop");
        assertThat(text.body()).contains("faults[0].commits: true or false was expected, not yes");
    }

    private int endpoint(String count) {
        return upstream.state().getJsonObject("tokenEndpoint").getInteger(count);
    }

    private void script(String kind, String resource) {
        upstream.simulator().script(fault(kind, resource));
    }

    private static JsonObject fault(String kind, String resource) {
        return new JsonObject().put("kind", kind).put("match", match("/oauth/token", resource));
    }

    private static JsonObject match(String path, String resource) {
        return new JsonObject().put("method", "POST").put("path", path).put("resource", resource);
    }

    private HttpRequest.Builder refresh(String token) {
        return upstream.form(
                "/oauth/token",
                "client_id",
                RunningOAuth.CLIENT,
                "client_secret",
                RunningOAuth.SECRET,
                "grant_type",
                "refresh_token",
                "refresh_token",
                token);
    }
}
