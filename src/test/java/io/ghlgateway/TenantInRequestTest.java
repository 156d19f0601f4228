package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One key, several tenants: whom a request is for, told by what it asks, over real connections. */
class TenantInRequestTest {

    private static final String KEY = "saas-key-40b7";
    private static final String RIVAL = "rival0000000000000000";
    private static final int MOST_TO_PROVE = 10 << 20;

    private static RecordingUpstream upstream;
    private static TestBed bed;

    @BeforeAll
    static void open() {
        upstream = new RecordingUpstream();
        bed = TestBed.start(
                new Plan()
                        .set("limits.learn", "false")
                        .tenant("{id: rival, location: " + RIVAL + ", token: pit-rival-1}")
                        .caller("{name: saas, key: " + KEY + ", tenants: [acme, globex]}"),
                upstream.uri());
    }

    @AfterAll
    static void close() {
        bed.close();
        upstream.close();
    }

    @Test
    void aBodyNamesTheTenantAndPassesAsItCame() {
        var body = "{\"name\":\"Ada\" , \"locationId\":\"" + Plan.GLOBEX + "\"}";

        assertThat(post("/contacts/", "application/json", body)).startsWith("HTTP/1.1 200 ");

        var arrived = upstream.next();
        assertThat(new String(arrived.body(), StandardCharsets.UTF_8)).isEqualTo(body);
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
    }

    @Test
    void aLargeBodyInChunksNamesItInItsLastByte() {
        var body = "{\"note\":\"" + "x".repeat(3 << 20) + "\", \"locationId\":\"" + Plan.GLOBEX + "\"}";
        try (var wire = bed.wire()) {
            wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nX-Gateway-Key: " + KEY
                    + "\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n");
            for (int from = 0; from < body.length(); from += 60_000) {
                var piece = body.substring(from, Math.min(body.length(), from + 60_000));
                wire.send(Integer.toHexString(piece.length()) + "\n" + piece + "\n");
            }

            assertThat(wire.send("0\n\n").head()).startsWith("HTTP/1.1 200 ");
        }

        var arrived = upstream.next();
        assertThat(new String(arrived.body(), StandardCharsets.UTF_8)).isEqualTo(body);
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
    }

    @Test
    void aBodySentAsGzipIsReadAndPassesAsItCame() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(("{\"locationId\":\"" + Plan.GLOBEX + "\"}").getBytes(StandardCharsets.UTF_8));
        }

        var answer = bed.send(bed.stranger("/contacts/")
                .header("X-Gateway-Key", KEY)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));

        assertThat(answer.statusCode()).isEqualTo(200);
        var arrived = upstream.next();
        assertThat(arrived.body()).isEqualTo(packed.toByteArray());
        assertThat(arrived.values("content-encoding")).containsExactly("gzip");
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            X-Tenant: acme    | {"locationId": "GLOBEX"}                          | 400 | tenant_conflict
            X-Tenant: acme    | {"locationId": "ACME", "locationId": "GLOBEX"}    | 400 | tenant_conflict
            X-Tenant: acme    | {"locationId": "RIVAL"}                           | 403 | forbidden
            X-Tenant: rival   | {"locationId": "ACME"}                            | 403 | forbidden
            X-Tenant: acme    | {"locationId": "ACME", "location\\u0049d": "RIVAL"} | 403 | forbidden
            X-Tenant: acme    | {"locationId": "heard-of-never"}                  | 404 | tenant_unknown
            X-Tenant: acme    | {"locationId": {"$ne": 1}}                        | 404 | tenant_unknown
            X-Tenant: acme    | {"locationId": "ACME"                             | 400 | bad_request
            Accept: */*       | {"name": "Ada"}                                   | 400 | tenant_required
            Content-Encoding: br | {"locationId": "ACME"}                         | 400 | bad_request
            """)
    void whatTheBodyProvesWrongIsRefused(String field, String body, int status, String code) {
        var answer = post(
                "/contacts/",
                "application/json\n" + field,
                body.replace("ACME", Plan.ACME).replace("GLOBEX", Plan.GLOBEX).replace("RIVAL", RIVAL));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\nX-Gateway-Error: " + code + "\n");
        assertThat(upstream.unread()).isZero();
    }

    /** Each was read by a common server, and not by the gateway, as naming the other tenant. */
    @ParameterizedTest(name = "{0} {1} is {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /contacts/    | application/json; charset=utf-7                  | {"locationId":"ACME","+AGw-ocationId":"RIVAL"} | 400
            /Contacts/    | application/json                                 | {"locationId":"RIVAL"}                         | 403
            /%63ontacts/  | application/json                                 | {"locationId":"RIVAL"}                         | 400
            /contacts/    | application/x-www-form-urlencoded                | [locationId]=RIVAL                             | 403
            /contacts/?[locationId]=RIVAL | application/json                 | {}                                             | 403
            /contacts/    | multipart/form-data                              | {"locationId":"RIVAL"}                         | 400
            /contacts/    | multipart/form-data~Content-Type: application/json | {"locationId":"RIVAL"}                       | 400
            /contacts/    | application/json~Content-Encoding: identity~Connection: content-encoding | {}                     | 400
            """)
    void noOtherSpellingNamesATenantUnseen(String target, String fields, String body, int status) {
        var answer = post(
                target.replace("RIVAL", RIVAL),
                fields.replace("~", "\n") + "\nX-Tenant: acme",
                body.replace("ACME", Plan.ACME).replace("RIVAL", RIVAL));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(upstream.unread()).isZero();
    }

    @Test
    void manyNamesAreRefusedAndNotKept() {
        var names = "[\"l"
                + String.join(
                        "\",\"l",
                        IntStream.range(0, 100_000).mapToObj(String::valueOf).toList()) + "\"]";

        assertThat(post("/contacts/", "application/json", "{\"locationId\":" + names + "}"))
                .startsWith("HTTP/1.1 400 ")
                .contains("more than 1000");
    }

    @Test
    void aBodyTooLargeToProveIsRefusedBeforeItIsRead() {
        try (var wire = bed.wire()) {
            var head = wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nX-Gateway-Key: " + KEY + "\nX-Tenant: acme\n"
                            + "Content-Type: application/json\nContent-Length: " + (MOST_TO_PROVE + 1) + "\n\n")
                    .head();

            assertThat(head).startsWith("HTTP/1.1 413 ").contains("\nX-Gateway-Error: too_large\n");
        }
        assertThat(upstream.unread()).isZero();
    }

    @Test
    void aBodyOfUnsaidLengthIsRefusedWhereItGrowsTooLargeToProve() {
        var answer = bed.send(bed.stranger("/contacts/")
                .header("X-Gateway-Key", KEY)
                .header("X-Tenant", "acme")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[MOST_TO_PROVE + 1]))));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(upstream.unread()).isZero();
    }

    @Test
    void oneOutOfReachIsRefusedBeforeItsBodyCame() {
        try (var wire = bed.wire()) {
            var head = wire.send("POST /contacts/ HTTP/1.1\nHost: gateway\nX-Gateway-Key: " + KEY
                            + "\nX-Tenant: rival\nContent-Type: application/json\nContent-Length: 100\n\n")
                    .head();

            assertThat(head).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void anUploadOfAnySizeNamesItsTenantInAHeader() {
        var upload = new byte[MOST_TO_PROVE + 100_000];

        var answer = bed.send(bed.stranger("/medias/upload-file")
                .header("X-Gateway-Key", KEY)
                .header("X-GHL-Location-Id", Plan.GLOBEX)
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofByteArray(upload)));

        assertThat(answer.statusCode()).isEqualTo(200);
        var arrived = upstream.next();
        assertThat(arrived.body()).isEqualTo(upload);
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
    }

    @Test
    void pathAndQueryNameTheTenantToo() {
        for (var target : new String[] {
            "/locations/" + Plan.GLOBEX + "/tags",
            "/contacts/?locationId=" + Plan.GLOBEX,
            "/invoices/?altId=" + Plan.GLOBEX
        }) {
            var answer = bed.send(bed.stranger(target).header("X-Gateway-Key", KEY));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(upstream.next().values("authorization")).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
        }
    }

    /** @param type and perhaps further fields, one a line */
    private static String post(String target, String type, String body) {
        try (var wire = bed.wire()) {
            var head = wire.send("POST " + target + " HTTP/1.1\nHost: gateway\nX-Gateway-Key: " + KEY
                            + "\nContent-Type: " + type + "\nContent-Length: " + body.length() + "\n\n" + body)
                    .head();
            return head + wire.read(Integer.parseInt(head.replaceAll("(?is).*\ncontent-length: (\\d+)\n.*", "$1")));
        }
    }
}
