package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who asks, for whom, for what and how patiently: all that is known from a request's head. */
public final class Admission {

    /**
     * What the head says, as far as it was read.
     *
     * @param refusal why the request goes no further; null when it does, and then all else is known
     */
    record Decision(
            @Nullable Refusal refusal,
            @Nullable Caller caller,
            Route route,
            @Nullable Tenant tenant,
            Duration patience) {}

    private final CallerAuthenticator callers;
    private final TenantSelection tenants;
    private final RouteCatalogue routes;
    private final Patience patience;
    private final long mostBytes;
    private final BooleanSupplier draining;

    /** @param mostBytes how long a body may say that it is */
    public Admission(
            CallerAuthenticator callers,
            TenantRegistry tenants,
            RouteCatalogue routes,
            Patience patience,
            long mostBytes,
            BooleanSupplier draining) {
        this.callers = callers;
        this.tenants = new TenantSelection(tenants);
        this.routes = routes;
        this.patience = patience;
        this.mostBytes = mostBytes;
        this.draining = draining;
    }

    Decision decide(HttpServerRequest request) {
        var broken = RequestRules.broken(request);
        if (broken.isPresent()) {
            return refused(broken.get(), null, Route.unknown(request.method()));
        }
        var route = routes.match(request.method(), path(request.uri()));
        if (routes.isAmbiguous(request.method(), path(request.uri()))) {
            return refused(
                    Refusal.of(
                            Code.BAD_REQUEST,
                            "'%2f', ';' or '//' in this path would let it be read as another operation or tenant"),
                    null,
                    route);
        }
        if (draining.getAsBoolean()) {
            return refused(Refusal.draining(), null, route);
        }
        var caller = callers.caller(request.headers());
        if (caller.isEmpty()) {
            return refused(
                    Refusal.of(
                            Code.UNAUTHORIZED,
                            callers.carriesKey(request.headers())
                                    ? "this key belongs to no caller; one that is configured is needed, as 'Authorization: Bearer <key>' or 'X-Gateway-Key: <key>'"
                                    : "a gateway key is needed, as 'Authorization: Bearer <key>' or 'X-Gateway-Key: <key>'"),
                    null,
                    route);
        }
        var choice = tenants.choose(caller.get(), request.headers());
        if (choice instanceof TenantSelection.Choice.Rejected rejected) {
            return refused(rejected.refusal(), caller.get(), route);
        }
        var wait = patience.of(request.headers());
        if (wait.isEmpty()) {
            return refused(
                    Refusal.of(Code.BAD_REQUEST, "Prefer: wait=SECONDS takes a number of seconds, 0 or more"),
                    caller.get(),
                    route);
        }
        if (declaredLength(request) > mostBytes) {
            return refused(
                    Refusal.of(Code.BODY_TOO_LARGE, "a body may have at most " + mostBytes + " bytes (proxy.max-body)"),
                    caller.get(),
                    route);
        }
        var tenant = ((TenantSelection.Choice.Chosen) choice).tenant();
        return new Decision(null, caller.get(), route, tenant, wait.get());
    }

    private static Decision refused(Refusal refusal, @Nullable Caller caller, Route route) {
        return new Decision(refusal, caller, route, null, Duration.ZERO);
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static long declaredLength(HttpServerRequest request) {
        var length = request.getHeader("content-length");
        return length == null ? 0 : length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
    }
}
