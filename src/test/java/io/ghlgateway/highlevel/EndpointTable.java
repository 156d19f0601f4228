package io.ghlgateway.highlevel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes the gateway's own table of operations out of the published one, and says what a new one changes. Needs nothing
 * but a JDK; run at the root of the project:
 *
 * <pre>java src/test/java/io/ghlgateway/highlevel/EndpointTable.java NEW-TABLE.tsv</pre>
 */
final class EndpointTable {

    static final Path PUBLISHED = Path.of("src/main/resources/io/ghlgateway/simulator/published-endpoints.tsv");
    static final Path OWN = Path.of("src/main/resources/io/ghlgateway/highlevel/endpoints.tsv");

    static final String HEADING = "#method\ttemplate\ttoken\tcredential\tversion\tscopes\ttenant\tbody\tdeprecated";

    /* One line for each method and shape of path (a template without its parameters' names). Where both generations of
     * the specification describe it, the lines are merged: name of the parameters and default version from v2, which is
     * what established clients speak; tenant fields of both, and scopes of both side by side; deprecated if either says so. */

    private static final Map<String, String> VERSIONS = Map.of(
            "agent-studio", "2021-04-15",
            "calendars", "2021-04-15",
            "conversation-ai", "2021-04-15",
            "conversations", "2021-04-15",
            "knowledge-base", "2021-04-15",
            "voice-ai", "2021-04-15",
            "saas-api", "2023-02-21");

    private static final String COMMON_VERSION = "2021-07-28";

    /** Needs no token, unlike the other operations that merely forget to say so. */
    private static final Set<String> OPEN = Set.of("POST /oauth/token", "GET /chat-widget/public/config/{id}");

    /** The security schemes named "-Only", which the published table does not tell apart. */
    private static final Set<String> OAUTH_ONLY = Set.of(
            "POST /oauth/locationToken",
            "POST /oauth/location-token",
            "GET /oauth/installedLocations",
            "GET /oauth/installed-locations",
            "GET /marketplace/app/{appId}/installations",
            "DELETE /marketplace/app/{appId}/installations",
            "GET /marketplace/app/{appId}/rebilling-config/location/{locationId}",
            "GET /marketplace/billing/charges",
            "POST /marketplace/billing/charges",
            "GET /marketplace/billing/charges/has-funds",
            "GET /marketplace/billing/charges/{chargeId}",
            "DELETE /marketplace/billing/charges/{chargeId}",
            "POST /marketplace/external-auth/migration");

    /** Take either token, yet always work inside one location. */
    private static final Set<String> LOCATION_MODULES = Set.of("invoices", "products", "proposals");

    /** What the published schemas leave out, as the official SDK's examples and types send it. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "POST /contacts/search", "body:locationId=location",
            "DELETE /marketplace/app/{appId}/installations", "body:companyId=company");

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private EndpointTable() {}

    public static void main(String[] args) throws IOException {
        Path published = args.length == 0 ? PUBLISHED : Path.of(args[0]);
        List<String> now = own(Files.readAllLines(published));
        List<String> before = Files.exists(OWN) ? Files.readAllLines(OWN) : List.of(HEADING);
        changes(before, now).forEach(System.out::println);
        System.out.println(now.size() - 1 + " operations");
        Files.write(OWN, now);
        if (args.length > 0) {
            Files.copy(published, PUBLISHED, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The published table in the gateway's own form. */
    static List<String> own(List<String> published) {
        Map<String, List<Operation>> byShape = published.stream()
                .filter(line -> !line.startsWith("#"))
                .map(Operation::parse)
                .collect(Collectors.groupingBy(Operation::shape, TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        lines.add(HEADING);
        byShape.values().stream()
                .map(EndpointTable::line)
                .sorted(Comparator.comparing((String line) -> cell(line, 1)).thenComparing(line -> cell(line, 0)))
                .forEach(lines::add);
        return lines;
    }

    /** What happened between two tables of the gateway's form, one sentence for each operation. */
    static List<String> changes(List<String> before, List<String> now) {
        Map<String, String> old = byOperation(before);
        Map<String, String> current = byOperation(now);
        var operations = new TreeSet<>(old.keySet());
        operations.addAll(current.keySet());
        List<String> changes = new ArrayList<>();
        for (String operation : operations) {
            if (!current.containsKey(operation)) {
                changes.add("removed " + operation);
            } else if (!old.containsKey(operation)) {
                changes.add("added " + operation);
            } else if (!old.get(operation).equals(current.get(operation))) {
                changes.add("changed " + operation + ": " + difference(old.get(operation), current.get(operation)));
            }
        }
        return changes;
    }

    private static String difference(String before, String now) {
        List<String> cells = new ArrayList<>();
        for (int i = 2; i < HEADING.split("\t").length; i++) {
            if (!cell(before, i).equals(cell(now, i))) {
                cells.add(cell(HEADING, i) + " " + cell(before, i) + " -> " + cell(now, i));
            }
        }
        return String.join("; ", cells);
    }

    private static Map<String, String> byOperation(List<String> lines) {
        return lines.stream()
                .skip(1)
                .collect(Collectors.toMap(line -> cell(line, 0) + " " + cell(line, 1), line -> line, (a, b) -> a));
    }

    private static String cell(String line, int column) {
        return line.split("\t", -1)[column];
    }

    /** One operation, told by one or two generations. */
    private static String line(List<Operation> told) {
        var first = told.stream().filter(o -> !o.isV3()).findFirst().orElse(told.get(0));
        return String.join(
                "\t",
                first.method(),
                first.template(),
                token(first, told),
                told.stream().anyMatch(o -> OAUTH_ONLY.contains(o.operation())) ? "oauth" : "any",
                version(first),
                scopes(told),
                list(tenant(first, told)),
                body(first),
                told.stream().anyMatch(Operation::deprecated) ? "yes" : "no");
    }

    /** What either generation demands; the two side by side where they differ, v2's first. */
    private static String scopes(List<Operation> told) {
        return told.stream()
                .sorted(Comparator.comparing(Operation::isV3))
                .map(operation -> list(new TreeSet<>(operation.scopes())))
                .distinct()
                .collect(Collectors.joining("|"));
    }

    private static String token(Operation first, List<Operation> told) {
        if (OPEN.contains(first.operation())) {
            return "none";
        }
        var stated = told.stream()
                .map(Operation::token)
                .filter(token -> !Set.of("none", "other").contains(token))
                .collect(Collectors.toSet());
        return stated.isEmpty()
                ? "location"
                : stated.size() == 1 ? stated.iterator().next() : "either";
    }

    /** Version belongs to an operation: one that only v3 has is not found under an older one. */
    private static String version(Operation first) {
        if (first.isV3()) {
            return first.version().equals("-") ? "v3" : first.version();
        }
        return VERSIONS.getOrDefault(first.module(), COMMON_VERSION);
    }

    private static Set<String> tenant(Operation first, List<Operation> told) {
        Set<String> fields = new TreeSet<>(Comparator.comparing((String field) -> "pqb".indexOf(field.charAt(0)))
                .thenComparing(Comparator.naturalOrder()));
        told.forEach(o -> fields.addAll(o.stated()));
        if (LEFT_OUT.containsKey(first.operation())) {
            fields.add(LEFT_OUT.get(first.operation()));
        }
        boolean companyInPath = first.template().contains("{companyId}");
        if (companyInPath) {
            fields.add("path:companyId=company");
        }
        if (token(first, told).equals("none")) {
            return fields;
        }
        // Whatever the table lists, a caller who puts a locationId there means it; uploads have no better place.
        fields.add("query:locationId=location");
        if (!companyInPath && told.stream().anyMatch(Operation::mayServeACompany)) {
            fields.add("query:companyId=company");
            if (WITH_BODY.contains(first.method())) {
                fields.add("body:companyId=company");
            }
        }
        return fields;
    }

    private static String body(Operation first) {
        return first.media().startsWith("multipart/")
                ? "multipart"
                : first.media().contains("form") ? "form" : "json";
    }

    private static String list(Collection<String> items) {
        return items.isEmpty() ? "-" : String.join(",", items);
    }

    /** A line of the published table. */
    private record Operation(
            String module,
            String method,
            String template,
            String token,
            String version,
            Set<String> scopes,
            String location,
            String media,
            boolean deprecated) {

        static Operation parse(String line) {
            String[] c = line.split("\t", -1);
            if (c.length != 9) {
                throw new IllegalArgumentException("9 columns expected: " + line);
            }
            Set<String> scopes = c[5].equals("-") ? Set.of() : new LinkedHashSet<>(Arrays.asList(c[5].split("[,| ]+")));
            return new Operation(c[0], c[1], c[2], c[3], c[4], scopes, c[6], c[7], c[8].equals("1"));
        }

        boolean isV3() {
            return module.startsWith("v3/");
        }

        String operation() {
            return method + " " + template;
        }

        String shape() {
            return method + " " + template.replaceAll("\\{[^}]*}", "{}");
        }

        boolean mayServeACompany() {
            return token.equals("agency")
                    || token.equals("either") && !LOCATION_MODULES.contains(module.replaceFirst("^v3/", ""));
        }

        /** The table's own word on where the location stands, or the locations that are acted on. */
        Set<String> stated() {
            String name = location.substring(location.indexOf(':') + 1);
            return switch (name) {
                case "locationId", "location_id" -> Set.of(location + "=location");
                // In conversations an altId is a mail provider's message or a call.
                case "altId" -> module.endsWith("conversations") ? Set.of() : Set.of(location + "=alt");
                case "locationIds" -> Set.of(location + "=targets");
                case "none" -> Set.of();
                default -> throw new IllegalArgumentException("no rule for the location in '" + location + "'");
            };
        }
    }
}
