package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ghlgateway.tenancy.Resource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantBodyTest {

    private static final RouteCatalogue CATALOGUE = RouteCatalogue.load();
    private static final Route CONTACT = CATALOGUE.match(HttpMethod.POST, "/contacts/");
    private static final Route INVOICE = CATALOGUE.match(HttpMethod.POST, "/invoices/");
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    @ParameterizedTest(name = "{0} names {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"locationId": "loc1", "name": "Ada"}                       | loc1
            {"a": {"locationId": "deep"}, "locationId": "loc1"}         | loc1
            {"a": [{"locationId": "deep"}]}                             |
            {"locationId": "loc1", "locationId": "loc2"}                | loc1 loc2
            {"locationId": "loc1", "locationId": "loc1"}                | loc1
            {"location\\u0049d": "loc1"}                                | loc1
            {"locationId": "loc\\u0031"}                                | loc1
            {"locationid": "loc1", "LocationId": "loc2"}                |
            {"locationId": 17}                                          | 17
            {"locationId": null}                                        |
            {"locationId": ""}                                          |
            {"locationId": ["loc1", ["loc2"]]}                          | loc1 loc2
            {"locationId": {"$ne": "x"}}                                | {…}
            [{"locationId": "loc1"}]                                    |
            "locationId"                                                |
            {}                                                          |
            """)
    void readsWhatAServerWouldTakeForTheLocation(String body, String named) {
        assertThat(ids(TenantBody.read(CONTACT, JSON, "", Buffer.buffer(body))))
                .containsExactly(named == null ? new String[0] : named.split(" "));
    }

    @ParameterizedTest(name = "{0} names {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"altId": "loc1", "altType": "location"}                    | loc1
            {"altType": "location", "altId": "loc1"}                    | loc1
            {"altId": "loc1"}                                           | loc1
            {"altId": "loc1", "altType": "company", "altType": "location"} | loc1
            """)
    void anAltIdNamesALocationUnlessItsTypeIsAnother(String body, String named) {
        assertThat(ids(TenantBody.read(INVOICE, JSON, "", Buffer.buffer(body))))
                .containsExactly(named == null ? new String[0] : new String[] {named});
    }

    @Test
    void anAltIdOfAnotherTypeIsStillChecked() {
        var body = Buffer.buffer("{\"altId\": \"loc1\", \"altType\": \"sub-account\"}");

        assertThat(TenantBody.read(INVOICE, JSON, "", body).named())
                .singleElement()
                .satisfies(named -> assertThat(named.target()).isTrue());
    }

    @Test
    void companiesAndTheLocationsThatAreActedOnAreReadToo() {
        var body = Buffer.buffer("{\"locationIds\": [\"loc1\", \"loc2\"], \"companyId\": \"com1\"}");

        assertThat(TenantBody.read(CATALOGUE.match(HttpMethod.POST, "/users/"), JSON, "", body)
                        .named())
                .extracting(NamedResource::kind, NamedResource::id, NamedResource::target)
                .containsExactlyInAnyOrder(
                        tuple(Resource.Kind.COMPANY, "com1", false),
                        tuple(Resource.Kind.LOCATION, "loc1", true),
                        tuple(Resource.Kind.LOCATION, "loc2", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-7", "UTF-16", "utf-16le", "\"utf-32\"", "iso-8859-1"})
    void aCharsetThatCouldHideANameIsRefused(String charset) {
        var body = Buffer.buffer("{\"locationId\":\"acme\",\"+AGw-+AG8-cationId\":\"rival\"}");

        for (var type : List.of("application/json; charset=" + charset, "text/json;a=b;CharSet = " + charset)) {
            assertThat(TenantBody.read(CONTACT, type, "", body).problem()).isPresent();
        }
        assertThat(TenantBody.read(CONTACT, "application/json; charset=UTF-8", "", body)
                        .problem())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void aNameIsFoundInWhicheverUnicodeItIsWrittenInABodyOfAnyLength(String charset) throws Exception {
        for (int length : new int[] {0, 10, 100_000}) {
            var text = "{\"a\":\"" + "é".repeat(length) + "\",\"locationId\":\"löc1\"}";

            for (var mark : List.of("", "\ufeff")) {
                var body = Buffer.buffer((mark + text).getBytes(charset));

                assertThat(ids(TenantBody.read(CONTACT, JSON, "", body)))
                        .as("%d characters, marked '%s'", length, mark)
                        .containsExactly("löc1");
            }
        }
    }

    @Test
    void moreNamesThanAnyOperationHasAreNotKept() {
        var many = "\"l"
                + String.join(
                        "\",\"l",
                        IntStream.range(0, 300_000).mapToObj(String::valueOf).toList()) + "\"";
        var form = "locationId="
                + String.join(
                        "&locationId=",
                        IntStream.range(0, 2_000).mapToObj(String::valueOf).toList());

        assertThat(TenantBody.read(CONTACT, JSON, "", Buffer.buffer("{\"locationId\":[" + many + "]}"))
                        .problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("more than 1000"));
        assertThat(TenantBody.read(CONTACT, FORM, "", Buffer.buffer(form)).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("more than 1000"));
        assertThat(TenantBody.read(CONTACT, FORM, "", Buffer.buffer("a=" + "x".repeat(300_000)))
                        .problem())
                .isPresent();
    }

    @Test
    void aNumberTooLongToReadHidesNothingBehindIt() {
        var body = Buffer.buffer("{\"n\":" + "1".repeat(2_000) + ",\"locationId\":\"rival\"}");
        var deep = Buffer.buffer("{\"a\":" + "[".repeat(1_100) + "]".repeat(1_100) + ",\"locationId\":\"rival\"}");

        for (var hiding : List.of(body, deep)) {
            var reading = TenantBody.read(CONTACT, "text/plain", "", hiding);
            assertThat(reading.problem().isPresent() || !reading.named().isEmpty())
                    .isTrue();
        }
    }

    @Test
    void aFormIsReadToo() {
        var body = Buffer.buffer("name=Ada&locationId=loc1&location%49d=loc2");

        assertThat(ids(TenantBody.read(CONTACT, FORM, "", body))).containsExactly("loc1", "loc2");
    }

    @Test
    void whatIsDeflatedIsInflated() throws IOException {
        var plain = "{\"locationId\": \"loc1\"}";

        assertThat(ids(TenantBody.read(CONTACT, JSON, "gzip", packed(plain, GZIPOutputStream::new))))
                .containsExactly("loc1");
        assertThat(ids(TenantBody.read(CONTACT, JSON, "deflate", packed(plain, DeflaterOutputStream::new))))
                .containsExactly("loc1");
    }

    @Test
    void whatInflatesWithoutEndIsNotReadToItsEnd() throws IOException {
        var bomb = packed("{\"a\": \"" + "x".repeat(30 << 20) + "\"}", GZIPOutputStream::new);

        assertThat(TenantBody.read(CONTACT, JSON, "gzip", bomb).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("when inflated"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress"})
    void aCodingThatCannotBeReadProvesNothing(String coding) {
        assertThat(TenantBody.read(CONTACT, JSON, coding, Buffer.buffer("{}")).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains(coding, "gzip"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"locationId\": \"loc1\"",
                "{\"locationId\": \"loc1\"} {}",
                "{\"locationId\": \"loc1\"} x",
                "{'locationId': 'loc1'}",
                "locationId=loc1",
                "{\"a\": 1,}"
            })
    void whatIsNoJsonProvesNothingAndIsNotQuoted(String body) {
        assertThat(TenantBody.read(CONTACT, JSON, "", Buffer.buffer(body)).problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .startsWith("the body is not JSON: line 1, column")
                        .doesNotContain("loc1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/octet-stream"})
    void jsonIsReadWhateverItIsCalled(String contentType) {
        var json = Buffer.buffer("{\"locationId\": \"loc1\"}");

        assertThat(ids(TenantBody.read(CONTACT, contentType, "", json))).containsExactly("loc1");
    }

    /** A lenient server may read more in it. */
    @ParameterizedTest
    @ValueSource(strings = {"locationId=rival", "{locationId: 'rival'}", "<locationId>rival</locationId>"})
    void whatIsNeitherJsonNorCalledAFormProvesNothing(String body) {
        for (var contentType : List.of("", "text/plain", "application/octet-stream", "application/xml")) {
            assertThat(TenantBody.read(CONTACT, contentType, "", Buffer.buffer(body))
                            .problem())
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .startsWith("the body is to be JSON, or a form")
                            .doesNotContain("rival"));
        }
    }

    @Test
    void partsProveNothing() {
        assertThat(TenantBody.isMultipart("Multipart/form-data; boundary=x")).isTrue();
        assertThat(TenantBody.read(CONTACT, "Multipart/Form-Data", "", Buffer.buffer("{"))
                        .problem())
                .isPresent();
    }

    @Test
    void aDeepBodyIsRefusedAndNotFollowed() {
        var deep = Buffer.buffer("[".repeat(100_000));

        assertThat(TenantBody.read(CONTACT, JSON, "", deep).problem()).isPresent();
        assertThat(TenantBody.read(CONTACT, JSON, "", Buffer.buffer("{\"locationId\": " + "[".repeat(100_000)))
                        .problem())
                .isPresent();
    }

    @Property
    void noBodyMakesItThrow(@ForAll byte[] body, @ForAll String type, @ForAll String coding) {
        var reading = TenantBody.read(CONTACT, type, coding.length() % 2 == 0 ? "" : "gzip", Buffer.buffer(body));

        assertThat(reading.named().isEmpty() || reading.problem().isEmpty()).isTrue();
    }

    private static List<String> ids(TenantBody.Reading reading) {
        assertThat(reading.problem()).isEmpty();
        return reading.named().stream().map(NamedResource::id).toList();
    }

    private interface Packer {
        OutputStream pack(OutputStream out) throws IOException;
    }

    private static Buffer packed(String text, Packer packer) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = packer.pack(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
