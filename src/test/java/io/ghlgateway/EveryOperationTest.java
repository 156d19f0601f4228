package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Latency;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every published operation, through the gateway: its method and target, its Version, whose token it gets, and that
 * nothing else of it was changed, compared byte for byte with what the simulator received. What is expected is told from the
 * published table, not from the gateway's own.
 */
class EveryOperationTest {

    private static final String AGENCY = "GNb7aIv4rQFV9iwNl5K";
    // Not private ones: some operations take none, and they would go no further than the gateway.
    private static final String AGENCY_TOKEN = "jwt-agency-51b0";
    private static final String LOCATION_TOKEN = "jwt-globex-0e77";
    private static final String KEY = "saas-key-9d20";

    /** Set, replaced or taken out by the gateway; all other fields pass as they are. */
    private static final Set<String> OURS =
            Set.of("host", "authorization", "user-agent", "via", "version", "x-tenant", "x-ghl-location-id", "prefer");

    /** From the documentation: these modules ask for another Version than the rest. */
    private static final Map<String, String> VERSIONS = Stream.of(
                    "agent-studio", "calendars", "conversation-ai", "conversations", "knowledge-base", "voice-ai")
            .collect(Collectors.toMap(Function.identity(), module -> "2021-04-15"));

    private static final Map<String, String> OLDER_VERSIONS = PublishedOperation.all().stream()
            .filter(row -> !row.isV3())
            .collect(Collectors.toMap(PublishedOperation::shape, EveryOperationTest::olderVersion, (a, b) -> a));

    private static Vertx vertx;
    private static RecordingUpstream upstream;
    private static TestBed bed;
    private static Wire wire;

    @BeforeAll
    static void open() {
        vertx = Running.vertx(1);
        var simulator = TestBed.await(Simulator.start(
                vertx,
                SimulatorOptions.builder()
                        .latency(Latency.none())
                        .limit(100_000, Duration.ofSeconds(10))
                        .tokens(Map.of(
                                AGENCY_TOKEN,
                                Account.parse("company:" + AGENCY),
                                LOCATION_TOKEN,
                                Account.parse(Plan.GLOBEX)))
                        .build()));
        upstream = RecordingUpstream.before(URI.create(simulator.url()));
        bed = TestBed.start(
                new Plan()
                        .set("limits.learn", "false")
                        .tenant("{id: agency, company: " + AGENCY + ", token: " + AGENCY_TOKEN + "}")
                        .tenant("{id: oauth, location: " + Plan.GLOBEX + ", token: " + LOCATION_TOKEN + "}")
                        .caller("{name: saas, key: " + KEY + ", tenants: [acme, oauth, agency]}"),
                upstream.uri());
        wire = bed.wire();
    }

    @AfterAll
    static void close() {
        wire.close();
        bed.close();
        upstream.close();
        TestBed.await(vertx.close());
    }

    static List<PublishedOperation> rows() {
        return PublishedOperation.all().stream()
                .filter(row -> !row.givesOutTokens())
                .toList();
    }

    static List<PublishedOperation> tokenRows() {
        return PublishedOperation.all().stream()
                .filter(PublishedOperation::givesOutTokens)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void reachesHighLevelAsItWasWritten(PublishedOperation row) {
        var target = target(row);
        var body = body(row);
        var fields = fields(row, body);

        send(row, target, fields, body);

        var arrived = upstream.next();
        assertThat(arrived.requestLine()).isEqualTo(row.method() + " " + target + " HTTP/1.1");
        assertThat(arrived.body()).isEqualTo(body);
        assertThat(others(arrived.fields())).isEqualTo(others(fields));
        assertThat(arrived.values("version")).containsExactly(version(row));
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + token(row));
        assertThat(arrived.values("host")).containsExactly(upstream.uri().getAuthority());
        assertThat(arrived.values("via")).containsExactly("1.1 ghl-gateway");
        assertThat(arrived.values("user-agent")).singleElement().asString().startsWith("ghl-gateway/");
        assertThat(arrived.values("x-tenant")).isEmpty();
        assertThat(arrived.values("x-ghl-location-id")).isEmpty();
        assertThat(upstream.unread()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void keepsTheVersionThatTheCallerSent(PublishedOperation row) {
        var sent = row.version().equals("-") ? "2023-02-21" : row.version();
        var body = body(row);
        var fields = fields(row, body);
        fields.add("version: " + sent);

        send(row, target(row), fields, body);

        assertThat(upstream.next().values("version")).containsExactly(sent);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokenRows")
    void isRefusedWhereTokensAreGivenOut(PublishedOperation row) {
        var body = body(row);

        try (var once = bed.wire()) { // for a refusal does not wait for the body
            var answer = answer(once, row, target(row), fields(row, body), body);

            assertThat(answer)
                    .startsWith("HTTP/1.1 403 Forbidden\n")
                    .containsIgnoringCase("\nx-gateway-error: forbidden\n");
        }
        assertThat(upstream.unread()).isZero();
    }

    private static void send(PublishedOperation row, String target, List<String> fields, byte[] body) {
        // What it thinks of such a request is not the question here: it got it, and its answer came through.
        assertThat(answer(wire, row, target, fields, body))
                .containsIgnoringCase("\nx-ratelimit-limit-daily: ")
                .doesNotContainIgnoringCase("\nx-gateway-error: ");
    }

    private static String answer(Wire wire, PublishedOperation row, String target, List<String> fields, byte[] body) {
        var request = new ByteArrayOutputStream();
        request.writeBytes(
                bytes(row.method() + " " + target + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n"));
        request.writeBytes(body);
        wire.sendBytes(request.toByteArray());
        var head = wire.head();
        var length = Pattern.compile("(?i)\ncontent-length: (\\d+)\n").matcher(head);
        return head + (length.find() ? wire.read(Integer.parseInt(length.group(1))) : "");
    }

    private static String target(PublishedOperation row) {
        var path = row.path(Map.of("locationId", Plan.GLOBEX, "companyId", AGENCY));
        var query = "?b=2&a=%2F%20;+&a=1&q=%c3%bc";
        return row.namesLocationIn("query")
                ? path + query + "&" + row.locationField() + "=" + Plan.GLOBEX
                : path + query;
    }

    /** Written as no program of ours would write it, so that it could not be written anew unnoticed. */
    private static byte[] body(PublishedOperation row) {
        if (row.media().startsWith("multipart/")) {
            return bytes(
                    "--Xy\r\nContent-Disposition: form-data; name=\"locationId\"\r\n\r\nanother\r\n"
                            + "--Xy\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\u0089PNG\0\n\r\r\n--Xy--\r\n");
        }
        if (row.media().startsWith("application/x-www-form-urlencoded")) {
            return bytes("b=2&a=%2F+%c3%bc&a=1&empty=");
        }
        if (row.namesLocationIn("body")) {
            return bytes("{\"n\" : 1.0,\n\t\"n\":1e2, \"\\u00fc\":\"\\/\", \"in\": {\"locationId\": \"another\"}, \""
                    + row.locationField() + "\" : \"" + Plan.GLOBEX + "\", \"altType\": \"location\" }\n");
        }
        return row.method().matches("POST|PUT|PATCH") ? bytes(" {\"n\" : 1.0, \"list\":[ ] }") : new byte[0];
    }

    private static List<String> fields(PublishedOperation row, byte[] body) {
        var fields = new ArrayList<>(List.of(
                "Host: gateway.internal",
                "X-Part: one",
                "authorization: Bearer " + KEY,
                "Accept: application/json, text/plain, */*",
                "x-part: two",
                "User-Agent: axios/1.21.1",
                "Accept-Encoding: gzip, compress, deflate, br",
                "X-PART: one",
                "Prefer: wait=20"));
        if (body.length > 0) {
            fields.add("Content-Type: "
                    + (row.media().equals("-")
                            ? "application/json"
                            : row.media().startsWith("multipart/")
                                    ? row.media() + "; boundary=Xy"
                                    : "application/x-www-form-urlencoded"));
            fields.add("Content-Length: " + body.length);
        }
        if (row.token().equals("agency")) {
            if (!row.template().contains("{companyId}")) {
                fields.add("X-Tenant: agency");
            }
        } else if (row.media().startsWith("multipart/")
                || Stream.of("path", "query", "body").noneMatch(row::namesLocationIn)) {
            fields.add("X-GHL-Location-Id: " + Plan.GLOBEX);
        }
        return fields;
    }

    private static String token(PublishedOperation row) {
        return row.token().equals("agency") ? AGENCY_TOKEN : LOCATION_TOKEN;
    }

    /** What the older generation of an operation asks for, since that is what established clients speak; else v3's own. */
    private static String version(PublishedOperation row) {
        var own = row.version().equals("-") ? "v3" : row.version();
        return OLDER_VERSIONS.getOrDefault(row.shape(), own);
    }

    private static String olderVersion(PublishedOperation row) {
        return row.module().equals("saas-api") ? "2023-02-21" : VERSIONS.getOrDefault(row.module(), "2021-07-28");
    }

    private static List<String> others(List<String> fields) {
        return fields.stream()
                .filter(field ->
                        !OURS.contains(field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
