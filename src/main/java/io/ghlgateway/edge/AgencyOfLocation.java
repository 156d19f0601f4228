package io.ghlgateway.edge;

import io.ghlgateway.edge.TenantName.Sort;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TokenKind;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose token an agency's operation takes that names a location and no company, such as {@code PUT
 * /locations/{locationId}}: that of the company which the location belongs to, under the same app.
 *
 * <p>The caller need not have the company in its reach for that. The operation itself says which location it is about,
 * that location was proven to be the caller's, and with the company's token it can do no more there. So every location
 * that the request names must be known, the caller's, and that company's. And one of them must stand in the path or in a
 * body that is documented to hold it: a query parameter that HighLevel does not read proves nothing ({@code GET
 * /locations/search?locationId=…} lists all of a company), so on its own it serves only callers that have the company
 * in reach as well.
 */
record AgencyOfLocation(TenantRegistry registry) {

    /**
     * @param names all within the caller's reach, as far as they are known
     * @param app which app the caller asks for; null if it did not say
     * @return empty where the request has to say it in another way
     */
    Optional<Tenant> find(Caller caller, Route route, List<TenantName> names, @Nullable String app) {
        if (route.tokenKind() != TokenKind.AGENCY
                || names.stream().anyMatch(name -> name.sort() == Sort.COMPANY || name.mayMeanAgency())) {
            return Optional.empty();
        }
        boolean proven = names.stream().anyMatch(name -> name.sort() == Sort.LOCATION);
        return names.stream()
                .filter(name -> name.sort().isLocation())
                .findFirst()
                .flatMap(naming -> agencies(caller, naming, app)
                        .filter(agency -> proven || caller.mayActFor(agency))
                        .filter(agency -> names.stream()
                                .allMatch(name -> agencies(caller, name, app).anyMatch(agency::equals)))
                        .findFirst());
    }

    /** The companies of the locations that a name can mean, those of the caller's. */
    private Stream<Tenant> agencies(Caller caller, TenantName name, @Nullable String app) {
        return name.tenants().stream()
                .filter(caller::mayActFor)
                .filter(location -> app == null || location.app().id().equals(app))
                .flatMap(location -> location.company().stream()
                        .flatMap(company -> registry.resource(company.id()).stream()
                                .filter(agency -> agency.resource().equals(company)
                                        && agency.app().equals(location.app()))));
    }
}
