package io.ghlgateway.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code helm/README.md} has a place for every value, and for no other. */
class ChartReferenceTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*`) \\|");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z.]+)`");
    /** What stands in them is yours or Kubernetes's. */
    private static final Set<String> WHOLE = Set.of("config", "podSecurityContext", "dashboard.labels", "affinity");

    private static final Set<String> WITHOUT_A_DEFAULT = Set.of("nameOverride", "fullnameOverride");

    @Test
    void listsEveryValue() throws IOException {
        var readme = Files.readString(HelmChart.DIRECTORY.resolve("README.md"));
        var listed = ROW.matcher(readme)
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        var there = new TreeSet<>(WITHOUT_A_DEFAULT);
        collect(HelmChart.yaml(HelmChart.DIRECTORY.resolve("values.yaml")), "", there);

        assertThat(listed).isEqualTo(there);
    }

    @SuppressWarnings("unchecked")
    private static void collect(Map<String, Object> values, String prefix, Set<String> names) {
        values.forEach((key, value) -> {
            var name = prefix + key;
            boolean isGroup = value instanceof Map<?, ?> map && !map.isEmpty() && !WHOLE.contains(name);
            if (isGroup && !prefix.equals("resources.")) {
                collect((Map<String, Object>) value, name + ".", names);
            } else {
                names.add(name);
            }
        });
    }
}
