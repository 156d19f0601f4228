package io.ghlgateway.tenancy;

import java.util.Optional;

/**
 * An internal service that may use the gateway.
 *
 * @param reach for whom it may ask
 * @param permissions what it may ask
 * @param defaultTenant whom a request is for that names nobody
 * @param weight 1 to {@value #MOST_WEIGHT}: of a quota that several callers of one urgency wait for, each gets turns in
 *     this proportion
 * @param quota empty where it may have all that there is
 */
public record Caller(
        String name,
        Reach reach,
        Permissions permissions,
        Optional<String> defaultTenant,
        int weight,
        Optional<CallerQuota> quota) {

    public static final int MOST_WEIGHT = 100;

    public Caller {
        if (defaultTenant.isEmpty()
                && !reach.everyTenant()
                && reach.ids().size() == 1
                && reach.tags().isEmpty()) {
            defaultTenant = Optional.of(reach.ids().iterator().next());
        }
    }

    public Caller withReach(Reach other) {
        return new Caller(name, other, permissions, defaultTenant, weight, quota);
    }

    public boolean mayActFor(Tenant tenant) {
        return reach.includes(tenant);
    }
}
