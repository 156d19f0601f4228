package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request is for: the tenant named by alias or HighLevel id in a header, else the caller's default. One out of
 * the caller's reach is refused before anything else is said of it.
 */
final class TenantSelection {

    /** Either a tenant or why there is none. */
    sealed interface Choice {
        record Chosen(Tenant tenant) implements Choice {}

        record Rejected(Refusal refusal) implements Choice {}
    }

    private static final String HOW = "name one by X-Tenant (an alias) or X-GHL-Location-Id (HighLevel's id)";

    private final TenantRegistry registry;

    TenantSelection(TenantRegistry registry) {
        this.registry = registry;
    }

    Choice choose(Caller caller, MultiMap headers) {
        var named = new ArrayList<Named>();
        named.addAll(named(
                headers, "X-Tenant", alias -> registry.alias(alias).stream().toList()));
        named.addAll(named(headers, "X-GHL-Location-Id", registry::resource));
        named.addAll(named(headers, "locationId", registry::resource));
        if (named.isEmpty()) {
            return byDefault(caller, headers.get("x-ghl-app"));
        }
        for (var name : named) {
            if (!name.tenants().isEmpty() && name.tenants().stream().noneMatch(caller::mayActFor)) {
                return rejected(
                        Code.FORBIDDEN,
                        name + " is out of reach of caller '" + caller.name() + "'; its tenants are set in callers");
            }
        }
        for (var name : named) {
            if (name.tenants().isEmpty()) {
                return rejected(Code.TENANT_UNKNOWN, name + " names no tenant that is configured");
            }
        }
        return agreed(caller, named, headers.get("x-ghl-app"));
    }

    /** Of the tenants in reach, those that every name means; where several are left, the first that was configured. */
    private static Choice agreed(Caller caller, List<Named> named, @Nullable String app) {
        var first = named.get(0);
        var candidates = first.tenants().stream()
                .filter(caller::mayActFor)
                .filter(tenant -> named.stream().allMatch(name -> name.means(tenant)))
                .toList();
        if (candidates.isEmpty()) {
            var other = named.stream()
                    .filter(name -> first.tenants().stream().noneMatch(name::means))
                    .findFirst()
                    .orElse(named.get(named.size() - 1));
            return rejected(
                    Code.TENANT_CONFLICT,
                    "two tenants are named, " + first + " and " + other + "; name one, or the same by both");
        }
        return candidates.stream()
                .filter(tenant -> app == null || tenant.app().id().equals(app))
                .findFirst()
                .<Choice>map(Choice.Chosen::new)
                .orElseGet(() ->
                        rejected(Code.TENANT_UNKNOWN, first + " has no tenant under app '" + app + "' (X-GHL-App)"));
    }

    private Choice byDefault(Caller caller, @Nullable String app) {
        var tenant = caller.defaultTenant().flatMap(registry::alias);
        if (app != null && tenant.isPresent() && !tenant.get().app().id().equals(app)) {
            return rejected(
                    Code.TENANT_UNKNOWN,
                    "the default tenant '" + tenant.get().id() + "' is not under app '" + app + "' (X-GHL-App); "
                            + HOW);
        }
        return tenant.<Choice>map(Choice.Chosen::new)
                .orElseGet(() -> rejected(
                        Code.TENANT_REQUIRED,
                        "caller '" + caller.name() + "' has several tenants and no default one; " + HOW));
    }

    private static List<Named> named(MultiMap headers, String header, Function<String, List<Tenant>> lookup) {
        if (!headers.contains(header)) {
            return List.of();
        }
        return headers.getAll(header).stream()
                .map(value -> new Named(header, value, lookup.apply(value)))
                .toList();
    }

    private static Choice rejected(Code code, String detail) {
        return new Choice.Rejected(Refusal.of(code, detail));
    }

    /** A name that the request gave, and whom it can mean. */
    private record Named(String header, String value, List<Tenant> tenants) {

        boolean means(Tenant tenant) {
            return tenants.contains(tenant);
        }

        @Override
        public String toString() {
            return header + ": " + value;
        }
    }
}
