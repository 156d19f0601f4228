package io.ghlgateway.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every operation that HighLevel has published, found by method and path: segment by segment from left to right, a
 * literal before a parameter, with a way back where the literal leads nowhere. Does not change once it is loaded.
 */
final class PublishedTable {

    private static final String RESOURCE = "published-endpoints.tsv";

    private final List<PublishedRow> rows;
    private final Node root = new Node();

    private PublishedTable(List<PublishedRow> rows) {
        this.rows = rows;
        rows.forEach(this::add);
    }

    static PublishedTable load() {
        InputStream resource = PublishedTable.class.getResourceAsStream(RESOURCE);
        if (resource == null) {
            throw new IllegalStateException(RESOURCE + " is missing from the program");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return of(reader.lines().toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static PublishedTable of(List<String> lines) {
        return new PublishedTable(lines.stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(PublishedRow::parse)
                .toList());
    }

    List<PublishedRow> rows() {
        return rows;
    }

    /** @param path raw; a slash at its end makes no difference. HEAD is answered as GET. */
    Optional<Operation> match(String method, String path) {
        return root.match(method.equals("HEAD") ? "GET" : method, segments(path), 0);
    }

    static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    private void add(PublishedRow row) {
        Node node = root;
        for (String segment : segments(row.template())) {
            String name = segment.startsWith("{") ? Node.PARAMETER : segment;
            node = node.next.computeIfAbsent(name, absent -> new Node());
        }
        node.operations.merge(row.method(), new Operation(List.of(row)), PublishedTable::both);
    }

    private static Operation both(Operation first, Operation second) {
        List<PublishedRow> rows = new ArrayList<>(first.rows());
        rows.addAll(second.rows());
        return new Operation(rows);
    }

    private static final class Node {
        private static final String PARAMETER = "{}"; // no path's own segment: braces are encoded in a request

        private final Map<String, Node> next = new HashMap<>();
        private final Map<String, Operation> operations = new HashMap<>();

        Optional<Operation> match(String method, List<String> segments, int at) {
            if (at == segments.size()) {
                return Optional.ofNullable(operations.get(method));
            }
            return step(segments.get(at), method, segments, at + 1).or(() -> step(PARAMETER, method, segments, at + 1));
        }

        private Optional<Operation> step(String name, String method, List<String> segments, int at) {
            Node node = next.get(name);
            return node == null ? Optional.empty() : node.match(method, segments, at);
        }
    }
}
