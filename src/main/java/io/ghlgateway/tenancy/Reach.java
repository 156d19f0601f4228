package io.ghlgateway.tenancy;

import java.util.Optional;
import java.util.Set;

/**
 * For which tenants a caller may ask.
 *
 * @param everyTenant all there are and will be; then {@code ids} and {@code tags} are not consulted
 * @param ids of tenants
 * @param tags of which a tenant bears one at least
 * @param apps that a tenant must be under, besides; empty for any
 * @param former while tenants are being replaced one after the other: what holds of those that are still as they were
 */
public record Reach(boolean everyTenant, Set<String> ids, Set<String> tags, Set<String> apps, Optional<Former> former) {

    /**
     * @param reach over these tenants
     * @param tenants that will be gone, or others by their names
     */
    public record Former(Reach reach, Set<Tenant> tenants) {
        public Former {
            tenants = Set.copyOf(tenants);
        }
    }

    /** What stands before a tag where it is written among ids. */
    public static final String TAG = "tag:";

    public static final Reach EVERY = new Reach(true, Set.of(), Set.of(), Set.of());
    public static final Reach NONE = of(Set.of());

    /** One that was always so. */
    public Reach(boolean everyTenant, Set<String> ids, Set<String> tags, Set<String> apps) {
        this(everyTenant, ids, tags, apps, Optional.empty());
    }

    public Reach {
        ids = Set.copyOf(ids);
        tags = Set.copyOf(tags);
        apps = Set.copyOf(apps);
    }

    public static Reach of(Set<String> ids) {
        return new Reach(false, ids, Set.of(), Set.of());
    }

    /** This one, in the place of another while these tenants go. */
    public Reach after(Reach before, Set<Tenant> tenants) {
        return new Reach(everyTenant, ids, tags, apps, Optional.of(new Former(before, tenants)));
    }

    public boolean includes(Tenant tenant) {
        if (former.isPresent() && former.get().tenants().contains(tenant)) {
            return former.get().reach().includes(tenant);
        }
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
