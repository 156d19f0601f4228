package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.edge.Admission.Proven;
import io.ghlgateway.edge.CallerAuthenticator.Known;
import io.ghlgateway.edge.TenantSelection.Choice;
import io.ghlgateway.highlevel.NamedResource;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Caller;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was decided of a request, decided anew: callers and tenants change while its body comes, and while it waits. Any
 * thread.
 */
record Reassessment(CallerAuthenticator callers, TenantSelection tenants) {

    private static final Refusal REMOVED =
            Refusal.of(Code.UNAUTHORIZED, "this caller, or its key, was removed while its request waited");

    /**
     * Whether the caller is still what it was. Callers are replaced before and after tenants are: if so, the tenants looked up
     * meanwhile were of its time.
     */
    boolean stands(Known known) {
        return stands(known, known.caller());
    }

    private boolean stands(Known known, Caller caller) {
        var now = callers.now(known);
        return now.isPresent() && now.get() == caller;
    }

    /**
     * For whom the request is by what stands now.
     *
     * @param inBody whom its body names
     */
    Choice choose(Known known, Route route, Head head, List<NamedResource> inBody) {
        var caller = callers.now(known);
        if (caller.isEmpty()) {
            return new Choice.Rejected(REMOVED);
        }
        var refusal = Authorisation.refusal(caller.get(), head.method(), head.path(), route);
        if (refusal.isPresent()) {
            return new Choice.Rejected(refusal.get());
        }
        var names = tenants.named(head, route);
        names.addAll(tenants.byField(inBody));
        var choice = tenants.choose(caller.get(), route, names, head.header(Admission.APP));
        return stands(known, caller.get()) ? choice : choose(known, route, head, inBody);
    }

    /** As of {@link Admission#withdrawn}. */
    Optional<Refusal> withdrawn(Known known, Route route, Supplier<Head> head, Proven proven) {
        var tenant = proven.tenant();
        if (stands(known) && tenants.now(tenant) == tenant) {
            return Optional.empty();
        }
        var choice = choose(known, route, head.get(), proven.inBody());
        if (choice instanceof Choice.Rejected rejected) {
            return Optional.of(rejected.refusal());
        }
        var now = ((Choice.Chosen) choice).tenant();
        return now.app().equals(tenant.app()) && now.resource().equals(tenant.resource())
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        Code.FORBIDDEN,
                        "this request was for tenant '" + tenant.id() + "' (" + tenant.resource()
                                + ") when it came, and would be for another now; nothing was sent"));
    }
}
