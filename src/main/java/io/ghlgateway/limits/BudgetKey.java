package io.ghlgateway.limits;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import org.jspecify.annotations.Nullable;

/** What HighLevel counts by: one app's use of one location or company. */
public record BudgetKey(App app, Resource resource) {

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
