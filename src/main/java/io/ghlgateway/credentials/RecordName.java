package io.ghlgateway.credentials;

import java.util.Locale;
import java.util.Optional;

/**
 * What a kept record is of.
 *
 * @param id unique in its kind, in visible ASCII without blanks
 */
public record RecordName(Kind kind, String id) {

    /** Kinds of record. */
    public enum Kind {
        /** An app at a location or company, with its tokens. The id reads {@code APP:location:ID} or {@code APP:company:ID}. */
        INSTALLATION,
        /** A tenant that was made at run time. */
        TENANT,
        /** A caller that was made at run time. */
        CALLER,
        /** A subscriber to webhooks that was made at run time. */
        SUBSCRIBER,
        /** What a start tries its keys on. */
        SENTINEL
    }

    public RecordName {
        if (!id.matches("[!-~]+")) {
            throw new IllegalArgumentException("a record's id is visible ASCII: " + id);
        }
    }

    /** {@code kind/id}, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "/" + id;
    }

    public static Optional<RecordName> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash == text.length() - 1) {
            return Optional.empty();
        }
        for (var kind : Kind.values()) {
            if (text.substring(0, slash).equals(kind.name().toLowerCase(Locale.ROOT))) {
                return Optional.of(new RecordName(kind, text.substring(slash + 1)));
            }
        }
        return Optional.empty();
    }
}
