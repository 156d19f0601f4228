package io.ghlgateway.limits;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;

/** What HighLevel counts by: one app's use of one location or company. */
public record BudgetKey(App app, Resource resource) {

    /** {@code APP:location:ID} or {@code APP:company:ID}; unique, printable, and free of braces. */
    @Override
    public String toString() {
        return app + ":" + resource;
    }
}
