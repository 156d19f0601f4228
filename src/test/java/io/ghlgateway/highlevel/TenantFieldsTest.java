package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.Resource;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantFieldsTest {

    private static final RouteCatalogue CATALOGUE = RouteCatalogue.load();

    @Test
    void thePathNamesALocation() {
        assertThat(named(HttpMethod.GET, "/locations/loc1/tags", ""))
                .containsExactly(location("loc1", "path parameter locationId"));
    }

    @Test
    void thePathNamesACompanyAndALocation() {
        var path = "/saas-api/public-api/companies/com1/locations/loc1/wallet-balance";

        assertThat(named(HttpMethod.GET, path, ""))
                .containsExactly(
                        new NamedResource(
                                Resource.Kind.COMPANY,
                                "com1",
                                false,
                                TenantField.Source.PATH,
                                "path parameter companyId"),
                        location("loc1", "path parameter locationId"));
    }

    @Test
    void whatPathAndQueryNameIsReportedBoth() {
        assertThat(named(HttpMethod.GET, "/locations/loc1/tags", "locationId=loc2"))
                .containsExactly(
                        location("loc1", "path parameter locationId"), location("loc2", "query parameter locationId"));
    }

    @Test
    void twoDifferentValuesOfOneParameterAreTwoAndEqualOnesAreOne() {
        assertThat(named(HttpMethod.GET, "/contacts/", "locationId=loc1&limit=1&locationId=loc2&locationId=loc1"))
                .containsExactly(
                        location("loc1", "query parameter locationId"), location("loc2", "query parameter locationId"));
    }

    @ParameterizedTest
    @CsvSource({
        "location%49d=loc1",
        "locationId=%6coc1",
        "locationId[]=loc1",
        "locationId%5B0%5D=loc1",
        "&&a&=&locationId=loc1&"
    })
    void spellingsThatAServerReadsAlikeAreReadAlike(String query) {
        assertThat(named(HttpMethod.GET, "/contacts/", query))
                .containsExactly(location("loc1", "query parameter locationId"));
    }

    @ParameterizedTest
    @CsvSource({"locationId", "locationId=", "locationid=loc1", "locationIds=loc1", "xlocationId=loc1", "a=locationId"})
    void whatIsNoLocationNamesNothing(String query) {
        assertThat(named(HttpMethod.GET, "/contacts/", query)).isEmpty();
    }

    @Test
    void anEncodedSlashStaysInsideItsSegmentAndMakesAnIdThatIsNobodys() {
        var named = named(HttpMethod.GET, "/locations/loc1%2Ftags", "");

        assertThat(named).containsExactly(location("loc1/tags", "path parameter locationId"));
    }

    @ParameterizedTest
    @CsvSource({
        "altId=loc1, false",
        "altId=loc1&altType=location, false",
        "altType=&altId=loc1, false",
        "altId=loc1&altType=call, true",
        "altId=loc1&altType=call&altType=location, false"
    })
    void anAltIdNamesTheTenantUnlessItsTypeSaysOtherwise(String query, boolean target) {
        assertThat(named(HttpMethod.GET, "/invoices/", query))
                .singleElement()
                .extracting(NamedResource::target)
                .isEqualTo(target);
    }

    @Test
    void inConversationsAnAltIdIsNoLocation() {
        for (Route route : CATALOGUE.routes()) {
            if (route.template().startsWith("/conversations/")) {
                assertThat(route.tenantFields()).extracting(TenantField::kind).doesNotContain(TenantField.Kind.ALT);
            }
        }
        assertThat(named(HttpMethod.POST, "/conversations/messages/inbound", "altId=m1"))
                .isEmpty();
    }

    @Test
    void aListOfTargetsIsNotTheTenant() {
        for (Route route : CATALOGUE.routes()) {
            assertThat(route.tenantFields())
                    .filteredOn(field -> field.name().equals("locationIds"))
                    .allSatisfy(field -> assertThat(field.kind()).isEqualTo(TenantField.Kind.TARGETS));
        }
    }

    @Test
    void opportunitiesAreSearchedUnderBothSpellings() {
        assertThat(named(HttpMethod.GET, "/opportunities/search", "location_id=loc1&locationId=loc2"))
                .extracting(NamedResource::id)
                .containsExactlyInAnyOrder("loc1", "loc2");
        assertThat(named(HttpMethod.GET, "/contacts/", "location_id=loc1")).isEmpty();
    }

    @Test
    void anUnknownPathIsReadForTheCommonNames() {
        assertThat(named(HttpMethod.GET, "/notes/", "companyId=com1&locationId=loc1&altId=x"))
                .containsExactly(
                        location("loc1", "query parameter locationId"),
                        new NamedResource(
                                Resource.Kind.COMPANY,
                                "com1",
                                false,
                                TenantField.Source.QUERY,
                                "query parameter companyId"));
    }

    @Test
    void aPathParameterIsFoundByItsWholeName() {
        var route = CATALOGUE.match(HttpMethod.GET, "/contacts/c%201/tasks/t1");

        assertThat(route.pathParam("contactId", "/contacts/c%201/tasks/t1")).contains("c 1");
        assertThat(route.pathParam("taskId", "/contacts/c%201/tasks/t1")).contains("t1");
        assertThat(route.pathParam("taskId", "/contacts/c1/tasks/t1/")).contains("t1");
        assertThat(route.pathParam("task", "/contacts/c1/tasks/t1")).isEmpty();
        assertThat(route.pathParam("taskId", "/contacts/c1")).isEmpty();
        assertThat(Route.unknown(HttpMethod.GET).pathParam("taskId", "/x/t1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a%, a%", "%zz%41, %zzA", "%C3%A9, é", "%e2%82x, �x", "%25%32%46, %2F", "%４１, %４１"})
    void badEscapesStayAsTheyStand(String encoded, String decoded) {
        assertThat(Percent.decode(encoded)).isEqualTo(decoded);
    }

    @Property
    void noPathOrQueryWhateverThrows(@ForAll String path, @ForAll String query) {
        assertThat(named(HttpMethod.GET, "/locations/" + path, query)).isNotNull();
        assertThat(named(HttpMethod.GET, path, "locationId=" + query)).isNotNull();
    }

    private static List<NamedResource> named(HttpMethod method, String path, String query) {
        return TenantFields.namedIn(CATALOGUE.match(method, path), path, query);
    }

    private static NamedResource location(String id, String where) {
        var source = TenantField.Source.valueOf(where.split(" ")[0].toUpperCase(Locale.ROOT));
        return new NamedResource(Resource.Kind.LOCATION, id, false, source, where);
    }
}
