package io.ghlgateway.tenancy;

import java.util.regex.Pattern;

/**
 * A HighLevel app (OAuth client), the first half of what HighLevel counts by: its quota is "for each app per resource".
 *
 * @param id the operator's own name for the app; letters, digits, dot, dash and underscore
 */
public record App(String id) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]+"); // before what is made with it

    /** What private integration tokens count under: all tokens of one location or company share one quota. */
    public static final App PRIVATE = new App("private");

    public App {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("an app id is made of letters, digits, '.', '-' and '_': " + id);
        }
    }

    // Part of the keys of maps that each request asks; see TenantKey.

    @Override
    public boolean equals(Object other) {
        return other instanceof App app && id.equals(app.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
