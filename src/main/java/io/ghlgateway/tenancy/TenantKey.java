package io.ghlgateway.tenancy;

/** What makes two tenants one: several apps may be installed at one location, and each is a tenant of that id. */
public record TenantKey(String id, App app) {

    public static TenantKey of(Tenant tenant) {
        return new TenantKey(tenant.id(), tenant.app());
    }
}
