package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.edge.TenantSelection.Choice;
import io.ghlgateway.highlevel.NamedResource;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.highlevel.TenantField.Source;
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

/**
 * Two agencies with installations at their locations: com1 with loc1 and loc2 under main and crm, com2 with loc9 under
 * main; loc5's agency is known and has not installed.
 */
class AgencyOfLocationTest {

    private static final App MAIN = new App("main");
    private static final App CRM = new App("crm");

    private final TenantRegistry registry =
            new TenantRegistry(List.of(of("alias", MAIN, Resource.location("loc1"), "com1")));
    private final TenantSelection selection = new TenantSelection(registry);
    private final RouteCatalogue routes = RouteCatalogue.load();

    AgencyOfLocationTest() {
        for (var app : List.of(MAIN, CRM)) {
            registry.put(of("loc1", app, Resource.location("loc1"), "com1"));
            registry.put(of("loc2", app, Resource.location("loc2"), "com1"));
            registry.put(new Tenant("com1", app, Resource.company("com1")));
        }
        registry.put(of("loc9", MAIN, Resource.location("loc9"), "com2"));
        registry.put(new Tenant("com2", MAIN, Resource.company("com2")));
        registry.put(of("loc5", MAIN, Resource.location("loc5"), "com5"));
    }

    /** The caller reaches loc1, loc2, loc5 and the alias of loc1, and no company. */
    @ParameterizedTest(name = "{0}, {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            PUT /locations/loc2                                 | Accept=*/*                         | crm:com1
            PUT /locations/loc2                                 | X-GHL-App=main                     | main:com1
            PUT /locations/loc1                                 | Accept=*/*                         | main:com1
            PUT /locations/loc2?locationId=loc1                 | Accept=*/*                         | crm:com1
            PUT /locations/loc2                                 | X-Tenant=loc2, X-GHL-App=main      | main:com1
            PUT /locations/loc1                                 | X-Tenant=alias                     | main:com1
            PUT /locations/loc1                                 | X-Tenant=alias, X-GHL-App=crm      | tenant_unknown
            PUT /locations/loc2                                 | X-GHL-Location-Id=loc2             | crm:com1
            POST /saas/pause/loc2                               | Accept=*/*                         | crm:com1
            # Not the caller's, nobody's, or another's.
            PUT /locations/loc9                                 | Accept=*/*                         | forbidden
            PUT /locations/loc2?locationId=loc9                 | Accept=*/*                         | forbidden
            PUT /locations/unheard?locationId=loc1              | Accept=*/*                         | tenant_required
            PUT /locations/unheard                              | X-GHL-Location-Id=loc1             | tenant_required
            PUT /locations/loc5                                 | Accept=*/*                         | tenant_required
            PUT /locations/loc2?companyId=com1                  | Accept=*/*                         | forbidden
            # What HighLevel need not read proves nothing.
            GET /locations/search?locationId=loc1               | X-Tenant=loc1, X-GHL-App=crm       | crm:loc1
            POST /locations/?locationId=loc1                    | Accept=*/*                         | tenant_required
            GET /snapshots/?locationId=loc1                     | Accept=*/*                         | tenant_required
            GET /snapshots/                                     | X-GHL-Location-Id=loc1             | tenant_required
            """)
    void takesTheCompanyOfALocationThatIsTheCallers(String request, String headers, String expected) {
        var caller = Callers.of("saas", Set.of("loc1", "loc2", "loc5", "alias"));

        assertThat(chosen(caller, request, headers)).isEqualTo(expected);
    }

    /** The caller reaches everything and its default is the agency com2. */
    @ParameterizedTest(name = "{0}, {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            PUT /locations/loc2            | X-GHL-App=crm     | crm:com1
            PUT /locations/loc9            | Accept=*/*        | main:com2
            GET /snapshots/?locationId=loc1| X-GHL-App=crm     | crm:com1
            GET /snapshots/                | Accept=*/*        | main:com2
            PUT /locations/loc1            | X-Tenant=com2     | main:com2
            PUT /locations/loc1            | X-Tenant=com1     | crm:com1
            PUT /locations/loc1            | X-Tenant=com1, X-GHL-App=main | main:com1
            PUT /locations/unheard         | Accept=*/*        | main:com2
            """)
    void whereTheCompaniesAreInReachTheQueryServesTooAndAnExplicitCompanyWins(
            String request, String headers, String expected) {
        var caller = Callers.of("ops", Reach.EVERY, Optional.of("com2"));

        assertThat(chosen(caller, request, headers)).isEqualTo(expected);
    }

    @Test
    void aLocationInTheBodyServes() {
        var caller = Callers.of("saas", Set.of("loc1"));
        var route = routes.match(HttpMethod.POST, "/objects/");
        var body = new NamedResource(Resource.Kind.LOCATION, "loc1", false, Source.BODY, "body field locationId");

        var choice = selection.choose(caller, route, selection.byField(List.of(body)), "main");

        assertThat(told(choice)).isEqualTo("main:com1");
    }

    @Test
    void aLocationOfAnotherCompanyAmongThoseActedOnIsNotTakenAlong() {
        var caller = Callers.of("ops", Set.of("loc1", "loc9"));
        var route = routes.match(HttpMethod.POST, "/objects/");
        var fields = List.of(
                new NamedResource(Resource.Kind.LOCATION, "loc1", false, Source.BODY, "body field locationId"),
                new NamedResource(Resource.Kind.LOCATION, "loc9", true, Source.BODY, "body field locationIds"));

        var choice = selection.choose(caller, route, selection.byField(fields), "main");

        assertThat(told(choice)).isEqualTo("tenant_required");
    }

    @Test
    void aLocationsOperationIsNotSentForAnInstalledAgency() {
        var caller = Callers.of("agency-tool", Reach.of(Set.of("com1")), Optional.of("com1"));

        var choice = choice(caller, "POST /contacts/", "Accept=*/*");

        assertThat(told(choice)).isEqualTo("tenant_required");
        assertThat(((Choice.Rejected) choice).refusal().detail())
                .contains("'com1' is an agency", "X-Tenant", "X-GHL-Location-Id", "body field locationId");
    }

    private static Tenant of(String id, App app, Resource resource, String company) {
        return new Tenant(id, app, resource, Optional.of(Resource.company(company)));
    }

    private String chosen(Caller caller, String request, String headers) {
        return told(choice(caller, request, headers));
    }

    private Choice choice(Caller caller, String request, String headerText) {
        var parts = request.split(" ", 2);
        var target = parts[1].split("\\?", 2);
        var route = routes.match(HttpMethod.valueOf(parts[0]), target[0]);
        var headers = MultiMap.caseInsensitiveMultiMap();
        for (var header : headerText.split(", ")) {
            var pair = header.split("=", 2);
            headers.add(pair[0], pair[1]);
        }
        var names = selection.byHeader(headers);
        names.addAll(selection.byField(TenantFields.namedIn(route, target[0], target.length > 1 ? target[1] : "")));
        return selection.choose(caller, route, names, headers.get("X-GHL-App"));
    }

    private static String told(Choice choice) {
        return choice instanceof Choice.Chosen chosen
                ? chosen.tenant().app() + ":" + chosen.tenant().id()
                : ((Choice.Rejected) choice).refusal().code().wire();
    }
}
