package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads out of a request's path and query which locations and companies it names. Pure; never throws. */
public final class TenantFields {

    private TenantFields() {}

    /**
     * Everything named, each with where it was seen, path first. Two different values of one parameter are two entries;
     * an empty value names nothing.
     *
     * @param route what the catalogue found for this path
     * @param rawPath as it came, still encoded
     * @param rawQuery as it came, without the question mark; empty if there is none
     */
    public static List<NamedResource> namedIn(Route route, String rawPath, String rawQuery) {
        Set<NamedResource> named = new LinkedHashSet<>();
        for (TenantField field : route.tenantFields()) {
            switch (field.source()) {
                case PATH ->
                    route.pathParam(field.name(), rawPath)
                            .ifPresent(id ->
                                    named.add(new NamedResource(kind(field), id, "path parameter " + field.name())));
                case QUERY -> addFromQuery(field, rawQuery, named);
                case BODY -> {
                    // Not to be seen in a path or query.
                }
            }
        }
        return List.copyOf(named);
    }

    private static void addFromQuery(TenantField field, String rawQuery, Set<NamedResource> named) {
        if (field.kind() == TenantField.Kind.ALT && !isLocation(RawQuery.values(rawQuery, "altType"))) {
            return;
        }
        for (String id : RawQuery.values(rawQuery, field.name())) {
            named.add(new NamedResource(kind(field), id, "query parameter " + field.name()));
        }
    }

    /** Of several altTypes we can't know which one HighLevel heeds: one {@code location} is enough. */
    private static boolean isLocation(List<String> altTypes) {
        return altTypes.isEmpty() || altTypes.stream().anyMatch("location"::equalsIgnoreCase);
    }

    private static Resource.Kind kind(TenantField field) {
        return field.kind() == TenantField.Kind.COMPANY ? Resource.Kind.COMPANY : Resource.Kind.LOCATION;
    }
}
