package io.ghlgateway.settings;

import io.ghlgateway.settings.Settings.Reach;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.KeyHash;
import java.util.Optional;

/**
 * An internal service.
 *
 * @param defaultTenant the tenant of a request that names none; within reach
 * @param quota what it may have at most; empty for all that there is
 */
public record CallerSettings(
        String name,
        KeyHash key,
        Reach tenants,
        Optional<String> defaultTenant,
        int weight,
        Optional<CallerQuota> quota) {

    /** One of weight 1, without a quota. */
    public CallerSettings(String name, KeyHash key, Reach tenants, Optional<String> defaultTenant) {
        this(name, key, tenants, defaultTenant, 1, Optional.empty());
    }

    public Caller caller() {
        return new Caller(name, tenants.every(), tenants.ids(), defaultTenant, weight, quota);
    }
}
