package io.ghlgateway.tenancy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A customer as the gateway knows it: one resource under one app. Several tenants may name the same app and resource;
 * they then share one quota, as they do at HighLevel.
 *
 * @param id what callers send as {@code X-Tenant}: the operator's alias, or HighLevel's own id where the tenant came by
 *     an installation
 * @param company of a location, the agency it belongs to, where that is known
 * @param tags the operator's own words for groups of tenants, in order, each once
 */
public record Tenant(String id, App app, Resource resource, Optional<Resource> company, List<String> tags) {

    public Tenant(String id, App app, Resource resource) {
        this(id, app, resource, Optional.empty());
    }

    public Tenant(String id, App app, Resource resource, Optional<Resource> company) {
        this(id, app, resource, company, List.of());
    }

    public Tenant {
        tags = List.copyOf(new TreeSet<>(tags));
    }

    /** Whether it stands for a company. */
    public boolean isAgency() {
        return resource.isCompany();
    }

    public Tenant tagged(Collection<String> words) {
        return new Tenant(id, app, resource, company, List.copyOf(words));
    }
}
