package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentedNamesTest {

    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]+)(?:\\.([a-z]\\w*))?`");
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
}
