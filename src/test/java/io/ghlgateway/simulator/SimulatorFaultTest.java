package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorFaultTest {

    private static final String CALL =
            "GET /contacts/c1 HTTP/1.1\nHost: x\nAuthorization: Bearer " + TOKEN + "\nVersion: v3\n\n";

    @AutoClose
    private final RunningSimulator upstream = new RunningSimulator(prompt().build());

    @Test
    void throttlesWithoutSpendingQuota() {
        upstream.script(fault("throttle").put("retryAfter", "3s"));

        HttpResponse<String> struck = upstream.get("/contacts/c1");
        int next = upstream.get("/contacts/c1").statusCode();

        assertThat(struck.statusCode()).isEqualTo(429);
        assertThat(struck.headers().firstValue("Retry-After")).contains("3");
        assertThat(struck.headers().firstValue("X-RateLimit-Remaining")).contains("100");
        assertThat(next).isEqualTo(200);
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(1);
        assertThat(upstream.simulator().stats().refused()).isEqualTo(1);
        assertThat(upstream.simulator().stats().faults()).isEqualTo(1);
    }

    @Test
    void failsAsTheEdgeInFrontOfHighLevelDoes() {
        upstream.script(fault("fail"), fault("fail").put("status", 502).put("body", "<html>bad</html>"));

        HttpResponse<String> usual = upstream.get("/contacts/c1");
        HttpResponse<String> scripted = upstream.get("/contacts/c1");

        assertThat(usual.statusCode()).isEqualTo(503);
        assertThat(usual.body()).startsWith("upstream connect error");
        assertThat(scripted.statusCode()).isEqualTo(502);
        assertThat(scripted.body()).isEqualTo("<html>bad</html>");
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "cloudflare-1010, 403, text/html, error code: 1010",
        "cloudflare-1015, 429, text/html, error code: 1015",
        "upstream-connect-error, 503, text/plain, upstream connect error",
        "no-healthy-upstream, 503, text/plain, no healthy upstream",
        "html, 502, text/html, 502 Bad Gateway",
    })
    void failsAsAnyOfTheEdgesPages(String page, int status, String contentType, String words) {
        upstream.script(fault("fail").put("as", page));

        HttpResponse<String> answer = upstream.get("/contacts/c1");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith(contentType));
        assertThat(answer.body()).contains(words);
        int counted = page.startsWith("cloudflare") ? 0 : 1;
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(counted);
        assertThat(answer.headers().allValues("X-RateLimit-Max")).hasSize(counted);
        assertThat(upstream.script(fault("fail").put("as", "cloudflare")).body())
                .contains("faults[0].as: \\\"cloudflare\\\" is none of cloudflare-1010, cloudflare-1015");
    }

    @ParameterizedTest
    @CsvSource({
        "invalid-jwt, 401, Invalid JWT",
        "access-token-invalid, 401, Invalid token: access token is invalid",
        "private-token-invalid, 401, Invalid Private Integration token",
        "scope-missing, 401, The token is not authorized for this scope.",
        "location-forbidden, 403, The token does not have access to this location.",
        "location-inaccessible, 401, This location is not accessible from this token!",
        "forbidden-resource, 403, Forbidden resource",
        "user-type-unsupported, 401, This token's user type is not yet supported!",
        "e01, 401, E01 - Unauthorized request",
        "command-timed-out, 401, Command timed out",
    })
    void failsInHighLevelsOwnWords(String name, int status, String message) {
        upstream.script(fault("fail").put("as", name));

        HttpResponse<String> answer = upstream.get("/contacts/c1");

        JsonObject body = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(body.getInteger("statusCode")).isEqualTo(status);
        assertThat(body.getString("message")).isEqualTo(message);
        assertThat(body.getString("error")).isEqualTo(status == 401 ? "Unauthorized" : "Forbidden");
        assertThat(body.getString("traceId")).isNotBlank();
        assertThat(body.getString("canonicalCode")).isNotBlank();
        assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(200);
        assertThat(upstream.script(fault("fail").put("as", "e02")).body()).contains("is none of cloudflare-1010", name);
    }

    @Test
    void bansTheUserAgentThatCloudflareBans() {
        HttpResponse<String> answer =
                upstream.send(upstream.call("GET", "/contacts/c1", "").header("User-Agent", "Python-urllib/3.12"));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("error code: 1010");
        assertThat(upstream.simulator().stats().accepted()).isZero();
    }

    @Test
    void dropsTheConnectionBeforeAnyByte() {
        upstream.script(fault("drop"));

        assertThat(upstream.raw(CALL)).isEmpty();
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(1);
    }

    @Test
    void resetsTheConnectionAfterHeadAndHalfTheBody() {
        upstream.script(fault("reset"));

        String[] received = upstream.raw(CALL).split("\r\n\r\n", 2);

        int declared = Integer.parseInt(received[0].replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        assertThat(received[0]).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("X-RateLimit-Remaining: 99");
        assertThat(received[1]).hasSize(declared / 2).startsWith("{");
    }

    @Test
    void resetsADownloadInMidStream() {
        upstream.script(fault("reset"));

        String[] received = upstream.raw(CALL.replace("/contacts/c1", "/simulate/download?bytes=2000000&chunked=true"))
                .split("\r\n\r\n", 2);

        assertThat(received[0]).containsIgnoringCase("transfer-encoding: chunked");
        assertThat(received[1].length()).isBetween(1_000_000, 1_010_000);
        assertThat(received[1]).doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void stallsForEverOrAsLongAsScripted() {
        upstream.script(fault("stall"), fault("stall").put("delay", "1ms"));

        assertThatThrownBy(() ->
                        upstream.send(upstream.call("GET", "/contacts/c1", "").timeout(Duration.ofSeconds(2))))
                .hasCauseInstanceOf(HttpTimeoutException.class);
        assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(200);
    }

    @Test
    void revokesATokenForGood() {
        upstream.script(
                fault("revoke").put("times", -1).put("match", new JsonObject().put("resource", "token-456789")));

        HttpResponse<String> first = upstream.get("/contacts/c1");
        HttpResponse<String> second = upstream.get("/contacts/c1");
        int other = upstream.send(upstream.bare("GET", "/contacts/c1", "")
                        .header("Authorization", "Bearer pit-another")
                        .header("Version", "v3"))
                .statusCode();

        assertThat(first.statusCode()).isEqualTo(401);
        assertThat(first.body()).contains("Invalid Private Integration token");
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(other).isEqualTo(200);
        assertThat(upstream.simulator().stats().accepted()).isEqualTo(1);
    }

    @Test
    void letsSomeCallsPassThenStrikesSoManyTimes() {
        upstream.script(fault("fail").put("after", 1).put("times", 2));

        int[] answers = new int[4];
        for (int call = 0; call < answers.length; call++) {
            answers[call] = upstream.get("/contacts/c1").statusCode();
        }

        assertThat(answers).containsExactly(200, 503, 503, 200);
        assertThat(remaining()).isEmpty();
    }

    @Test
    void countsEachFaultsPassesApart() {
        upstream.script(
                fault("fail").put("status", 500),
                fault("fail").put("status", 502).put("after", 1));

        assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(500);
        assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(502);
        assertThat(upstream.get("/contacts/c1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /contacts/*, /contacts/c1, true",
        "get, /contacts/*, /contacts/c1, true",
        "POST, /contacts/*, /contacts/c1, false",
        "*, /contacts/*, /contacts/c1/notes, false",
        "*, /contacts/**, /contacts/c1/notes, true",
        "*, /*/c1, /contacts/c1, true",
        "*, /contacts/c*1, /contacts/c71, true",
        "*, /contacts/c.1, /contacts/c71, false",
        "*, **, /anything/at/all, true",
    })
    void matchesMethodsAndPathsWithWildcards(String method, String pattern, String path, boolean expected) {
        upstream.script(fault("fail")
                .put("match", new JsonObject().put("method", method).put("path", pattern)));

        boolean struck = upstream.get(path).statusCode() == 503;

        assertThat(struck).isEqualTo(expected);
    }

    @Test
    void saysWhatIsLeftOfTheScriptAndForgetsItWhenAsked() {
        upstream.script(fault("fail").put("times", 3).put("after", 1));
        upstream.get("/contacts/c1");
        upstream.get("/contacts/c1");

        JsonObject left = remaining().getJsonObject(0);
        upstream.send(upstream.bare("DELETE", "/_simulator/faults", ""));

        assertThat(left.getInteger("times")).isEqualTo(2);
        assertThat(left.getInteger("after")).isZero();
        assertThat(left.getString("kind")).isEqualTo("fail");
        assertThat(remaining()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                        | a JSON array of faults was expected",
                "null                                      | a JSON array of faults was expected",
                "[7]                                       | faults[0]: an object was expected, not 7",
                "[{\"kind\":\"fail\"},{\"kind\":\"boom\"}] | faults[1].kind: \"boom\" is none of throttle, fail, stall",
                "[{\"kind\":\"fail\",\"time\":1}]          | faults[0]: unknown field [time]",
                "[{\"kind\":\"fail\",\"times\":0}]         | faults[0].times: -1 (always) or a number from 1",
                "[{\"kind\":\"fail\",\"times\":\"2\"}]     | faults[0].times: -1 (always) or a number from 1",
                "[{\"kind\":\"fail\",\"status\":42}]       | faults[0].status: a number from 200",
                "[{\"kind\":\"fail\",\"delay\":\"soon\"}]  | faults[0].delay: 'soon' is no duration",
                "[{\"kind\":\"fail\",\"match\":\"x\"}]     | faults[0].match: an object was expected, not x",
                "[{\"kind\":\"fail\",\"match\":{\"p\":1}}] | faults[0].match: unknown field [p]",
            })
    void saysWhatIsWrongWithAScriptAndTakesNothingOfIt(String script, String complaint) {
        HttpResponse<String> answer = upstream.send(upstream.bare("POST", "/_simulator/faults", script));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("message")).startsWith(complaint);
        assertThat(remaining()).isEmpty();
    }

    private JsonArray remaining() {
        return new JsonArray(
                upstream.send(upstream.bare("GET", "/_simulator/faults", "")).body());
    }

    private static JsonObject fault(String kind) {
        return new JsonObject().put("kind", kind);
    }
}
