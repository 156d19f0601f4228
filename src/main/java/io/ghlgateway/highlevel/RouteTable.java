package io.ghlgateway.highlevel;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The text form of the catalogue: a heading, then one tab-separated line for each operation, a dash for nothing. Where the
 * generations of the specification differ in scopes, both stand there with a bar between them.
 */
final class RouteTable {

    static final String HEADING = "#method\ttemplate\ttoken\tcredential\tversion\tscopes\ttenant\tbody\tdeprecated";

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private RouteTable() {}

    /** @throws IllegalStateException naming the first line that is not as it should be */
    static List<Route> read(List<String> lines) {
        if (lines.size() < 2 || !lines.get(0).equals(HEADING)) {
            throw new IllegalStateException("line 1: not the heading of a route table, or nothing below it");
        }
        var routes = new ArrayList<Route>(lines.size());
        for (int i = 1; i < lines.size(); i++) {
            try {
                routes.add(route(lines.get(i).split("\t", -1)));
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return routes;
    }

    private static Route route(String[] cells) {
        if (cells.length != 9) {
            throw new IllegalArgumentException("9 columns expected, " + cells.length + " seen");
        }
        if (!METHODS.contains(cells[0])) {
            throw new IllegalArgumentException("unknown method '" + cells[0] + "'");
        }
        if (!cells[1].startsWith("/")) {
            throw new IllegalArgumentException("a template starts with a slash: '" + cells[1] + "'");
        }
        return new Route(
                HttpMethod.valueOf(cells[0]),
                cells[1],
                TokenKind.valueOf(cells[2].toUpperCase(Locale.ROOT)),
                choice(cells[3], "any", "oauth"),
                cells[4],
                Arrays.stream(cells[5].split("\\|", -1))
                        .map(choice -> Set.copyOf(items(choice)))
                        .toList(),
                items(cells[6]).stream().map(TenantField::parse).toList(),
                BodyKind.valueOf(cells[7].toUpperCase(Locale.ROOT)),
                choice(cells[8], "no", "yes"));
    }

    private static List<String> items(String cell) {
        return cell.equals("-") ? List.of() : Arrays.asList(cell.split(",", -1));
    }

    private static boolean choice(String cell, String ifFalse, String ifTrue) {
        if (!cell.equals(ifFalse) && !cell.equals(ifTrue)) {
            throw new IllegalArgumentException("'" + cell + "' is neither " + ifFalse + " nor " + ifTrue);
        }
        return cell.equals(ifTrue);
    }
}
