package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a call that was let in, and the forms of what is right. */
class SimulatorValidationTest {

    @AutoClose
    private final RunningSimulator upstream =
            new RunningSimulator(prompt().strict(true).build());

    @ParameterizedTest
    @ValueSource(strings = {"{", "null", "12", "\"x\"", "a=b"})
    void refusesABodyThatSaysItIsJson(String body) {
        HttpResponse<String> answer =
                upstream.send(upstream.call("PUT", "/contacts/c1", body).header("Content-Type", "application/json"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).fieldNames())
                .containsExactlyInAnyOrder("statusCode", "message", "traceId");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /contacts/                            |                      | 422",
                "GET  | /contacts/?locationId=                |                      | 422",
                "GET  | /contacts/?locationId=locA            |                      | 200",
                "GET  | /contacts/c1                          |                      | 200",
                "POST | /contacts/                            | {}                   | 422",
                "POST | /contacts/                            | {\"locationId\":7}   | 422",
                "POST | /contacts/                            | {\"locationId\":\"locA\"} | 201",
                "GET  | /notes/                               |                      | 200",
                "POST | /users/                               | {}                   | 201",
            })
    void wantsTheLocationWhereItsOperationNamesOne(String method, String path, String body, int status) {
        HttpResponse<String> answer = upstream.send(method, path, body == null ? "" : body);

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void namesTheFieldThatIsMissing() {
        HttpResponse<String> answer = upstream.send("POST", "/contacts/", "{}");

        assertThat(answer.body())
                .startsWith("{\"statusCode\":422,\"message\":[\"locationId must be a string\",\"locationId should not"
                        + " be empty\"],\"error\":\"Unprocessable Entity\",\"traceId\":\"");
    }

    @Test
    void wantsAFormWhereFilesAreUploaded() {
        HttpRequest.Builder call = upstream.call("POST", "/medias/upload-file", "x".repeat(25_000_001));

        HttpResponse<String> noForm = upstream.send(call.copy().header("Content-Type", "application/json"));
        HttpResponse<String> tooLarge =
                upstream.send(call.copy().header("Content-Type", "multipart/form-data; boundary=x"));
        HttpResponse<String> video = upstream.send(
                call.copy().setHeader("Version", "v3").header("Content-Type", "multipart/form-data; boundary=x"));

        assertThat(noForm.statusCode()).isEqualTo(415);
        assertThat(new JsonObject(noForm.body()).getInteger("status")).isEqualTo(415);
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(new JsonObject(tooLarge.body()).getString("message")).isEqualTo("File too large: at most 25 MB");
        assertThat(video.statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=100, 200, traceId",
        "limit=101, 400, limit must not be greater than 100",
        "pageSize=101, 400, pageSize must not be greater than 100",
        "limit=0, 422, limit must be a number not less than 1",
        "limit=many, 422, limit must be a number not less than 1",
        "pageToken=x, 400, pageToken is invalid",
    })
    void boundsAPage(String query, int status, String words) {
        HttpResponse<String> answer = upstream.get("/contacts/?locationId=locA&" + query);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void exportsLongerPages() {
        String export = "/conversations/messages/export?locationId=locA&limit=";

        assertThat(upstream.get(export + 500).statusCode()).isEqualTo(200);
        assertThat(upstream.get(export + 501).statusCode()).isEqualTo(400);
    }

    @Test
    void sendsARecordOnceOnlyToOneWhoKeepsIt() {
        HttpResponse<String> first = upstream.get("/contacts/c1");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpRequest.Builder again = upstream.call("GET", "/contacts/c1", "").header("If-None-Match", tag);

        HttpResponse<String> unchanged = upstream.send(again);
        upstream.send("PUT", "/contacts/c1", "{\"firstName\":\"Ada\"}");
        HttpResponse<String> changed = upstream.send(again);

        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(unchanged.headers().firstValue("ETag")).contains(tag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag"))
                .isPresent()
                .isNotEqualTo(first.headers().firstValue("ETag"));
    }

    @Test
    void compressesALargeAnswerForThoseWhoAcceptIt() throws IOException {
        String id = new JsonObject(upstream.send(
                                "POST",
                                "/contacts/",
                                "{\"locationId\":\"locA\",\"note\":\"" + "x".repeat(2_000) + "\"}")
                        .body())
                .getJsonObject("contact")
                .getString("id");

        HttpResponse<byte[]> large = compressed("/contacts/" + id);
        HttpResponse<byte[]> small = compressed("/contacts/c1");
        HttpResponse<String> plain = upstream.get("/contacts/" + id);

        byte[] body = new GZIPInputStream(new ByteArrayInputStream(large.body())).readAllBytes();
        assertThat(large.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(large.body().length).isLessThan(1_000);
        assertThat(new JsonObject(new String(body, StandardCharsets.UTF_8))
                        .getJsonObject("contact")
                        .getString("id"))
                .isEqualTo(id);
        assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void compressesEveryAnswerIfToldTo() {
        try (RunningSimulator eager = new RunningSimulator(prompt().gzip(true).build())) {
            String answer = eager.raw("GET /contacts/c1 HTTP/1.1\nHost: x\nConnection: close\nVersion: v3\n"
                    + "Accept-Encoding: gzip\nAuthorization: Bearer " + TOKEN + "\n\n");

            assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("content-encoding: gzip");
        }
    }

    private HttpResponse<byte[]> compressed(String path) {
        return upstream.bytes(upstream.call("GET", path, "").header("Accept-Encoding", "gzip"));
    }
}
