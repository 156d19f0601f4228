package io.ghlgateway.highlevel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads out of a request's path and query (for bodies see {@link TenantBody}) which locations and companies it names. Pure; never throws. */
public final class TenantFields {

    static final String ALT_TYPE = "altType";

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
        List<NamedResource> named = new ArrayList<>(2);
        for (TenantField field : route.tenantFields()) {
            switch (field.source()) {
                case PATH ->
                    route.pathParam(field.name(), rawPath)
                            .ifPresent(id -> named.add(NamedResource.in(field, id, false)));
                case QUERY -> addFromQuery(field, rawQuery, named);
                case BODY -> {
                    // Not to be seen in a path or query.
                }
            }
        }
        return List.copyOf(named.size() < 2 ? named : new LinkedHashSet<>(named));
    }

    private static void addFromQuery(TenantField field, String rawQuery, List<NamedResource> named) {
        List<String> ids = RawQuery.values(rawQuery, field.name());
        if (!ids.isEmpty()) {
            boolean target = isTarget(field, RawQuery.values(rawQuery, ALT_TYPE));
            for (String id : ids) {
                named.add(NamedResource.in(field, id, target));
            }
        }
    }

    /** @param values of the body's fields, by name */
    static List<NamedResource> namedInBody(Route route, Map<String, Set<String>> values) {
        Set<NamedResource> named = new LinkedHashSet<>();
        for (TenantField field : route.tenantFields()) {
            if (field.source() == TenantField.Source.BODY) {
                boolean target = isTarget(field, values.getOrDefault(ALT_TYPE, Set.of()));
                for (String id : values.getOrDefault(field.name(), Set.of())) {
                    named.add(NamedResource.in(field, id, target));
                }
            }
        }
        return List.copyOf(named);
    }

    /** Of several altTypes we can't know which one HighLevel heeds: one {@code location} is enough to name the tenant. */
    private static boolean isTarget(TenantField field, Collection<String> altTypes) {
        return switch (field.kind()) {
            case LOCATION, COMPANY -> false;
            case TARGETS -> true;
            case ALT -> !altTypes.isEmpty() && altTypes.stream().noneMatch("location"::equalsIgnoreCase);
        };
    }
}
