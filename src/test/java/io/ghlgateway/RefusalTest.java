package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway refuses for its caller's sake: with which status and code, and naming what it saw. */
class RefusalTest {

    private static final String NARROW_KEY = "narrow-key-33ab";
    private static final String WIDE_KEY = "wide-key-77fe";
    private static final String KEY_LINE = "Authorization: Bearer " + Plan.KEY + "\n";

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        bed = TestBed.start(new Plan()
                .caller("{name: narrow, key: " + NARROW_KEY + ", tenants: [acme], default-tenant: acme}")
                .caller("{name: wide, key: " + WIDE_KEY + ", tenants: \"*\"}")
                .set("proxy.max-body", "64KiB")
                .set("proxy.replay-body", "64KiB")
                .set("proxy.max-header-bytes", "8KiB"));
    }

    @AfterEach
    void nothingReachedTheUpstream() {
        assertThat(bed.stats().accepted() + bed.stats().refused()).isZero();
    }

    @Test
    void aRequestWithoutAKnownKeyIsUnauthorized() {
        var requests = List.of(
                bed.stranger("/contacts/"),
                bed.stranger("/contacts/").header("Authorization", "Bearer wrong-key"),
                bed.stranger("/contacts/").header("Authorization", "Bearer "),
                bed.stranger("/contacts/").header("Authorization", "Basic " + Plan.KEY),
                bed.stranger("/contacts/").header("X-Gateway-Key", ""),
                bed.request("/contacts/").header("X-Gateway-Key", "wrong-key"),
                bed.stranger("/contacts/").header("Authorization", "Bearer " + Plan.ACME_TOKEN));
        for (var request : requests) {
            var answer = bed.send(request);

            assertRefused(answer, 401, "unauthorized", "X-Gateway-Key");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(answer.body()).doesNotContain("wrong-key", Plan.KEY, Plan.ACME_TOKEN);
        }
    }

    @Test
    void aTenantOutOfTheCallersReachIsForbiddenByWhateverNameAndBesideWhatever() {
        for (var name :
                List.of("X-Tenant: globex", "X-GHL-Location-Id: " + Plan.GLOBEX, "locationId: " + Plan.GLOBEX)) {
            var parts = name.split(": ");

            var alone = bed.send(narrow().header(parts[0], parts[1]));
            var beside = bed.send(narrow().header(parts[0], parts[1]).header("X-Tenant", "nobody"));

            assertRefused(alone, 403, "forbidden", parts[1], "narrow");
            assertRefused(beside, 403, "forbidden", parts[1]);
        }
    }

    @Test
    void aTenantThatIsNotConfiguredIsUnknown() {
        assertRefused(
                bed.send(bed.request("/contacts/").header("X-Tenant", "initech")), 404, "tenant_unknown", "initech");
        assertRefused(
                bed.send(bed.request("/contacts/").header("X-GHL-Location-Id", "NoSuchLocation")),
                404,
                "tenant_unknown",
                "NoSuchLocation");
    }

    @Test
    void twoTenantsInReachThatDifferAreAConflict() {
        var answer =
                bed.send(bed.request("/contacts/").header("X-Tenant", "acme").header("locationId", Plan.GLOBEX));

        assertRefused(answer, 400, "tenant_conflict", "acme", Plan.GLOBEX);
    }

    @Test
    void aCallerWithoutADefaultMustNameATenant() {
        var answer = bed.send(bed.stranger("/contacts/").header("X-Gateway-Key", WIDE_KEY));

        assertRefused(answer, 400, "tenant_required", "wide", "X-Tenant");
    }

    @Test
    void anOperationThatTakesNoPrivateTokenIsForbidden() {
        var answer = bed.send(bed.request("/marketplace/billing/charges"));

        assertRefused(
                answer, 403, "forbidden", "private integration token", "GET /marketplace/billing/charges", "acme");
        assertThat(answer.body()).doesNotContain(Plan.ACME_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1e3", ""})
    void aPatienceThatIsNoNumberIsRefused(String wait) {
        assertRefused(
                bed.send(bed.request("/contacts/").header("Prefer", "wait=" + wait)), 400, "bad_request", "Prefer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE /contacts/", "CONNECT gateway:443"})
    void someMethodsAreNotForwarded(String line) {
        assertThat(raw(line + " HTTP/1.1\nHost: gateway\nConnection: close\n" + KEY_LINE + "\n"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("x-gateway-error: bad_request\r\n");
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsRefused() {
        var answer = bed.send(bed.request("/contacts/").POST(BodyPublishers.ofByteArray(new byte[65_537])));

        assertRefused(answer, 413, "too_large", "65536", "proxy.max-body");
    }

    @Test
    void aBodyThatTurnsOutTooLargeIsRefused() {
        try (var wire = bed.wire()) {
            assertThat(sendTooMuch(wire))
                    .startsWith("HTTP/1.1 413 ")
                    .containsIgnoringCase("x-gateway-error: too_large\n");
        }
    }

    @Test
    void aBodyThatTurnsOutTooLargeWhileItPassesIsRefusedAndNeverTakenForWholeUpstream() {
        try (var here = TestBed.start(new Plan().set("proxy.max-body", "64KiB").set("proxy.replay-body", "1KiB"));
                var wire = here.wire()) {
            assertThat(sendTooMuch(wire)).startsWith("HTTP/1.1 413 ");

            assertThat(new JsonObject(here.get("/contacts/").body()).getJsonArray("contacts"))
                    .isEmpty();
        }
    }

    /** Seventeen chunks of 4 KiB, whole to the last. */
    private static String sendTooMuch(Wire wire) {
        wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nTransfer-Encoding: chunked\n" + KEY_LINE + "\n");
        wire.send(("1000\n" + "x".repeat(0x1000) + "\n").repeat(17) + "0\n\n");
        return wire.head();
    }

    @Test
    void headersThatAreTooLargeAreRefused() {
        var answer = raw("GET /contacts/ HTTP/1.1\nHost: gateway\nX-Long: " + "x".repeat(9_000) + "\n\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 431 ")
                .containsIgnoringCase("x-gateway-error: too_large\r\n")
                .contains("proxy.max-header-bytes");
    }

    @Test
    void aRequestLineThatIsTooLongIsRefused() {
        var answer = raw("GET /contacts/?q=" + "x".repeat(17_000) + " HTTP/1.1\nHost: gateway\n\n");

        assertThat(answer).matches("(?s)HTTP/1\\.[01] 414 .*").containsIgnoringCase("x-gateway-error: too_large\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/contacts/../locations/x",
                "/contacts/./x",
                "/contacts/%2e%2e/locations",
                "/contacts/%2E%2e%2Flocations",
                "/contacts/..;a=1/x",
                "/contacts/..",
                "/contacts/a%00b",
                "/contacts/a%0d%0aX-Evil:1",
                "/contacts/a\\b",
                "/contacts/a%5cb",
                "*"
            })
    void aTargetThatCouldBeReadInTwoWaysIsRefused(String target) {
        assertThat(raw("GET " + target + " HTTP/1.1\nHost: gateway\nConnection: close\n" + KEY_LINE + "\n"))
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("x-gateway-error: bad_request\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: one\nHost: two\n",
                "Host: gateway\nContent-Length: 1\nContent-Length: 2\n",
                "Host: gateway\nContent-Length: 3\nTransfer-Encoding: chunked\n",
                "Host: gateway\nContent-Length: -1\n",
                "Host: a b/c\n",
                "Host: gateway\n: x\n",
                "Host: gateway\nBad Name: x\n",
                "Host: gateway\nTransfer-Encoding: chunked, identity\n"
            })
    void aHeadThatCouldBeReadInTwoWaysIsRefused(String fields) {
        assertThat(raw("GET /contacts/ HTTP/1.1\nConnection: close\n" + KEY_LINE + fields + "\n"))
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("x-gateway-error: bad_request\r\n");
    }

    @Test
    void aTransferCodingThatWouldBeLostOnTheWayIsRefused() {
        assertThat(raw("POST /contacts/ HTTP/1.1\nHost: gateway\nConnection: close\n"
                        + "Transfer-Encoding: gzip, chunked\n" + KEY_LINE + "\n0\n\n"))
                .startsWith("HTTP/1.1 501 ")
                .containsIgnoringCase("x-gateway-error: bad_request\r\n");
    }

    @Test
    void aMethodThatIsNotForwardedIsToldWhichAre() {
        assertThat(raw("TRACE /contacts/ HTTP/1.1\nHost: gateway\nConnection: close\n" + KEY_LINE + "\n"))
                .containsIgnoringCase("\r\nAllow: GET, ");
    }

    /** Which of the two comes too late for the room that there is, the network says: hence again, until it is the second. */
    @Test
    void bodiesThatAreKeptAreBoundedWhileTheyAreRead() {
        try (var here = TestBed.start(new Plan().set("queue.bytes", "64KiB"))) {
            TestBed.until(() -> statusBesideAHoarder(here) == 503);
        }
    }

    private static int statusBesideAHoarder(TestBed here) {
        try (var hoarder = here.wire()) {
            // Nearly all of a body that would be kept, and no end of it.
            hoarder.send("POST /contacts/ HTTP/1.1\nHost: gateway\nContent-Length: 60000\n" + KEY_LINE + "\n"
                    + "x".repeat(59_000));
            return here.send(here.request("/contacts/").POST(BodyPublishers.ofString("y".repeat(20_000))))
                    .statusCode();
        }
    }

    @Test
    void anExpectationThatNobodyKnowsIsRefused() {
        assertThat(raw("GET /contacts/ HTTP/1.1\nHost: gateway\nConnection: close\nExpect: miracles\n" + KEY_LINE
                        + "\n"))
                .startsWith("HTTP/1.1 417 ");
    }

    @Test
    void aRefusedHeadRequestHasNoBody() {
        assertThat(raw("HEAD /contacts/ HTTP/1.1\nHost: gateway\nConnection: close\n\n"))
                .startsWith("HTTP/1.1 401 ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void anUpstreamOutOfReachIsNamedAndNothingWasSent() {
        try (var here = TestBed.start(new Plan(), URI.create("http://127.0.0.1:1"))) {
            var answer = here.send(here.request("/contacts/").POST(BodyPublishers.ofString("{}")));

            assertRefused(answer, 502, "upstream_unreachable", "HighLevel", "nothing was sent");
            assertThat(new JsonObject(answer.body()).getString("cause")).isEqualTo("upstream");
        }
    }

    @Test
    void anUpstreamThatKeepsSilentIsNamed() {
        try (var here = TestBed.start(new Plan().set("upstream.response-timeout", "300ms"))) {
            here.fault("\"kind\": \"stall\", \"times\": -1");

            var answer = here.send(here.request("/contacts/").POST(BodyPublishers.ofString("{}")));

            assertRefused(answer, 504, "upstream_timeout", "HighLevel", "300 ms");
            assertThat(new JsonObject(answer.body()).getString("cause")).isEqualTo("upstream");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',/contacts/", "wrong,/contacts/"})
    void aRefusalIsAProblemThatCodeWrittenForHighLevelCanRead(String key, String path) {
        var answer = bed.send(
                bed.stranger(path).header("Authorization", "Bearer " + key).header("X-Request-Id", "order-17"));

        var problem = new JsonObject(answer.body());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("X-Request-Id")).hasValue("order-17");
        assertThat(problem.getString("type")).isEqualTo("about:blank");
        assertThat(problem.getString("title")).isEqualTo("Unauthorized").isEqualTo(problem.getString("error"));
        assertThat(problem.getInteger("status")).isEqualTo(401).isEqualTo(problem.getInteger("statusCode"));
        assertThat(problem.getString("detail")).isNotBlank().isEqualTo(problem.getString("message"));
        assertThat(problem.getString("code")).isEqualTo("unauthorized");
        assertThat(problem.getString("traceId")).isEqualTo("order-17");
    }

    private static HttpRequest.Builder narrow() {
        return bed.stranger("/contacts/").header("X-Gateway-Key", NARROW_KEY);
    }

    /** All that comes back on a connection that the gateway closes. */
    private static String raw(String request) {
        try (var wire = bed.wire()) {
            var answer = wire.send(request).rest();
            assertThat(answer).doesNotContain("\tat ", "Exception", "io.vertx", "io.netty");
            return answer;
        }
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code, String... naming) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue(code);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo(code);
        assertThat(new JsonObject(answer.body()).getString("detail")).contains(naming);
        assertThat(answer.body()).doesNotContain("\tat ", "Exception", "io.vertx", "io.netty");
    }
}
