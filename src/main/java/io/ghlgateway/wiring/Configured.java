package io.ghlgateway.wiring;

import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.ghlgateway.tenancy.TenantRegistry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the configuration's tenants and callers live, among those that came while the gateway ran. */
record Configured(TenantRegistry tenants, CallerRegistry callers, Credentials credentials) implements Reload.Part {

    /**
     * Puts these in the place of those, the callers all at one moment. Meanwhile each caller may act for a tenant as it was if
     * that was so before, and for one as it will be if that is so now: nobody has what neither configuration gives.
     *
     * @throws IllegalArgumentException if a key would be two callers'; nothing is changed then
     */
    @Override
    public void become(Settings before, Settings now) {
        replaceCallers(before.callerNames(), between(before, now));
        replaceTenants(before, now);
        replaceCallers(now.callerNames(), now.callers());
    }

    private static List<CallerSettings> between(Settings before, Settings now) {
        var former = by(before.callers(), CallerSettings::name);
        var going = new HashSet<>(before.bareTenants());
        now.bareTenants().forEach(going::remove);
        return now.callers().stream()
                .map(written -> {
                    var caller = written.caller();
                    var reach = formerReach(Optional.ofNullable(former.get(caller.name())), written);
                    return new CallerSettings(caller.withReach(caller.reach().after(reach, going)), written.keys());
                })
                .toList();
    }

    /** Nothing where a new key, or new permissions, would come with it. */
    private static Reach formerReach(Optional<CallerSettings> before, CallerSettings now) {
        return before.filter(
                        same -> same.caller().permissions().equals(now.caller().permissions())
                                && same.keys().containsAll(now.keys()))
                .map(same -> same.caller().reach())
                .orElse(Reach.NONE);
    }

    private void replaceCallers(Set<String> before, List<CallerSettings> now) {
        Map<Caller, Set<CallerKey>> keys = new LinkedHashMap<>();
        now.forEach(caller -> keys.put(caller.caller(), caller.keys()));
        credentials.kept().ifPresentOrElse(kept -> kept.callers().configure(keys), () -> callers.replace(before, keys));
    }

    /** A tenant never stands without its token: that comes first, and goes last. */
    private void replaceTenants(Settings before, Settings now) {
        var standing = now.bareTenants();
        var gone = byKey(before.tenants());
        gone.keySet().removeAll(byKey(now.tenants()).keySet());
        give(now.tenants());
        tenants.rank(standing);
        var kept = credentials.kept();
        if (kept.isPresent()) {
            kept.get().standing().configure(standing);
        } else {
            standing.forEach(tenants::put);
            gone.keySet().forEach(tenants::remove);
        }
        gone.values().forEach(tenant -> credentials.own().put(tenant.tenant(), Optional.empty()));
        kept.ifPresent(open -> open.tenants().reconsider());
        give(now.tenants()); // who was made by the same name and app before took its token along
    }

    private void give(List<TenantSettings> now) {
        now.forEach(tenant -> credentials.own().put(tenant.tenant(), tenant.token()));
    }

    /** The quotas of all tenants that there are. */
    static List<BudgetKey> budgetKeys(TenantRegistry tenants) {
        return tenants.all().stream().map(BudgetKey::of).distinct().toList();
    }

    static Map<TenantKey, TenantSettings> byKey(List<TenantSettings> tenants) {
        return by(tenants, tenant -> TenantKey.of(tenant.tenant()));
    }

    /** In their order. */
    static <K, V> Map<K, V> by(List<V> all, Function<V, K> key) {
        return all.stream()
                .collect(Collectors.toMap(key, Function.identity(), (first, again) -> first, LinkedHashMap::new));
    }

    /** Those whose key another caller has, of those that came while the gateway ran. */
    Optional<String> conflict(Settings before, Settings now) {
        var names = new HashSet<>(now.callerNames());
        names.addAll(before.callerNames());
        for (var caller : now.callers()) {
            for (var key : caller.keys()) {
                var owner = callers.owner(key.hash()).filter(name -> !names.contains(name));
                if (owner.isPresent()) {
                    return Optional.of("callers: a key of '" + caller.name() + "' is that of '" + owner.get()
                            + "', who was made at run time; delete that caller, or give this one another key");
                }
            }
        }
        return Stream.of(now.admin().key(), now.admin().readKey())
                .flatMap(Optional::stream)
                .flatMap(key -> callers.owner(KeyHash.of(key)).filter(name -> !names.contains(name)).stream())
                .map(owner ->
                        "admin: a key of it is that of caller '" + owner + "', who was made at run time; take another")
                .findFirst();
    }

    /** What is moved would take requests that wait for it along, to where their callers did not mean them. */
    static List<String> moved(Settings before, Settings now) {
        var former = byKey(before.tenants());
        return now.bareTenants().stream()
                .filter(tenant -> Optional.ofNullable(former.get(TenantKey.of(tenant)))
                        .map(TenantSettings::tenant)
                        .map(Tenant::resource)
                        .filter(resource -> !resource.equals(tenant.resource()))
                        .isPresent())
                .map(tenant -> "tenants: '" + tenant.id()
                        + "' was another location or company until now; give that another id, or restart")
                .toList();
    }
}
