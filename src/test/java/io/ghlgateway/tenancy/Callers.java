package io.ghlgateway.tenancy;

import java.util.Optional;
import java.util.Set;

/** Callers that may ask anything, as most tests have them. */
public final class Callers {

    private Callers() {}

    /** For every tenant. */
    public static Caller any(String name) {
        return of(name, Reach.EVERY, Optional.empty());
    }

    /** For every tenant, of which it may have no more than this. */
    public static Caller any(String name, CallerQuota quota) {
        return new Caller(name, Reach.EVERY, Permissions.ALL, Optional.empty(), 1, Optional.of(quota));
    }

    /** For every tenant, in turns of this weight. */
    public static Caller any(String name, int weight) {
        return new Caller(name, Reach.EVERY, Permissions.ALL, Optional.empty(), weight, Optional.empty());
    }

    public static Caller of(String name, Set<String> tenants) {
        return of(name, Reach.of(tenants), Optional.empty());
    }

    public static Caller of(String name, Reach reach, Optional<String> byDefault) {
        return new Caller(name, reach, Permissions.ALL, byDefault, 1, Optional.empty());
    }
}
