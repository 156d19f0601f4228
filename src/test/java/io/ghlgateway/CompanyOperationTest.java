package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantField;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every published operation that an agency's token does, for a caller of several tenants: the company is named wherever
 * the operation has a place for it, by no header, and the locations beside it are what is acted on.
 */
class CompanyOperationTest {

    private static final String AGENCY = "GNb7aIv4rQFV9iwNl5K";
    /** Not a private one: some operations take none. */
    private static final String AGENCY_TOKEN = "jwt-agency-51b0";

    private static final String KEY = "saas-key-9d20";
    /** A location of the agency that is no tenant here. */
    private static final String FOREIGN = "FpLmN5wYcR2dqX3kT0aP";

    private static final RouteCatalogue ROUTES = RouteCatalogue.load();

    private static RecordingUpstream upstream;
    private static TestBed bed;
    private static Wire wire;

    @BeforeAll
    static void open() {
        upstream = new RecordingUpstream();
        bed = TestBed.start(
                new Plan()
                        .set("limits.learn", "false")
                        .tenant("{id: agency, company: " + AGENCY + ", token: " + AGENCY_TOKEN + "}")
                        .caller("{name: saas, key: " + KEY + ", tenants: [acme, globex, agency]}"),
                upstream.uri());
        wire = bed.wire();
    }

    @AfterAll
    static void close() {
        wire.close();
        bed.close();
        upstream.close();
    }

    static List<PublishedOperation> withACompanyInTheQuery() {
        return rows(TenantField.Source.QUERY);
    }

    static List<PublishedOperation> withACompanyInTheBody() {
        return rows(TenantField.Source.BODY);
    }

    static List<PublishedOperation> withACompanyInThePath() {
        return rows(TenantField.Source.PATH);
    }

    static List<PublishedOperation> withLocationsInTheBody() {
        return PublishedOperation.all().stream()
                .filter(row -> row.location().endsWith("locationIds"))
                .toList();
    }

    static List<PublishedOperation> ofEitherToken() {
        return PublishedOperation.all().stream()
                .filter(row -> row.token().equals("either"))
                .filter(row -> row.location().endsWith("altId"))
                .toList();
    }

    @Test
    void theTableHasThemAll() {
        assertThat(withACompanyInTheQuery()).hasSizeGreaterThan(60);
        assertThat(withACompanyInTheBody()).hasSizeGreaterThan(20);
        assertThat(withACompanyInThePath()).hasSizeGreaterThan(20);
        assertThat(withLocationsInTheBody()).hasSize(16);
        assertThat(ofEitherToken()).hasSize(80);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withACompanyInTheQuery")
    void theCompanyStandsInTheQuery(PublishedOperation row) {
        assertPassesForTheAgency(row, "?a=1&companyId=" + AGENCY, "", "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withACompanyInTheBody")
    void theCompanyStandsInTheBody(PublishedOperation row) {
        var form = row.media().startsWith("application/x-www-form-urlencoded");

        assertPassesForTheAgency(
                row,
                "?a=1",
                "",
                form ? "b=%2F&companyId=" + AGENCY : " {\"n\": 1.0,\t\"companyId\":\"" + AGENCY + "\" }");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withACompanyInThePath")
    void theCompanyStandsInThePath(PublishedOperation row) {
        assertPassesForTheAgency(row, "?a=1", "", "");
    }

    /** Two, of which one is a tenant and one nobody that we know. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("withLocationsInTheBody")
    void locationsInTheBodyAreActedOnAndNameNobody(PublishedOperation row) {
        var locations = "\"locationIds\": [\"" + Plan.GLOBEX + "\", \"" + FOREIGN + "\"]";
        var body = row.template().contains("{companyId}")
                ? "{" + locations + "}"
                : "{\"companyId\": \"" + AGENCY + "\", " + locations + "}";

        assertPassesForTheAgency(row, "", "", body);
    }

    /** What stands in an altId that is no location's is not looked at; a header names the agency. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofEitherToken")
    void anAltIdOfACompanyNamesNoLocation(PublishedOperation row) {
        var alt = row.location().startsWith("query:");

        assertPassesForTheAgency(
                row,
                alt ? "?altType=company&altId=" + AGENCY : "",
                "X-Tenant: agency\r\n",
                alt ? "" : "{\"altType\": \"company\", \"altId\": \"" + AGENCY + "\"}");
    }

    /** It is a mail provider's message, say. */
    @Test
    void theAltIdOfAConversationNamesNobody() {
        var target = "/conversations/search?locationId=" + Plan.GLOBEX + "&altId=" + FOREIGN;

        assertThat(send("GET", target, "", "", "application/json")).startsWith("HTTP/1.1 200 ");
        var arrived = upstream.next();
        assertThat(arrived.requestLine()).isEqualTo("GET " + target + " HTTP/1.1");
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + Plan.GLOBEX_TOKEN);
    }

    private static void assertPassesForTheAgency(PublishedOperation row, String query, String fields, String body) {
        var target = row.path(Map.of("companyId", AGENCY, "locationId", FOREIGN)) + query;
        var media = row.media().equals("-") ? "application/json" : row.media();

        assertThat(send(row.method(), target, fields, body, media)).startsWith("HTTP/1.1 200 ");

        var arrived = upstream.next();
        assertThat(arrived.requestLine()).isEqualTo(row.method() + " " + target + " HTTP/1.1");
        assertThat(new String(arrived.body(), StandardCharsets.ISO_8859_1)).isEqualTo(body);
        assertThat(arrived.values("authorization")).containsExactly("Bearer " + AGENCY_TOKEN);
        assertThat(upstream.unread()).isZero();
    }

    /** Of an agency's operations and those that take either token, those with a place there for the company. */
    private static List<PublishedOperation> rows(TenantField.Source source) {
        return PublishedOperation.all().stream()
                .filter(row -> row.token().matches("agency|either") && !row.givesOutTokens())
                .filter(row -> {
                    var route = ROUTES.match(HttpMethod.valueOf(row.method()), row.path(Map.of()));
                    return route.tenantFields().stream()
                            .anyMatch(field -> field.source() == source
                                    && field.resourceKind() == Resource.Kind.COMPANY
                                    && route.isNamedBy(field));
                })
                .toList();
    }

    private static String send(String method, String target, String fields, String body, String media) {
        wire.sendBytes(
                (method + " " + target + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + KEY + "\r\n" + fields
                                + (body.isEmpty()
                                        ? ""
                                        : "Content-Type: " + media + "\r\nContent-Length: " + body.length() + "\r\n")
                                + "\r\n" + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
        var head = wire.head();
        return head + wire.read(Integer.parseInt(head.replaceAll("(?is).*\ncontent-length: (\\d+)\n.*", "$1")));
    }
}
