package io.ghlgateway.edge;

import io.ghlgateway.highlevel.NamedResource;
import io.ghlgateway.highlevel.TenantField;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import java.util.List;

/**
 * A name that a request gave.
 *
 * @param tenants whom it can mean; none if it is nobody's
 */
record TenantName(String where, String value, List<Tenant> tenants, Sort sort) {

    private static final int LONGEST_QUOTE = 64;

    /** What stands where a name was given. */
    enum Sort {
        /** The operator's name of a tenant, or the id of one that came by an installation. */
        ALIAS,
        /** HighLevel's id of a location or company, in a header. */
        ID,
        /** Of a location, where HighLevel surely reads it: in the path, or in a body that is documented to hold it. */
        LOCATION,
        /** Of a location, in the query, where HighLevel may well not look. */
        QUERY_LOCATION,
        COMPANY,
        /** A location that is acted on, and no more. */
        TARGET;

        boolean isLocation() {
            return this == LOCATION || this == QUERY_LOCATION;
        }
    }

    static TenantName of(NamedResource field, List<Tenant> tenants) {
        return new TenantName(field.where(), field.id(), tenants, sort(field));
    }

    private static Sort sort(NamedResource field) {
        if (field.target()) {
            return Sort.TARGET;
        }
        if (field.kind() == Resource.Kind.COMPANY) {
            return Sort.COMPANY;
        }
        return field.source() == TenantField.Source.QUERY ? Sort.QUERY_LOCATION : Sort.LOCATION;
    }

    boolean isKnown() {
        return !tenants.isEmpty();
    }

    boolean means(Tenant tenant) {
        return tenants.contains(tenant);
    }

    static boolean allMean(Tenant tenant, List<TenantName> names) {
        for (var name : names) {
            if (!name.means(tenant)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it says for whom a request is, and not only what it is about, where that is a company, or is none. */
    boolean mayMean(boolean company) {
        return switch (sort) {
            case ALIAS -> true;
            case ID -> !company || mayMeanAgency();
            case LOCATION, QUERY_LOCATION -> !company;
            case COMPANY -> company;
            case TARGET -> false;
        };
    }

    boolean mayMeanAgency() {
        return tenants.stream().anyMatch(Tenant::isAgency);
    }

    /** The name as the request gave it, for people. */
    @Override
    public String toString() {
        return where + ": " + (value.length() > LONGEST_QUOTE ? value.substring(0, LONGEST_QUOTE) + "…" : value);
    }
}
