package io.ghlgateway.simulator;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One published operation: a method and the form of a path, with all that the two generations of HighLevel's
 * specification say of it.
 *
 * @param rows never empty; of the same method, and of templates that differ at most in their parameters' names
 */
record Operation(List<PublishedRow> rows) {

    private static final Set<String> OPEN = Set.of("POST /oauth/token", "GET /chat-widget/public/config/{id}");

    /** The security schemes whose name ends in "-Only"; the table does not tell them apart. */
    private static final Set<String> NO_PRIVATE_TOKEN = Set.of(
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

    Operation {
        rows = List.copyOf(rows);
    }

    String template() {
        return rows.get(0).template();
    }

    String module() {
        String module = rows.get(0).module();
        return module.startsWith("v3/") ? module.substring(3) : module;
    }

    /** What is said of it for one {@code Version}; the older generation where nothing is said for v3. */
    List<PublishedRow> rows(String version) {
        List<PublishedRow> meant = rows.stream()
                .filter(row -> row.isThirdGeneration() == version.equals("v3"))
                .toList();
        return meant.isEmpty() ? rows : meant;
    }

    /** Whether older versions do not have this path. */
    boolean isNew() {
        return rows.stream().allMatch(row -> row.version().equals("v3"));
    }

    /** Not where one generation declares none. */
    boolean needsVersion() {
        return rows.stream().noneMatch(row -> row.version().isEmpty());
    }

    boolean needsNoToken() {
        return OPEN.contains(name());
    }

    boolean refusesPrivateTokens() {
        return NO_PRIVATE_TOKEN.contains(name());
    }

    /** The media type that the body must have; empty for any. */
    String body(String version) {
        return rows(version).get(0).body();
    }

    /** The locations that stand in the path. */
    Set<String> locationsIn(String path) {
        List<String> segments = PublishedTable.segments(path);
        return rows.stream()
                .filter(row -> row.place().equals("path"))
                .flatMap(row -> parameter(row, segments))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> parameter(PublishedRow row, List<String> segments) {
        List<String> names = PublishedTable.segments(row.template());
        return IntStream.range(0, names.size())
                .filter(at -> names.get(at).equals("{" + row.field() + "}"))
                .mapToObj(segments::get);
    }

    private String name() {
        return rows.get(0).method() + " " + template();
    }
}
