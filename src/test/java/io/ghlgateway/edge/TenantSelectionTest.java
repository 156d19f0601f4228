package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.edge.TenantSelection.Choice;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantFields;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantSelectionTest {

    private final TenantSelection selection = new TenantSelection(new TenantRegistry(List.of(
            new Tenant("acme", App.PRIVATE, Resource.location("loc1")),
            new Tenant("acme-crm", new App("crm"), Resource.location("loc1")),
            new Tenant("beta", App.PRIVATE, Resource.location("loc2")),
            new Tenant("agency", App.PRIVATE, Resource.company("com1")),
            new Tenant("other-agency", App.PRIVATE, Resource.company("com2")),
            new Tenant("rival", App.PRIVATE, Resource.location("loc9")))));
    private final RouteCatalogue routes = RouteCatalogue.load();

    /** The caller reaches acme, acme-crm and beta, and has no default. */
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            X-Tenant=acme                                     | acme
            x-tenant=acme                                     | acme
            X-GHL-Location-Id=loc2                            | beta
            locationId=loc2                                   | beta
            X-Tenant=acme, locationId=loc1                    | acme
            X-Tenant=acme-crm, X-GHL-Location-Id=loc1         | acme-crm
            X-Tenant=acme, X-Tenant=acme                      | acme
            X-GHL-Location-Id=loc1                            | acme
            X-GHL-Location-Id=loc1, X-GHL-App=crm             | acme-crm
            X-GHL-Location-Id=loc2, X-GHL-App=crm             | tenant_unknown
            X-Tenant=acme, X-Tenant=beta                      | tenant_conflict
            X-Tenant=acme, X-GHL-Location-Id=loc2             | tenant_conflict
            X-GHL-Location-Id=loc1, locationId=loc2           | tenant_conflict
            X-Tenant=rival                                    | forbidden
            X-GHL-Location-Id=loc9                            | forbidden
            X-Tenant=acme, X-GHL-Location-Id=loc9             | forbidden
            X-Tenant=nobody, locationId=loc9                  | forbidden
            X-Tenant=acme, X-Tenant=beta, X-Tenant=rival      | forbidden
            X-Tenant=nobody                                   | tenant_unknown
            X-Tenant=acme, locationId=nowhere                 | tenant_unknown
            X-Tenant=                                         | tenant_unknown
            Accept=*/*                                        | tenant_required
            """)
    void choosesTheTenantOrSaysWhyNot(String headers, String expected) {
        var caller = Callers.of("billing", Set.of("acme", "acme-crm", "beta"));

        assertThat(chosen(caller, "GET /contacts/abc", headers)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Accept=*/*      | beta
            X-Tenant=rival  | rival
            X-Tenant=nobody | tenant_unknown
            """)
    void aCallerOfEveryTenantFallsBackOnItsDefault(String headers, String expected) {
        var caller = Callers.of("ops", Reach.EVERY, Optional.of("beta"));

        assertThat(chosen(caller, "GET /contacts/abc", headers)).isEqualTo(expected);
    }

    /** The caller reaches acme, acme-crm, beta and agency, and has no default. */
    @ParameterizedTest(name = "{0}, {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # A location's operation: its location fields name the tenant.
            GET /contacts/?locationId=loc1                              | Accept=*/*                | acme
            GET /contacts/?locationId=loc1                              | X-GHL-App=crm             | acme-crm
            GET /contacts/?locationId=loc2                              | X-Tenant=beta             | beta
            GET /contacts/?locationId=loc2                              | X-Tenant=acme             | tenant_conflict
            GET /contacts/?locationId=loc9                              | Accept=*/*                | forbidden
            GET /contacts/?locationId=loc9                              | X-Tenant=acme             | forbidden
            GET /contacts/?locationId=loc1&locationId=loc2              | Accept=*/*                | tenant_conflict
            GET /contacts/?locationId=loc1&locationId=loc9              | Accept=*/*                | forbidden
            GET /contacts/?location%49d=loc9                            | X-Tenant=acme             | forbidden
            GET /contacts/?locationId=nowhere                           | Accept=*/*                | tenant_unknown
            GET /contacts/?locationId=com1                              | Accept=*/*                | tenant_unknown
            GET /contacts/?locationId=                                  | X-Tenant=acme             | acme
            GET /contacts/?locationId=                                  | Accept=*/*                | tenant_required
            GET /locations/loc2/tags                                    | Accept=*/*                | beta
            GET /locations/loc2/tags?locationId=loc1                    | Accept=*/*                | tenant_conflict
            GET /locations/loc2/tags                                    | X-Tenant=agency           | tenant_conflict
            GET /opportunities/search?location_id=loc2                  | Accept=*/*                | beta
            GET /invoices/?altId=loc2&altType=location                  | Accept=*/*                | beta
            GET /invoices/?altId=loc2                                   | Accept=*/*                | beta
            GET /invoices/?altId=loc9&altType=location                  | X-Tenant=acme             | forbidden
            # An agency's: its company names the tenant, its locations are what is acted on.
            PUT /locations/loc2?companyId=com1                          | Accept=*/*                | agency
            PUT /locations/loc9?companyId=com1                          | Accept=*/*                | forbidden
            PUT /locations/unheard?companyId=com1                       | Accept=*/*                | agency
            PUT /locations/loc2?companyId=com2                          | Accept=*/*                | forbidden
            PUT /locations/loc2?companyId=com3                          | Accept=*/*                | tenant_unknown
            PUT /locations/loc2                                         | X-Tenant=agency           | agency
            PUT /locations/loc2                                         | X-Tenant=acme             | tenant_conflict
            PUT /locations/loc2                                         | Accept=*/*                | agency
            PUT /locations/unheard                                      | Accept=*/*                | agency
            PUT /locations/loc2                                         | X-GHL-Location-Id=loc2    | agency
            PUT /locations/loc2                                         | locationId=loc9           | forbidden
            PUT /locations/loc2                                         | X-GHL-Location-Id=com1    | agency
            # Either's: the location if one is known, else the company.
            GET /users/search?companyId=com1                            | Accept=*/*                | agency
            GET /users/search?companyId=com1&locationId=loc1            | Accept=*/*                | acme
            GET /users/search?companyId=com1&locationId=unheard         | Accept=*/*                | agency
            GET /users/search?companyId=com1&locationId=loc1            | X-Tenant=agency           | agency
            GET /users/search?companyId=com2&locationId=loc1            | X-Tenant=acme             | forbidden
            GET /invoices/?altId=loc9&altType=sub-account               | X-Tenant=acme             | forbidden
            GET /invoices/?altId=thing&altType=sub-account              | X-Tenant=acme             | acme
            GET /contacts/?[locationId]=loc9                            | X-Tenant=acme             | forbidden
            GET /contacts/?%5BlocationId%5Dx=loc9                       | X-Tenant=acme             | forbidden
            GET /Contacts/?locationId=loc2                              | Accept=*/*                | beta
            PUT /LOCATIONS/loc9                                         | X-Tenant=agency           | forbidden
            # What no table knows.
            GET /no/such/operation?locationId=loc2                      | Accept=*/*                | beta
            GET /no/such/operation?companyId=com1                       | Accept=*/*                | agency
            GET /no/such/operation                                      | Accept=*/*                | tenant_required
            """)
    void whatTheOperationNamesIsHeeded(String request, String headers, String expected) {
        var caller = Callers.of("saas", Set.of("acme", "acme-crm", "beta", "agency"));

        assertThat(chosen(caller, request, headers)).isEqualTo(expected);
    }

    /** Of loc3 it is known whose it is. */
    @ParameterizedTest(name = "{0}, {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            GET /users/search?companyId=com1&locationId=loc3 | Accept=*/*       | tenant_conflict
            GET /users/search?companyId=com1                 | X-Tenant=loc3    | tenant_conflict
            GET /users/search?companyId=com2&locationId=loc3 | Accept=*/*       | loc3
            GET /users/search?companyId=com9&locationId=loc3 | Accept=*/*       | loc3
            """)
    void aLocationAndACompanyThatIsNotItsOwnAreTwoTenants(String request, String headers, String expected) {
        var crm = new App("crm");
        var registry = new TenantRegistry(List.of(
                new Tenant("loc3", crm, Resource.location("loc3"), Optional.of(Resource.company("com2"))),
                new Tenant("one", crm, Resource.company("com1")),
                new Tenant("two", crm, Resource.company("com2"))));
        var caller = Callers.any("ops");

        assertThat(told(choice(new TenantSelection(registry), caller, request, headers)))
                .isEqualTo(expected);
    }

    /** The caller's default is the agency; it reaches all but rival. */
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PUT /locations/loc2       | agency
            PUT /locations/unheard    | agency
            PUT /locations/loc9       | forbidden
            GET /locations/loc2/tags  | beta
            GET /locations/search?locationId=unheard  | agency
            GET /products/?locationId=unheard         | agency
            GET /invoices/?altId=unheard              | agency
            GET /no/such/thing?locationId=unheard     | agency
            GET /products/?locationId=loc2            | beta
            GET /contacts/?locationId=unheard         | tenant_unknown
            """)
    void anAgencyByDefaultActsOnItsLocations(String request, String expected) {
        var caller = Callers.of("agency-tool", Reach.of(Set.of("acme", "beta", "agency")), Optional.of("agency"));

        assertThat(chosen(caller, request, "Accept=*/*")).isEqualTo(expected);
    }

    @Test
    void whatIsMissingIsNamedAsTheOperationNamesIt() {
        var caller = Callers.of("saas", Set.of("acme", "beta"));

        assertThat(choice(caller, "POST /contacts/", "Accept=*/*"))
                .isInstanceOfSatisfying(
                        Choice.Rejected.class,
                        rejected -> assertThat(rejected.refusal().detail())
                                .contains(
                                        "X-Tenant",
                                        "X-GHL-Location-Id",
                                        "query parameter locationId",
                                        "body field locationId"));
    }

    private String chosen(Caller caller, String request, String headers) {
        return told(choice(caller, request, headers));
    }

    private Choice choice(Caller caller, String request, String headerText) {
        return choice(selection, caller, request, headerText);
    }

    private Choice choice(TenantSelection selection, Caller caller, String request, String headerText) {
        var parts = request.split(" ", 2);
        var target = parts[1].split("\\?", 2);
        var route = routes.match(HttpMethod.valueOf(parts[0]), target[0]);
        var headers = headers(headerText);
        var names = selection.byHeader(headers);
        names.addAll(selection.byField(TenantFields.namedIn(route, target[0], target.length > 1 ? target[1] : "")));
        return selection.choose(caller, route, names, headers.get("X-GHL-App"));
    }

    private static MultiMap headers(String text) {
        var headers = MultiMap.caseInsensitiveMultiMap();
        for (var header : text.split(", ")) {
            var parts = header.split("=", 2);
            headers.add(parts[0], parts[1]);
        }
        return headers;
    }

    private static String told(Choice choice) {
        return choice instanceof Choice.Chosen chosen
                ? chosen.tenant().id()
                : ((Choice.Rejected) choice).refusal().code().wire();
    }
}
