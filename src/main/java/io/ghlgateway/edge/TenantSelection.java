package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.edge.TenantName.Sort;
import io.ghlgateway.highlevel.NamedResource;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TenantField;
import io.ghlgateway.highlevel.TenantFields;
import io.ghlgateway.highlevel.TokenKind;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request is for: whoever the headers and the operation's own fields name, else the caller's default. Everything
 * named must agree, and one out of the caller's reach is refused before anything else is said of it.
 *
 * <p>Which fields name the tenant depends on whose token the operation wants: a location's, and it is the location; an
 * agency's, and it is the company, while the locations in it are what is acted on. A field that only tells what is acted
 * on must still be in reach, and be the tenant's own where the tenant is of its kind.
 */
final class TenantSelection {

    /** Either a tenant or why there is none. */
    sealed interface Choice {
        record Chosen(Tenant tenant) implements Choice {}

        record Rejected(Refusal refusal) implements Choice {}
    }

    private static final CharSequence ALIAS = HttpHeaders.createOptimized("X-Tenant");
    private static final CharSequence RESOURCE = HttpHeaders.createOptimized("X-GHL-Location-Id");
    private static final CharSequence LOCATION = HttpHeaders.createOptimized("locationId");

    private final TenantRegistry registry;
    private final AgencyOfLocation agencies;

    TenantSelection(TenantRegistry registry) {
        this.registry = registry;
        this.agencies = new AgencyOfLocation(registry);
    }

    /** The tenant as it is now; as it was, where it is no more. */
    Tenant now(Tenant tenant) {
        return registry.find(TenantKey.of(tenant)).orElse(tenant);
    }

    /** Whom all but the body names. */
    List<TenantName> named(Head head, Route route) {
        var names = byHeader(head.headers());
        names.addAll(byField(TenantFields.namedIn(route, head.path(), head.query())));
        return names;
    }

    /** What the headers name. */
    List<TenantName> byHeader(MultiMap headers) {
        var names = new ArrayList<TenantName>();
        byHeader(headers, ALIAS, Sort.ALIAS, names);
        byHeader(headers, RESOURCE, Sort.ID, names);
        byHeader(headers, LOCATION, Sort.ID, names);
        return names;
    }

    private void byHeader(MultiMap headers, CharSequence header, Sort sort, List<TenantName> names) {
        if (headers.contains(header)) {
            for (var value : headers.getAll(header)) {
                var meant = sort == Sort.ALIAS ? registry.alias(value) : registry.resource(value);
                names.add(new TenantName(header.toString(), value, meant, sort));
            }
        }
    }

    /** What the operation's own fields name. */
    List<TenantName> byField(List<NamedResource> fields) {
        var names = new ArrayList<TenantName>(fields.size());
        for (var field : fields) {
            names.add(TenantName.of(field, registry.resource(field.kind(), field.id())));
        }
        return names;
    }

    /** Why these names must not be heeded, if one is out of the caller's reach. */
    Optional<Refusal> outOfReach(Caller caller, List<TenantName> names) {
        for (var name : names) {
            var refusal = Authorisation.outOfReach(caller, name);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** @param app which app the caller asks for ({@code X-GHL-App}); null if it did not say */
    Choice choose(Caller caller, Route route, List<TenantName> names, @Nullable String app) {
        var forbidden = outOfReach(caller, names);
        if (forbidden.isPresent()) {
            return new Choice.Rejected(forbidden.get());
        }
        var claims = claims(caller, route, names);
        for (var claim : claims) {
            if (claim.tenants().isEmpty()) {
                return unknown(caller, claim);
            }
        }
        var agency = agencies.find(caller, route, names, app);
        if (agency.isPresent()) {
            return new Choice.Chosen(agency.get());
        }
        var choice = claims.isEmpty() ? unnamed(caller, route, app) : agreed(caller, claims, app);
        return choice instanceof Choice.Chosen chosen ? checked(caller, chosen, route, names) : choice;
    }

    /** Those that say for whom the request is, and not only what it is about. */
    private List<TenantName> claims(Caller caller, Route route, List<TenantName> names) {
        if (names.isEmpty()) {
            return names;
        }
        boolean company = kindOfTenant(caller, route, names) == Resource.Kind.COMPANY;
        var claims = new ArrayList<TenantName>(names.size());
        for (var name : names) {
            if (name.mayMean(company)) {
                claims.add(name);
            }
        }
        return claims;
    }

    private Resource.Kind kindOfTenant(Caller caller, Route route, List<TenantName> names) {
        return switch (route.tokenKind()) {
            case LOCATION -> Resource.Kind.LOCATION;
            case AGENCY -> Resource.Kind.COMPANY;
            case EITHER, NONE -> {
                var alias = names.stream()
                        .filter(name -> name.sort() == Sort.ALIAS && name.isKnown())
                        .findFirst();
                if (alias.isPresent()) {
                    yield alias.get().tenants().get(0).resource().kind();
                }
                boolean location = names.stream()
                        .anyMatch(name -> name.isKnown() && (name.sort().isLocation() || name.sort() == Sort.ID));
                boolean company = names.stream().anyMatch(name -> name.isKnown() && name.sort() == Sort.COMPANY)
                        || byDefault(caller, null).filter(Tenant::isAgency).isPresent();
                yield company && !location ? Resource.Kind.COMPANY : Resource.Kind.LOCATION;
            }
        };
    }

    /** Of the tenants in reach, those that every name means; where several are left, the first that was configured. */
    private static Choice agreed(Caller caller, List<TenantName> claims, @Nullable String app) {
        var first = claims.get(0);
        boolean underAnother = false;
        for (var tenant : first.tenants()) {
            if (caller.mayActFor(tenant) && TenantName.allMean(tenant, claims)) {
                if (app == null || tenant.app().id().equals(app)) {
                    return new Choice.Chosen(tenant);
                }
                underAnother = true;
            }
        }
        if (underAnother) {
            return rejected(Code.TENANT_UNKNOWN, first + " has no tenant under app '" + app + "' (X-GHL-App)");
        }
        var other = claims.stream()
                .filter(name -> first.tenants().stream().noneMatch(name::means))
                .findFirst()
                .orElse(claims.get(claims.size() - 1));
        return conflict(first, other.toString());
    }

    /** The caller's default, but for an agency's operation the only agency it reaches where the default is none. */
    private Choice unnamed(Caller caller, Route route, @Nullable String app) {
        var tenant = byDefault(caller, app);
        if (route.tokenKind() == TokenKind.AGENCY
                && tenant.filter(Tenant::isAgency).isEmpty()) {
            var agencies = registry.agencies().stream()
                    .filter(caller::mayActFor)
                    .limit(2)
                    .toList();
            tenant = agencies.size() == 1 ? Optional.of(agencies.get(0)) : tenant;
        }
        if (app != null && tenant.isPresent() && !tenant.get().app().id().equals(app)) {
            return rejected(
                    Code.TENANT_UNKNOWN,
                    "the default tenant '" + tenant.get().id() + "' is not under app '" + app + "' (X-GHL-App); "
                            + how(route));
        }
        return tenant.<Choice>map(Choice.Chosen::new)
                .orElseGet(() -> defaultOutOfReach(caller)
                        .<Choice>map(Choice.Rejected::new)
                        .orElseGet(() -> rejected(
                                Code.TENANT_REQUIRED,
                                "caller '" + caller.name() + "' has several tenants and no default one; "
                                        + how(route))));
    }

    /** The caller's default tenant, under the app that is asked for if it is under several. */
    private Optional<Tenant> byDefault(Caller caller, @Nullable String app) {
        var tenants = caller.defaultTenant().map(registry::alias).orElse(List.of()).stream()
                .filter(caller::mayActFor)
                .toList();
        return tenants.stream()
                .filter(tenant -> tenant.app().id().equals(app))
                .findFirst()
                .or(() -> tenants.stream().findFirst());
    }

    /** By its tags or its app, which may change at run time. */
    private Optional<Refusal> defaultOutOfReach(Caller caller) {
        return caller.defaultTenant()
                .map(id -> new TenantName("default-tenant", id, registry.alias(id), Sort.ALIAS))
                .flatMap(name -> Authorisation.outOfReach(caller, name));
    }

    /** What the request is about is the tenant's own, where it is of the tenant's kind. */
    private Choice checked(Caller caller, Choice.Chosen chosen, Route route, List<TenantName> names) {
        var tenant = chosen.tenant();
        if (route.tokenKind() == TokenKind.LOCATION
                && tenant.isAgency()
                && !tenant.app().equals(App.PRIVATE)) {
            return rejected(
                    Code.TENANT_REQUIRED,
                    "this operation is a location's, and tenant '" + tenant.id() + "' is an agency; " + how(route));
        }
        for (var name : names) {
            if (name.sort() == Sort.COMPANY && name.isKnown() && isOfAnother(tenant, name)) {
                return conflict(name, "tenant '" + tenant.id() + "'");
            }
            boolean ofItsKind = tenant.isAgency()
                    ? name.sort() == Sort.COMPANY
                    : name.sort().isLocation() || name.sort() == Sort.ID;
            if (ofItsKind && !name.means(tenant)) {
                return name.tenants().isEmpty()
                        ? unknown(caller, name)
                        : conflict(name, "tenant '" + tenant.id() + "'");
            }
        }
        return chosen;
    }

    /** Whether the location is another agency's, as far as is known. */
    private static boolean isOfAnother(Tenant location, TenantName agency) {
        return location.company()
                .filter(company -> !location.isAgency() && !company.id().equals(agency.value()))
                .isPresent();
    }

    private static String how(Route route) {
        var fields = route.tenantFields().stream()
                .filter(route::isNamedBy)
                .map(TenantField::describe)
                .distinct()
                .collect(Collectors.joining(", "));
        return "name one by X-Tenant (an alias) or X-GHL-Location-Id (HighLevel's id)"
                + (fields.isEmpty() ? "" : ", or by " + fields);
    }

    private Choice unknown(Caller caller, TenantName name) {
        var closed = registry.closed(name.value()).filter(known -> caller.mayActFor(known.tenant()));
        if (closed.isPresent()) {
            return rejected(
                    Code.TENANT_UNKNOWN,
                    name + " names no tenant now: " + closed.get().why());
        }
        var hint = switch (name.sort()) {
            case ALIAS ->
                "; X-Tenant takes an alias from the gateway's configuration, X-GHL-Location-Id HighLevel's own id";
            case ID ->
                "; X-GHL-Location-Id takes HighLevel's own id, X-Tenant an alias from the gateway's configuration";
            default -> "";
        };
        return rejected(Code.TENANT_UNKNOWN, name + " names no tenant that is configured" + hint);
    }

    private static Choice conflict(TenantName one, String other) {
        return rejected(
                Code.TENANT_CONFLICT,
                "two tenants are named, " + one + " and " + other + "; name one, or the same by both");
    }

    private static Choice rejected(Code code, String detail) {
        return new Choice.Rejected(Refusal.of(code, detail));
    }
}
