package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.Urgency;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Operations;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.http.HttpMethod;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What a caller may not do, and which of its rules says so. Pure; nothing is allocated for what is allowed. */
final class Authorisation {

    private static final int MOST_NAMED = 10;

    private Authorisation() {}

    /** @param path as it came, still encoded, without the query; one that can be read as one operation only */
    static Optional<Refusal> refusal(Caller caller, HttpMethod method, String path, Route route) {
        var permissions = caller.permissions();
        if (!permissions.allowMethod(method.name())) {
            return forbidden("caller '" + caller.name() + "' may not " + method + " anything; its methods are "
                    + listed(new TreeSet<>(permissions.methods())) + " (callers: methods)");
        }
        if (!permissions.allowOperation(route.template(), path)) {
            var operation =
                    route.isKnown() ? method + " " + route.label() : "an operation that HighLevel has not published";
            var routes = permissions.operations().map(Operations::written).orElse(List.of());
            return forbidden("caller '" + caller.name() + "' may not use " + operation + "; its routes are "
                    + listed(routes) + " (callers: routes)");
        }
        return Optional.empty();
    }

    /** Why the caller may act for none of these tenants, which answer to one name; empty if there are none. */
    static Optional<Refusal> outOfReach(Caller caller, TenantName name) {
        var tenants = name.tenants();
        if (tenants.isEmpty()) {
            return Optional.empty();
        }
        boolean named = false;
        for (var tenant : tenants) {
            if (caller.mayActFor(tenant)) {
                return Optional.empty();
            }
            named |= caller.reach().isNamed(tenant);
        }
        return forbidden(name + " is out of reach of caller '" + caller.name() + "'; "
                + (named ? appsOf(caller, tenants) : "its tenants are set in callers (tenants)"));
    }

    private static String appsOf(Caller caller, List<Tenant> tenants) {
        var apps = tenants.stream()
                .filter(caller.reach()::isNamed)
                .map(tenant -> tenant.app().id())
                .distinct()
                .toList();
        return "that is under the app " + listed(apps) + ", and the caller's apps are "
                + listed(new TreeSet<>(caller.reach().apps())) + " (callers: apps)";
    }

    /** What asks to be more urgent than its caller may be is as urgent as that. */
    static Urgency urgency(Caller caller, Urgency asked) {
        int most = caller.permissions().urgency();
        return asked.level() < most ? new Urgency(most) : asked;
    }

    private static String listed(Collection<String> words) {
        var shown = String.join(", ", words.stream().limit(MOST_NAMED).toList());
        return words.size() > MOST_NAMED ? shown + " and " + (words.size() - MOST_NAMED) + " more" : shown;
    }

    private static Optional<Refusal> forbidden(String detail) {
        return Optional.of(Refusal.of(Code.FORBIDDEN, detail));
    }
}
