package io.ghlgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A row of HighLevel's published table, and a request made of it. */
record PublishedOperation(
        String module, String method, String template, String token, String version, String location, String media) {

    /** A parameter's value that must not be decoded, nor encoded otherwise, on its way. */
    static final String ANY_VALUE = "5f%20c~:@%c3%a9";

    private static final Path TABLE = Path.of("src/main/resources/io/ghlgateway/simulator/published-endpoints.tsv");

    /** All rows, in the table's order. */
    static List<PublishedOperation> all() {
        try {
            return Files.readAllLines(TABLE).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(c -> new PublishedOperation(c[0], c[1], c[2], c[3], c[4], c[6], c[7]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isV3() {
        return module.startsWith("v3/");
    }

    /** Whether the gateway refuses it, since HighLevel gives out tokens there. */
    boolean givesOutTokens() {
        return template.startsWith("/oauth/") && !method.equals("GET");
    }

    /** What the operation is, whatever its parameters are called. */
    String shape() {
        return method + " " + template.replaceAll("\\{[^}]*}", "{}");
    }

    /** Whether the location that it is for stands in this part of the request: {@code path}, {@code query}, {@code body}. */
    boolean namesLocationIn(String part) {
        // A list is of targets; the altId of a conversation is a mail provider's.
        return location.startsWith(part + ":")
                && !location.endsWith("locationIds")
                && !(location.endsWith("altId") && module.endsWith("conversations"));
    }

    /** The path with its parameters filled in; what is not named here is {@link #ANY_VALUE}. */
    String path(Map<String, String> parameters) {
        var path = new StringBuilder();
        for (var segment : template.split("(?<=/)|(?=/)")) {
            path.append(
                    segment.startsWith("{")
                            ? parameters.getOrDefault(segment.substring(1, segment.length() - 1), ANY_VALUE)
                            : segment);
        }
        return path.toString();
    }

    /** The name of the parameter or field that {@link #location} speaks of. */
    String locationField() {
        return location.substring(location.indexOf(':') + 1);
    }

    @Override
    public String toString() {
        return module + " " + method + " " + template;
    }
}
