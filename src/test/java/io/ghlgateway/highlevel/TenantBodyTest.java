package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
            {"altId": "loc1", "altType": "company"}                     |
            {"altId": "loc1", "altType": "company", "altType": "location"} | loc1
            """)
    void anAltIdNamesALocationUnlessItsTypeIsAnother(String body, String named) {
        assertThat(ids(TenantBody.read(INVOICE, JSON, "", Buffer.buffer(body))))
                .containsExactly(named == null ? new String[0] : new String[] {named});
    }

    @Test
    void aFormIsReadToo() {
        var body = Buffer.buffer("name=Ada&locationId=loc1&location%49d=loc2");

        assertThat(ids(TenantBody.read(CONTACT, "application/x-www-form-urlencoded", "", body)))
                .containsExactly("loc1", "loc2");
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
        assertThat(TenantBody.read(CONTACT, contentType, "", Buffer.buffer("no JSON"))
                        .problem())
                .isEmpty();
    }

    @Test
    void partsOfAFormAreNotRead() {
        assertThat(TenantBody.isReadable("multipart/form-data; boundary=x")).isFalse();
        assertThat(ids(TenantBody.read(CONTACT, "Multipart/Form-Data", "", Buffer.buffer("{"))))
                .isEmpty();
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
