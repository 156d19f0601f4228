package io.ghlgateway.tenancy;

import java.util.Set;

/**
 * For which tenants a caller may ask.
 *
 * @param everyTenant all there are and will be; then {@code ids} and {@code tags} are not consulted
 * @param ids of tenants
 * @param tags of which a tenant bears one at least
 * @param apps that a tenant must be under, besides; empty for any
 */
public record Reach(boolean everyTenant, Set<String> ids, Set<String> tags, Set<String> apps) {

    /** What stands before a tag where it is written among ids. */
    public static final String TAG = "tag:";

    public static final Reach EVERY = new Reach(true, Set.of(), Set.of(), Set.of());

    public Reach {
        ids = Set.copyOf(ids);
        tags = Set.copyOf(tags);
        apps = Set.copyOf(apps);
    }

    public static Reach of(Set<String> ids) {
        return new Reach(false, ids, Set.of(), Set.of());
    }

    public boolean includes(Tenant tenant) {
        return isNamed(tenant) && isUnderAnApp(tenant);
    }

    /** Whether the tenant is one of these, under whatever app. */
    public boolean isNamed(Tenant tenant) {
        if (everyTenant || ids.contains(tenant.id())) {
            return true;
        }
        if (!tags.isEmpty()) {
            for (var tag : tenant.tags()) {
                if (tags.contains(tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isUnderAnApp(Tenant tenant) {
        return apps.isEmpty() || apps.contains(tenant.app().id());
    }
}
