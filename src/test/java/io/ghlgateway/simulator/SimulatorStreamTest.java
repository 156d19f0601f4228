package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.TOKEN;
import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorStreamTest {

    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}";

    @AutoClose
    private final RunningSimulator upstream = new RunningSimulator(prompt().eventGap(Duration.ofMillis(5))
            .tokens(Map.of(TOKEN, Account.parse("locA")))
            .build());

    @ParameterizedTest
    @ValueSource(strings = {"/mcp/", "/mcp", "/mcp/anthropic/v2"})
    void streamsProgressAndThenTheResult(String path) {
        HttpResponse<String> answer =
                upstream.send(call("POST", path, CALL).header("Accept", "application/json, text/event-stream"));

        Stream<JsonObject> events = answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> new JsonObject(line.substring(6)));
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(events)
                .extracting(event -> event.getString("method", "result of " + event.getValue("id")))
                .containsExactly("notifications/progress", "notifications/progress", "result of 7");
    }

    @Test
    void answersInOnePieceThoseWhoAcceptNoStream() {
        HttpResponse<String> answer = upstream.send(call("POST", "/mcp/", CALL).header("Accept", "application/json"));

        assertThat(new JsonObject(answer.body()).getInteger("id")).isEqualTo(7);
    }

    @Test
    void takesANoticeWithoutAnAnswer() {
        HttpResponse<String> answer =
                upstream.send(call("POST", "/mcp/", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void looksAtTheLocationInTheHeader() {
        HttpResponse<String> answer = upstream.send(call("POST", "/mcp/", CALL).header("locationId", "locB"));

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void keepsAnOpenedStreamAlive() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", upstream.simulator().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /mcp/ HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                                    + TOKEN + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(lines.lines().filter(": keep-alive"::equals).limit(3)).hasSize(3);
        }
    }

    @Test
    void tellsHeadTheTypeOfAStreamAndNothingMore() {
        HttpResponse<String> answer = upstream.send(call("HEAD", "/mcp/", ""));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void breaksAStreamOff() {
        upstream.script(new JsonObject().put("kind", "reset"));

        String received = upstream.raw("POST /mcp/ HTTP/1.1\nHost: x\nAccept: text/event-stream\nContent-Length: "
                + CALL.length() + "\nAuthorization: Bearer " + TOKEN + "\n\n" + CALL);

        assertThat(received).contains("notifications/progress").doesNotEndWith("0\r\n\r\n");
    }

    private HttpRequest.Builder call(String method, String path, String body) {
        return upstream.bare(method, path, body).header("Authorization", "Bearer " + TOKEN);
    }
}
