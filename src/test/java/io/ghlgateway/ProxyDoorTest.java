package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What reaches HighLevel of a request and its headers, and whose it is. */
class ProxyDoorTest {

    private static final String KEY_LINE = "Authorization: Bearer " + Plan.KEY + "\n";

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        bed = TestBed.start(new Plan());
    }

    @Test
    void everyMethodPassesWithItsBody() {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            var body = "{\"said by\": \"" + method + "\", \"umlaut\": \"ü\"}";

            var echo = echoed(bed.send(bed.request("/simulate/echo").method(method, BodyPublishers.ofString(body)))
                    .body());

            assertThat(echo.getString("method")).isEqualTo(method);
            assertThat(echo.getString("body")).isEqualTo(body);
        }
    }

    @Test
    void theQueryPassesAsItCame() {
        var uri = "/simulate/echo?b=2&a=1&a=%2F%2f;x&empty=&flag&a=+%20&utf=%C3%BC";

        var echo = echoed(exchange("GET " + uri + " HTTP/1.1\nHost: gateway\n" + KEY_LINE + "\n"));

        assertThat(echo.getString("uri")).isEqualTo(uri);
    }

    @Test
    void thePathPassesAsItCame() {
        var uri = "/no-such-api/a%2Fb;v=1/%7Bx%7D/:y@z/%c3%bc/";
        try (var upstream = RawUpstream.saying("HTTP/1.1 200 OK\nContent-Length: 0", "");
                var here = TestBed.start(new Plan(), upstream.uri());
                var wire = here.wire()) {
            var head = wire.send("GET " + uri + " HTTP/1.1\nHost: gateway\n" + KEY_LINE + "\n")
                    .head();

            assertThat(head).startsWith("HTTP/1.1 200 ");
            assertThat(upstream.heads()).singleElement().asString().startsWith("GET " + uri + " HTTP/1.1\n");
        }
    }

    @Test
    void repeatedHeadersPassInTheirOrder() {
        var echo = echoed(exchange("GET /simulate/echo HTTP/1.1\nHost: gateway\n" + KEY_LINE
                + "X-Part: one\nX-Other: between\nX-Part: two\nx-part: one\n\n"));

        assertThat(values(echo, "x-part")).containsExactly("one", "two", "one");
        assertThat(values(echo, "x-other")).containsExactly("between");
    }

    @Test
    void theTokenTakesThePlaceOfTheCallersKey() {
        var echo = echoed(bed.get("/simulate/echo").body());

        assertThat(values(echo, "authorization")).containsExactly("Bearer " + Plan.ACME_TOKEN);
        assertThat(echo.encode()).doesNotContain(Plan.KEY);
    }

    @Test
    void theTenantOfTheRequestIsTheTokensOwner() {
        for (var name :
                List.of("X-Tenant: globex", "X-GHL-Location-Id: " + Plan.GLOBEX, "locationId: " + Plan.GLOBEX)) {
            var echo = echoed(exchange("GET /simulate/echo HTTP/1.1\nHost: gateway\n" + KEY_LINE + name + "\n\n"));

            assertThat(values(echo, "authorization")).as(name).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
        }
    }

    @Test
    void whatIsBetweenCallerAndGatewayStaysThere() {
        var echo = echoed(exchange("GET /simulate/echo HTTP/1.1\nHost: gateway.internal\nX-Gateway-Key: " + Plan.KEY
                + "\nAuthorization: Bearer something-else\nX-Tenant: acme\nX-GHL-Location-Id: " + Plan.ACME
                + "\nPrefer: wait=20\nConnection: keep-alive, X-Mine\nX-Mine: secret\nKeep-Alive: timeout=5\n"
                + "Proxy-Authorization: Basic eDp5\nTE: trailers\nX-Forwarded-For: 10.0.0.7\nX-Kept: yes\n\n"));

        assertThat(names(echo))
                .contains("x-kept")
                .doesNotContain(
                        "x-gateway-key",
                        "x-tenant",
                        "x-ghl-location-id",
                        "prefer",
                        "x-mine",
                        "keep-alive",
                        "proxy-authorization",
                        "te",
                        "x-forwarded-for");
        assertThat(values(echo, "authorization")).containsExactly("Bearer " + Plan.ACME_TOKEN);
        assertThat(values(echo, "host")).singleElement().asString().startsWith("127.0.0.1:");
    }

    @Test
    void theVersionIsKeptOrElseTheRoutesOwn() {
        try (var upstream = RawUpstream.saying("HTTP/1.1 200 OK\nContent-Length: 0", "");
                var here = TestBed.start(new Plan(), upstream.uri())) {
            here.send(here.request("/calendars/").header("Version", "2023-02-21"));
            here.get("/calendars/");
            here.get("/no-such-api");

            assertThat(upstream.heads())
                    .extracting(head -> head.lines()
                            .filter(line -> line.startsWith("Version: "))
                            .toList())
                    .containsExactly(
                            List.of("Version: 2023-02-21"),
                            List.of("Version: 2021-04-15"),
                            List.of("Version: 2021-07-28"));
        }
    }

    @Test
    void theGatewayGoesUnderItsOwnNameUnlessToldToPassTheCallersOn() {
        var echo = echoed(bed.send(bed.request("/simulate/echo").header("User-Agent", "curl/8"))
                .body());

        assertThat(values(echo, "user-agent")).singleElement().asString().startsWith("ghl-gateway/");
        try (var here = TestBed.start(new Plan().set("upstream.user-agent", "passthrough"))) {
            var passed = echoed(here.send(here.request("/simulate/echo").header("User-Agent", "curl/8"))
                    .body());

            assertThat(values(passed, "user-agent")).containsExactly("curl/8");
        }
    }

    @Test
    void aRequestIsKnownByTheIdItBroughtAndElseByOneOfOurs() {
        var brought = bed.send(bed.request("/simulate/echo").header("X-Request-Id", "order-17:a.b_c"));
        var insane = bed.send(bed.request("/simulate/echo").header("X-Request-Id", "<script>"));

        assertThat(brought.headers().allValues("X-Request-Id")).containsExactly("order-17:a.b_c");
        assertThat(insane.headers().allValues("X-Request-Id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{16}");
    }

    @Test
    void anAnswerSaysWhatTimeWentWhere() {
        var answer = bed.get("/simulate/echo");

        assertThat(answer.headers().firstValue("Server-Timing"))
                .hasValueSatisfying(timing ->
                        assertThat(timing).matches("queue;dur=\\d+\\.\\d, upstream;dur=\\d+\\.\\d, attempts;desc=1"));
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() {
        try (var wire = bed.wire()) {
            for (int i = 0; i < 3; i++) {
                wire.send("GET /simulate/download?bytes=0 HTTP/1.1\nHost: gateway\n" + KEY_LINE + "\n");

                assertThat(wire.head()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void aCallerThatAsksForAnUpgradeToHttp2IsAnsweredInHttp1() throws Exception {
        var http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        var request = bed.request("/simulate/echo?x=1").POST(BodyPublishers.ofString("as before"));

        var answer = http2.send(request.build(), BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(echoed(answer.body()).getString("body")).isEqualTo("as before");
        assertThat(echoed(answer.body()).getString("uri")).isEqualTo("/simulate/echo?x=1");
    }

    /** Sends it, and gives the body of the answer to a request that asked for no more. */
    private static String exchange(String request) {
        try (var wire = bed.wire()) {
            var head = wire.send(request).head();
            assertThat(head).startsWith("HTTP/1.1 200 ");
            return wire.read(Integer.parseInt(head.replaceAll("(?is).*\ncontent-length: (\\d+)\n.*", "$1")));
        }
    }

    private static JsonObject echoed(String body) {
        return new JsonObject(body);
    }

    private static List<String> values(JsonObject echo, String name) {
        return fields(echo)
                .filter(field -> field.getString(0).equalsIgnoreCase(name))
                .map(field -> field.getString(1))
                .toList();
    }

    private static List<String> names(JsonObject echo) {
        return fields(echo).map(field -> field.getString(0).toLowerCase()).toList();
    }

    private static Stream<JsonArray> fields(JsonObject echo) {
        return echo.getJsonArray("headers").stream().map(JsonArray.class::cast);
    }
}
