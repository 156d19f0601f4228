package io.ghlgateway.tenancy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * All known tenants, by alias and by HighLevel id; they come and go while requests look them up. A tenant is known by its
 * id and app together. Any thread; a look-up takes no lock and sees each tenant either as it was or as it is.
 *
 * <p>Where several answer to one name they stand in the order in which they were configured, and behind them those that
 * came later, by app.
 */
public final class TenantRegistry {

    /**
     * One that is known and is served nothing.
     *
     * @param why in words for its caller
     */
    public record Closed(Tenant tenant, String why) {}

    /** Replaced, never changed, under this object's lock. */
    private volatile Comparator<TenantKey> order;

    private final ConcurrentMap<TenantKey, Tenant> all = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<Tenant>> byAlias = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<Tenant>> byResourceId = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Closed> closed = new ConcurrentHashMap<>();
    /** In this order. */
    private volatile ConcurrentMap<TenantKey, Tenant> agencies;

    /** @param configured in the order that counts; no two of the same id and app */
    public TenantRegistry(Collection<Tenant> configured) {
        order = orderOf(configured);
        agencies = new ConcurrentSkipListMap<>(order);
        configured.forEach(this::put);
    }

    private static Comparator<TenantKey> orderOf(Collection<Tenant> configured) {
        var ranks = new HashMap<TenantKey, Integer>();
        for (var tenant : configured) {
            if (ranks.put(TenantKey.of(tenant), ranks.size()) != null) {
                throw new IllegalArgumentException(
                        "two tenants are called " + tenant.id() + " under the app " + tenant.app());
            }
        }
        return Comparator.comparingInt((TenantKey key) -> ranks.getOrDefault(key, Integer.MAX_VALUE))
                .thenComparing(key -> key.app().id())
                .thenComparing(TenantKey::id);
    }

    /** Has the tenants stand in the order of these, which are configured from now on; adds and removes none. */
    public synchronized void rank(Collection<Tenant> configured) {
        order = orderOf(configured);
        var sorted = new ConcurrentSkipListMap<TenantKey, Tenant>(order);
        sorted.putAll(agencies);
        agencies = sorted;
        byAlias.replaceAll((alias, tenants) -> sorted(tenants));
        byResourceId.replaceAll((id, tenants) -> sorted(tenants));
    }

    private List<Tenant> sorted(Collection<Tenant> tenants) {
        return tenants.stream()
                .sorted(Comparator.comparing(TenantKey::of, order))
                .toList();
    }

    /** Adds the tenant, in the place of one with the same id and app if there is one. */
    public synchronized void put(Tenant tenant) {
        var former = all.put(TenantKey.of(tenant), tenant);
        forgetClosed(TenantKey.of(tenant));
        list(byAlias, tenant.id(), tenant);
        list(byResourceId, tenant.resource().id(), tenant);
        if (tenant.isAgency()) {
            agencies.put(TenantKey.of(tenant), tenant);
        }
        // Last, so that one that moved is found in two places for a moment, and never in none.
        if (former != null && !former.resource().equals(tenant.resource())) {
            if (!former.resource().id().equals(tenant.resource().id())) {
                unlist(byResourceId, former.resource().id(), former);
            }
            if (!tenant.isAgency()) {
                agencies.remove(TenantKey.of(tenant));
            }
        }
    }

    /** Forgets the tenant of this id and app, but for the reason, which is said to those who ask for it in vain. */
    public synchronized void close(Tenant tenant, String why) {
        remove(TenantKey.of(tenant));
        closed.put(tenant.id(), new Closed(tenant, why));
    }

    private void forgetClosed(TenantKey key) {
        closed.computeIfPresent(
                key.id(), (id, before) -> TenantKey.of(before.tenant()).equals(key) ? null : before);
    }

    /** The one of this id that was closed last, if it was not opened again. */
    public Optional<Closed> closed(String id) {
        return Optional.ofNullable(closed.get(id));
    }

    /** Forgets the tenant of this id and app. */
    public synchronized void remove(TenantKey key) {
        forgetClosed(key);
        var former = all.remove(key);
        if (former != null) {
            unlist(byAlias, former.id(), former);
            unlist(byResourceId, former.resource().id(), former);
            agencies.remove(key);
        }
    }

    /** The one of this id and app. */
    public Optional<Tenant> find(TenantKey key) {
        return Optional.ofNullable(all.get(key));
    }

    /** As they are, in no order: what is put or removed later shows. */
    public Collection<Tenant> all() {
        return Collections.unmodifiableCollection(all.values());
    }

    /** The tenants of this id: several where several apps are installed at one location. */
    public List<Tenant> alias(String alias) {
        return byAlias.getOrDefault(alias, List.of());
    }

    /** The tenants that stand for this location or company. */
    public List<Tenant> resource(String highLevelId) {
        return byResourceId.getOrDefault(highLevelId, List.of());
    }

    /** Of these the ones that stand for the resource of this kind. */
    public List<Tenant> resource(Resource.Kind kind, String highLevelId) {
        var tenants = resource(highLevelId);
        for (var tenant : tenants) {
            if (tenant.resource().kind() != kind) {
                return tenants.stream()
                        .filter(each -> each.resource().kind() == kind)
                        .toList();
            }
        }
        return tenants;
    }

    /** The tenants that stand for a company, as they are: what is put or removed later shows. */
    public Collection<Tenant> agencies() {
        return Collections.unmodifiableCollection(agencies.values());
    }

    private void list(ConcurrentMap<String, List<Tenant>> index, String name, Tenant tenant) {
        index.merge(name, List.of(tenant), (before, added) -> {
            var after = new ArrayList<>(without(before, tenant));
            after.add(tenant);
            return sorted(after);
        });
    }

    private static void unlist(ConcurrentMap<String, List<Tenant>> index, String name, Tenant tenant) {
        index.computeIfPresent(name, (same, before) -> {
            var after = without(before, tenant);
            return after.isEmpty() ? null : after;
        });
    }

    private static List<Tenant> without(List<Tenant> tenants, Tenant tenant) {
        var key = TenantKey.of(tenant);
        return tenants.stream()
                .filter(other -> !TenantKey.of(other).equals(key))
                .toList();
    }
}
