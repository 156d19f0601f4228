package io.ghlgateway.tenancy;

import java.util.Optional;
import java.util.Set;

/**
 * An internal service that may use the gateway.
 *
 * @param everyTenant whether the caller may act for every tenant, also for those not yet known
 * @param tenants aliases of the tenants the caller may act for; not consulted when {@code everyTenant}
 * @param defaultTenant whom a request is for that names nobody
 * @param weight 1 to {@value #MOST_WEIGHT}: of a quota that several callers of one urgency wait for, each gets turns in
 *     this proportion
 * @param quota empty where it may have all that there is
 */
public record Caller(
        String name,
        boolean everyTenant,
        Set<String> tenants,
        Optional<String> defaultTenant,
        int weight,
        Optional<CallerQuota> quota) {

    public static final int MOST_WEIGHT = 100;

    /** One of weight 1. */
    public Caller(String name, boolean everyTenant, Set<String> tenants, Optional<String> defaultTenant) {
        this(name, everyTenant, tenants, defaultTenant, 1);
    }

    /** One without a quota. */
    public Caller(String name, boolean everyTenant, Set<String> tenants, Optional<String> defaultTenant, int weight) {
        this(name, everyTenant, tenants, defaultTenant, weight, Optional.empty());
    }

    public Caller {
        tenants = Set.copyOf(tenants);
        if (defaultTenant.isEmpty() && !everyTenant && tenants.size() == 1) {
            defaultTenant = Optional.of(tenants.iterator().next());
        }
    }

    public boolean mayActFor(Tenant tenant) {
        return everyTenant || tenants.contains(tenant.id());
    }
}
