package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import java.util.Locale;

/**
 * One place of a request where the location or company may stand that it is for.
 *
 * @param name the parameter's or the top-level body field's name
 */
public record TenantField(Source source, String name, Kind kind) {

    /** Where in the request. */
    public enum Source {
        PATH,
        QUERY,
        BODY
    }

    /** What stands there. */
    public enum Kind {
        LOCATION,
        COMPANY,
        /** A location if the {@code altType} beside it (same source) is {@code location} or is missing; else perhaps. */
        ALT,
        /** Locations that an operation acts on, a list of them; they do not say for whom the request is. */
        TARGETS
    }

    public TenantField {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a tenant field has a name");
        }
    }

    /** For people: {@code query parameter locationId}. */
    public String describe() {
        return switch (source) {
            case PATH -> "path parameter " + name;
            case QUERY -> "query parameter " + name;
            case BODY -> "body field " + name;
        };
    }

    /** What an id that stands here is an id of. */
    public Resource.Kind resourceKind() {
        return kind == Kind.COMPANY ? Resource.Kind.COMPANY : Resource.Kind.LOCATION;
    }

    /** The form in the table: {@code query:locationId=location}. */
    static TenantField parse(String text) {
        int colon = text.indexOf(':');
        int equals = text.indexOf('=', colon + 1);
        if (colon < 0 || equals < 0) {
            throw new IllegalArgumentException("a tenant field reads source:name=kind, not '" + text + "'");
        }
        return new TenantField(
                Source.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)),
                text.substring(colon + 1, equals),
                Kind.valueOf(text.substring(equals + 1).toUpperCase(Locale.ROOT)));
    }
}
