package io.ghlgateway.simulator;

/**
 * Whom a token belongs to, and whose quota it spends.
 *
 * @param id HighLevel's id of the location (sub-account) or company (agency)
 */
public record Account(Kind kind, String id) {

    /** HighLevel's two kinds of account. */
    public enum Kind {
        LOCATION,
        /** May name any location: the simulator does not know which ones belong to it. */
        COMPANY
    }

    public Account {
        if (!id.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "'" + id + "' is no HighLevel id: letters, digits, '-' and '_' only, after company: for an agency");
        }
    }

    /**
     * A location's id, or {@code company:ID}.
     *
     * @throws IllegalArgumentException naming what was seen and what would be right
     */
    public static Account parse(String text) {
        return text.startsWith("company:")
                ? new Account(Kind.COMPANY, text.substring("company:".length()))
                : new Account(Kind.LOCATION, text);
    }

    boolean reaches(String location) {
        return kind == Kind.COMPANY || id.equals(location);
    }
}
