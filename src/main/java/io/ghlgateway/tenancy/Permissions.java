package io.ghlgateway.tenancy;

import java.util.Optional;
import java.util.Set;

/**
 * What a caller may ask, for whomever it asks.
 *
 * @param methods as HTTP spells them, GET including HEAD; empty for all
 * @param operations empty for all, also those that HighLevel has not published
 * @param urgency the level of the most urgent requests it may make, 0 (any) to {@value #LEAST_URGENT}; what asks for
 *     more is taken for this
 */
public record Permissions(Set<String> methods, Optional<Operations> operations, int urgency) {

    public static final int LEAST_URGENT = 7;

    public static final Permissions ALL = new Permissions(Set.of(), Optional.empty(), 0);

    public Permissions {
        methods = Set.copyOf(methods);
        if (urgency < 0 || urgency > LEAST_URGENT) {
            throw new IllegalArgumentException("an urgency is 0 to " + LEAST_URGENT + ": " + urgency);
        }
    }

    public boolean allowMethod(String method) {
        return methods.isEmpty() || methods.contains(method) || method.equals("HEAD") && methods.contains("GET");
    }

    /** As {@link Operations#include}. */
    public boolean allowOperation(String template, String path) {
        return operations.isEmpty() || operations.get().include(template, path);
    }
}
