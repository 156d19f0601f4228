package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentedNamesTest {

    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]+)(?:\\.([a-z]\\w*))?`");
    private static final String ROOT = "io.ghlgateway";
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(io\\.ghlgateway(?:\\.[a-z]\\w*)*)\\.[A-Z]");
    /** Of a library, or a pattern of ours. */
    private static final Set<String> OTHERS = Set.of("Ticker");

    @Test
    void theArchitecturePageNamesOnlyWhatThereIs() throws IOException {
        Map<String, Path> sources;
        try (var files = Files.walk(Path.of("src"))) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> file,
                            (one, two) -> one));
        }
        var page = Files.readString(Path.of("src/docs/architecture.md"));
        var named = NAME.matcher(page).results().distinct().toList();

        assertThat(named).hasSizeGreaterThan(40);
        for (var name : named) {
            var type = name.group(1);
            assertThat(sources.containsKey(type) || OTHERS.contains(type))
                    .as(type)
                    .isTrue();
            if (name.group(2) != null) {
                assertThat(Files.readString(sources.get(type))).as(name.group()).contains(" " + name.group(2) + "(");
            }
        }
    }

    /** Every arrow that is drawn is an import of somebody's, and every import goes along arrows that are drawn. */
    @Test
    void theArchitecturePagePicturesThePackagesAsTheyAre() throws IOException {
        var there = imports();
        var picture = Picture.of(Files.readString(Path.of("src/docs/architecture.md")));

        assertThat(picture.packages()).isEqualTo(there.keySet());
        assertThat(picture.arrows())
                .isNotEmpty()
                .allSatisfy(arrow -> assertThat(arrow)
                        .as("drawn")
                        .anySatisfy(edge -> assertThat(there.get(edge.from())).contains(edge.to())));
        there.forEach((from, all) ->
                assertThat(picture.below(from)).as("below " + from).containsAll(all));
    }

    /** Of each package those that it imports; the simulator's own below it are its. */
    private static Map<String, Set<String>> imports() throws IOException {
        var imports = new TreeMap<String, Set<String>>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                var source = Files.readString(file);
                var own = PACKAGE.matcher(source).results().findFirst().orElseThrow();
                var to = imports.computeIfAbsent(named(own.group(1)), none -> new TreeSet<>());
                IMPORT.matcher(source)
                        .results()
                        .map(each -> named(each.group(1)))
                        .forEach(to::add);
            }
        }
        imports.forEach((from, to) -> to.remove(from));
        return imports;
    }

    private static String named(String name) {
        var below = name.equals(ROOT) ? ROOT : name.substring(ROOT.length() + 1);
        return below.startsWith("simulator.") ? "simulator" : below;
    }

    private record Edge(String from, String to) {}

    /** A flow chart of Mermaid's. @param arrows each with all that it may stand for: one to a group leads to any in it */
    private record Picture(Set<String> packages, List<List<Edge>> arrows) {

        private static final Pattern NODE = Pattern.compile("(\\w+)\\[\"([\\w.]+): ");
        private static final Pattern GROUP = Pattern.compile("(?s)subgraph (\\w+) (.*?)\n +end\n");

        static Picture of(String page) {
            var chart = page.substring(page.indexOf("flowchart TD"));
            chart = chart.substring(0, chart.indexOf("```"));
            var names = new HashMap<String, List<String>>();
            NODE.matcher(chart).results().forEach(node -> names.put(node.group(1), List.of(node.group(2))));
            GROUP.matcher(chart)
                    .results()
                    .forEach(group -> names.put(
                            group.group(1),
                            NODE.matcher(group.group(2))
                                    .results()
                                    .map(node -> node.group(2))
                                    .toList()));
            var arrows = chart.lines()
                    .filter(line -> line.contains("-->"))
                    .map(line -> line.replaceAll("\\[\"[^\"]*\"]", "").split("-->"))
                    .flatMap(sides -> ends(sides[0])
                            .flatMap(from -> ends(sides[1])
                                    .map(to -> names.get(from).stream()
                                            .flatMap(one ->
                                                    names.get(to).stream().map(other -> new Edge(one, other)))
                                            .toList())))
                    .toList();
            return new Picture(
                    names.values().stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new)),
                    arrows);
        }

        private static Stream<String> ends(String side) {
            return Arrays.stream(side.split("&")).map(String::strip);
        }

        Set<String> below(String name) {
            var below = new TreeSet<String>();
            for (int found = -1; found != below.size(); ) {
                found = below.size();
                arrows.stream()
                        .flatMap(List::stream)
                        .filter(edge -> edge.from().equals(name) || below.contains(edge.from()))
                        .forEach(edge -> below.add(edge.to()));
            }
            return below;
        }
    }
}
