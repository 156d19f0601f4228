package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.edge.TenantSelection.Choice;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantSelectionTest {

    private final TenantSelection selection = new TenantSelection(new TenantRegistry(List.of(
            new Tenant("acme", App.PRIVATE, Resource.location("loc1")),
            new Tenant("acme-crm", new App("crm"), Resource.location("loc1")),
            new Tenant("beta", App.PRIVATE, Resource.location("loc2")),
            new Tenant("rival", App.PRIVATE, Resource.location("loc9")))));

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
        var caller = new Caller("billing", false, Set.of("acme", "acme-crm", "beta"), Optional.empty());

        assertThat(told(selection.choose(caller, headers(headers)))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Accept=*/*      | beta
            X-Tenant=rival  | rival
            X-Tenant=nobody | tenant_unknown
            """)
    void aCallerOfEveryTenantFallsBackOnItsDefault(String headers, String expected) {
        var caller = new Caller("ops", true, Set.of(), Optional.of("beta"));

        assertThat(told(selection.choose(caller, headers(headers)))).isEqualTo(expected);
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
