package io.ghlgateway.simulator;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a token belongs to, whose quota it spends, and what it may be used for.
 *
 * @param id HighLevel's id of the location (sub-account) or company (agency)
 * @param scopes absent: all of them
 */
public record Account(Kind kind, String id, Optional<Set<String>> scopes) {

    private static final String COMPANY = "company:";
    private static final Pattern FORM = Pattern.compile("(company:)?([^:]*)(?::scopes=(.+))?");

    /** HighLevel's two kinds of account. */
    public enum Kind {
        LOCATION,
        /** May name any location: the simulator does not know which ones belong to it. */
        COMPANY
    }

    public Account {
        scopes = scopes.map(Set::copyOf);
        if (!id.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "'" + id + "' is no HighLevel id: letters, digits, '-' and '_' only, after company: for an agency");
        }
    }

    public Account(Kind kind, String id) {
        this(kind, id, Optional.empty());
    }

    /**
     * A location's id, or {@code company:ID}; either may be followed by {@code :scopes=} and scopes between commas.
     *
     * @throws IllegalArgumentException naming what was seen and what would be right
     */
    public static Account parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is no account: write LOCATION or company:ID, and :scopes=contacts.readonly,… if not all of them");
        }
        return new Account(
                COMPANY.equals(form.group(1)) ? Kind.COMPANY : Kind.LOCATION,
                form.group(2),
                Optional.ofNullable(form.group(3)).map(scopes -> Set.of(scopes.split(","))));
    }

    boolean reaches(String location) {
        return kind == Kind.COMPANY || id.equals(location);
    }

    boolean mayDo(Set<String> needed) {
        return scopes.map(held -> held.containsAll(needed)).orElse(true);
    }
}
