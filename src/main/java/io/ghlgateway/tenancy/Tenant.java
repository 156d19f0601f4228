package io.ghlgateway.tenancy;

/**
 * A customer as the operator named it: an alias for one resource under one app. Several tenants may name the same app
 * and resource; they then share one quota, as they do at HighLevel.
 *
 * @param id the operator's alias, what callers send as {@code X-Tenant}
 */
public record Tenant(String id, App app, Resource resource) {}
