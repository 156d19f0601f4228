package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.ghlgateway.tenancy.TenantRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tenant stands where several would have one id and app: what is configured before what operators made, and that
 * before what was installed, each for as long as it is there, in whatever order they came. Any thread.
 */
public final class StandingTenants {

    private final TenantRegistry registry;
    /** Replaced, never changed, under this object's lock; so is the next. */
    private volatile Map<TenantKey, Tenant> configured;

    private volatile Set<String> configuredIds;
    private final Installations installations;
    private final Function<InstallationKey, String> howToInstall;
    /** What operators made; guarded by this. */
    private final Map<TenantKey, Tenant> made = new HashMap<>();

    /**
     * @param registry where they are looked up; what is configured stands there already
     * @param installations followed from now on
     * @param howToInstall a sentence that says where its customer installs the app
     */
    public StandingTenants(
            TenantRegistry registry,
            Collection<Tenant> configured,
            Installations installations,
            Function<InstallationKey, String> howToInstall) {
        this.registry = registry;
        this.configured = byKey(configured);
        this.configuredIds = configured.stream().map(Tenant::id).collect(Collectors.toSet());
        this.installations = installations;
        this.howToInstall = howToInstall;
        installations.listen(this::follow);
    }

    private static Map<TenantKey, Tenant> byKey(Collection<Tenant> tenants) {
        return tenants.stream().collect(Collectors.toMap(TenantKey::of, tenant -> tenant));
    }

    /** From now on these are configured, and those before are not. */
    public synchronized void configure(Collection<Tenant> tenants) {
        var touched = new LinkedHashSet<>(configured.keySet());
        configured = byKey(tenants);
        configuredIds = tenants.stream().map(Tenant::id).collect(Collectors.toSet());
        touched.addAll(configured.keySet());
        touched.forEach(this::settle);
    }

    /** Whether the configuration has a tenant of this id, under whatever app. */
    boolean isConfigured(String id) {
        return configuredIds.contains(id);
    }

    synchronized void put(Tenant tenant) {
        made.put(TenantKey.of(tenant), tenant);
        settle(TenantKey.of(tenant));
    }

    synchronized void remove(TenantKey key) {
        made.remove(key);
        settle(key);
    }

    /** A completed installation is a tenant of HighLevel's own id. */
    private synchronized void follow(Installation installation) {
        settle(new TenantKey(
                installation.key().resource().id(), installation.key().app()));
    }

    /** Looks at what is there now and not at what was told: of two changes at once the later is told first, perhaps. */
    private void settle(TenantKey key) {
        var installed = installed(key);
        var named = Optional.ofNullable(configured.get(key)).or(() -> Optional.ofNullable(made.get(key)));
        // Where both are of one resource, the installation says more: it knows the agency.
        var standing = named.flatMap(tenant -> installed
                        .filter(other -> other.resource().equals(tenant.resource()))
                        .map(other -> other.tagged(tenant.tags())))
                .or(() -> named)
                .or(() -> installed);
        standing.ifPresentOrElse(
                registry::put,
                () -> at(key).findFirst()
                        .ifPresentOrElse(
                                closed -> registry.close(
                                        tenant(closed), InstalledTokenSource.whyClosed(closed, howToInstall)),
                                () -> registry.remove(key)));
    }

    private Optional<Tenant> installed(TenantKey key) {
        return at(key).filter(Installation::stands).map(StandingTenants::tenant).findFirst();
    }

    private static Tenant tenant(Installation installation) {
        var resource = installation.key().resource();
        return new Tenant(resource.id(), installation.key().app(), resource, installation.company());
    }

    private Stream<Installation> at(TenantKey key) {
        return Resource.isId(key.id())
                ? Stream.of(Resource.location(key.id()), Resource.company(key.id()))
                        .map(resource -> installations.find(new InstallationKey(key.app(), resource)))
                        .flatMap(Optional::stream)
                : Stream.empty();
    }
}
