package io.ghlgateway.tenancy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All known tenants, by alias and by HighLevel id. Immutable. */
public final class TenantRegistry {

    private final Map<String, Tenant> byAlias;
    private final Map<String, List<Tenant>> byResourceId;
    private final List<Tenant> agencies;

    public TenantRegistry(Collection<Tenant> tenants) {
        var aliases = new HashMap<String, Tenant>();
        var resources = new HashMap<String, List<Tenant>>();
        for (var tenant : tenants) {
            if (aliases.put(tenant.id(), tenant) != null) {
                throw new IllegalArgumentException("two tenants are called " + tenant.id());
            }
            resources
                    .computeIfAbsent(tenant.resource().id(), id -> new ArrayList<>())
                    .add(tenant);
        }
        resources.replaceAll((id, list) -> List.copyOf(list));
        byAlias = Map.copyOf(aliases);
        byResourceId = Map.copyOf(resources);
        agencies = tenants.stream()
                .filter(tenant -> tenant.resource().kind() == Resource.Kind.COMPANY)
                .toList();
    }

    public Collection<Tenant> all() {
        return byAlias.values();
    }

    public Optional<Tenant> alias(String alias) {
        return Optional.ofNullable(byAlias.get(alias));
    }

    /** The tenants that stand for this location or company, in the order in which they were configured. */
    public List<Tenant> resource(String highLevelId) {
        return byResourceId.getOrDefault(highLevelId, List.of());
    }

    /** The tenants that stand for a company, in the order in which they were configured. */
    public List<Tenant> agencies() {
        return agencies;
    }
}
