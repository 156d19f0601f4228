package io.ghlgateway.tenancy;

/** What makes two tenants one: several apps may be installed at one location, and each is a tenant of that id. */
public record TenantKey(String id, App app) {

    public static TenantKey of(Tenant tenant) {
        return new TenantKey(tenant.id(), tenant.app());
    }

    // A key of maps that each request asks: written out, as what the compiler makes of a record takes long to be fast.

    @Override
    public boolean equals(Object other) {
        return other instanceof TenantKey key && id.equals(key.id) && app.equals(key.app);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + app.hashCode();
    }
}
