package io.ghlgateway.limits;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import org.jspecify.annotations.Nullable;

/** What HighLevel counts by: one app's use of one location or company. */
public record BudgetKey(App app, Resource resource) {

    /** What HighLevel counts a tenant's requests by. */
    public static BudgetKey of(Tenant tenant) {
        return new BudgetKey(tenant.app(), tenant.resource());
    }

    // Looked up with each request: the generated ones go through method handles.

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof BudgetKey key && resource.equals(key.resource) && app.equals(key.app);
    }

    @Override
    public int hashCode() {
        return 31 * resource.hashCode() + app.hashCode();
    }

    /** {@code APP:location:ID} or {@code APP:company:ID}; unique, printable, and free of braces. */
    @Override
    public String toString() {
        return app + ":" + resource;
    }
}
