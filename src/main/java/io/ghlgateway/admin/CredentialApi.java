package io.ghlgateway.admin;

import io.ghlgateway.credentials.Decisions;
import io.ghlgateway.credentials.Installations;
import io.ghlgateway.credentials.Onboarding;
import io.ghlgateway.credentials.RegisteredCallers;
import io.ghlgateway.credentials.RegisteredTenants;
import io.ghlgateway.credentials.RenewalSchedule;
import io.ghlgateway.credentials.Renewals;
import io.ghlgateway.credentials.TokenExport;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What operators do with installations, tenants and callers while the gateway runs. All of it goes through the store that
 * the replicas share, so it is in force on each of them within a second. No answer holds a token; a caller's new key is
 * said once, to who asked for it.
 */
public final class CredentialApi {

    /** The rooms that are decided upon. */
    public record Rooms(
            Installations installations,
            Renewals renewals,
            RenewalSchedule schedule,
            Onboarding onboarding,
            Decisions decisions,
            TokenExport exports,
            RegisteredTenants tenants,
            RegisteredCallers callers,
            CallerRegistry registry) {}

    /**
     * What the configuration file says, and only it can change.
     *
     * @param withToken ids of the tenants that have a private token there
     */
    public record Configured(
            Map<App, OAuthClient> apps, List<Tenant> tenants, Set<String> withToken, List<Caller> callers) {
        public Configured {
            apps = Map.copyOf(apps);
            tenants = List.copyOf(tenants);
            withToken = Set.copyOf(withToken);
            callers = List.copyOf(callers);
        }
    }

    private final InstallationApi installations;
    private final ImportApi imports;
    private final TenantApi tenants;
    private final CallerApi callers;

    /**
     * @param configured as it is now; its apps never change
     * @param keys makes a caller's new key; any thread
     */
    public CredentialApi(Rooms rooms, Supplier<Configured> configured, Supplier<Secret> keys, InstantSource clock) {
        this.installations =
                new InstallationApi(rooms.installations(), rooms.renewals(), rooms.decisions(), rooms.schedule());
        this.imports = new ImportApi(
                rooms.onboarding(), rooms.exports(), configured.get().apps(), rooms.schedule());
        this.tenants = new TenantApi(rooms.tenants(), rooms.installations(), configured);
        this.callers = new CallerApi(
                rooms.callers(), rooms.registry(), () -> configured.get().callers(), keys, clock);
    }

    /** Behind whatever guards the router. */
    void mount(Router router) {
        var routes = new JsonRoutes(router);
        imports.mount(routes);
        installations.mount(routes);
        tenants.mount(routes);
        callers.mount(routes);
    }

    /** The same paths where there is nothing to keep secrets with. */
    static void refuse(Router router) {
        JsonRoutes.refuse(
                router,
                "set credentials.encryption-key (run: keys encryption)",
                InstallationApi.PATH + "*",
                TenantApi.PATH + "*",
                CallerApi.PATH + "*");
    }
}
