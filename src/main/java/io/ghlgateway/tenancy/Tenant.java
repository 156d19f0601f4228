package io.ghlgateway.tenancy;

import java.util.Optional;

/**
 * A customer as the gateway knows it: one resource under one app. Several tenants may name the same app and resource;
 * they then share one quota, as they do at HighLevel.
 *
 * @param id what callers send as {@code X-Tenant}: the operator's alias, or HighLevel's own id where the tenant came by
 *     an installation
 * @param company of a location, the agency it belongs to, where that is known
 */
public record Tenant(String id, App app, Resource resource, Optional<Resource> company) {

    public Tenant(String id, App app, Resource resource) {
        this(id, app, resource, Optional.empty());
    }
}
