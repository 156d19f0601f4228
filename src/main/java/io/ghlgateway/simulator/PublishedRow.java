package io.ghlgateway.simulator;

import java.util.Set;

/**
 * One line of the published table: an operation as one generation of HighLevel's specification describes it.
 *
 * @param module the specification's file; those of the third generation begin with {@code v3/}
 * @param token {@code location}, {@code agency}, {@code either}, {@code other} or {@code none}, which is mostly an
 *     omission
 * @param version empty where none is declared
 * @param place where the location stands: {@code path}, {@code query}, {@code body} or {@code none}
 * @param field under which name it stands there
 * @param body the media type that the body must have; empty for JSON or none
 */
record PublishedRow(
        String module,
        String method,
        String template,
        String token,
        String version,
        Set<String> scopes,
        String place,
        String field,
        String body) {

    private static final int COLUMNS = 9;

    static PublishedRow parse(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length < COLUMNS) {
            throw new IllegalArgumentException("no row of the published table: " + line);
        }
        String[] location = cells[6].split(":", 2);
        return new PublishedRow(
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                orEmpty(cells[4]),
                cells[5].equals("-") ? Set.of() : Set.of(cells[5].split("[ ,|]+")),
                location[0],
                location.length == 2 ? location[1] : "",
                orEmpty(cells[7]));
    }

    boolean isThirdGeneration() {
        return module.startsWith("v3/");
    }

    boolean takes(Account.Kind kind) {
        return switch (token) {
            case "location" -> kind == Account.Kind.LOCATION;
            case "agency" -> kind == Account.Kind.COMPANY;
            default -> true;
        };
    }

    private static String orEmpty(String cell) {
        return cell.equals("-") ? "" : cell;
    }
}
