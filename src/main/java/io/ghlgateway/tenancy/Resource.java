package io.ghlgateway.tenancy;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What HighLevel counts a quota for: one location (sub-account) or one company (agency).
 *
 * @param id HighLevel's own id, as it stands in its URLs
 */
public record Resource(Kind kind, String id) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

    /** HighLevel's two kinds of account. */
    public enum Kind {
        LOCATION,
        COMPANY
    }

    public Resource {
        if (!isId(id)) {
            throw new IllegalArgumentException("a HighLevel id is made of letters, digits, '-' and '_': " + id);
        }
    }

    /** Whether HighLevel may have given it. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    public boolean isCompany() {
        return kind == Kind.COMPANY;
    }

    public static Resource location(String id) {
        return new Resource(Kind.LOCATION, id);
    }

    public static Resource company(String id) {
        return new Resource(Kind.COMPANY, id);
    }

    // Part of the keys of maps that each request asks; see TenantKey.

    @Override
    public boolean equals(Object other) {
        return other instanceof Resource resource && kind == resource.kind && id.equals(resource.id);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + kind.ordinal();
    }

    /** {@code location:ID} or {@code company:ID}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + id;
    }
}
