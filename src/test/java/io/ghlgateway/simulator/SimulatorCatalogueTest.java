package io.ghlgateway.simulator;

import static io.ghlgateway.simulator.RunningSimulator.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every row of the published table, called as its specification says. */
class SimulatorCatalogueTest {

    private static final String LOCATION = "locA";
    private static final String FORM = "multipart/form-data";
    /** A sound, and no JSON. */
    private static final String RECORDING = "/recording";

    @Test
    void answersEveryPublishedOperation() {
        List<PublishedRow> rows = PublishedTable.load().rows();
        List<String> wrong = new ArrayList<>();
        SimulatorOptions options = prompt().limit(100_000, Duration.ofSeconds(10))
                .strict(true)
                .tokens(Map.of("jwt-location", Account.parse(LOCATION), "jwt-company", Account.parse("company:coA")))
                .build();

        try (RunningSimulator upstream = new RunningSimulator(options)) {
            for (PublishedRow row : rows) {
                HttpResponse<String> answer = upstream.send(call(upstream, row));
                boolean traced = answer.body().contains("\"traceId\":\"")
                        || row.template().endsWith(RECORDING);
                if (answer.statusCode() / 100 != 2 || !traced) {
                    wrong.add(row + " -> " + answer.statusCode() + " " + answer.body());
                }
                if (row.method().equals("DELETE")) {
                    upstream.send(upstream.bare("POST", "/_simulator/reset", "")); // the next row may want it again
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(rows).hasSize(1203);
    }

    private static HttpRequest.Builder call(RunningSimulator upstream, PublishedRow row) {
        String path = row.template()
                .replace("{" + (row.place().equals("path") ? row.field() : "locationId") + "}", LOCATION)
                .replaceAll("\\{[^}]*}", "x1");
        String query = row.place().equals("query") ? "?" + row.field() + "=" + LOCATION : "";
        String body = row.place().equals("body") ? "{\"" + row.field() + "\":\"" + LOCATION + "\"}" : "{}";
        HttpRequest.Builder call = upstream.bare(row.method(), path + query, body)
                .header("Authorization", row.token().equals("agency") ? "Bearer jwt-company" : "Bearer jwt-location")
                .header("Content-Type", row.body().equals(FORM) ? FORM + "; boundary=x" : "application/json");
        return row.version().isEmpty() ? call : call.header("Version", row.version());
    }
}
