package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentedNamesTest {

    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]+)(?:\\.[a-z]\\w*)?`");
    /** Of a library, or a pattern of ours. */
    private static final Set<String> OTHERS = Set.of("Ticker");

    @Test
    void theArchitecturePageNamesOnlyWhatThereIs() throws IOException {
        Set<String> sources;
        try (var files = Files.walk(Path.of("src"))) {
            sources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }

        var page = Files.readString(Path.of("src/docs/architecture.md"));
        var named = NAME.matcher(page).results().map(name -> name.group(1)).collect(Collectors.toSet());

        assertThat(named).hasSizeGreaterThan(40);
        assertThat(named)
                .filteredOn(name -> !sources.contains(name) && !OTHERS.contains(name))
                .isEmpty();
    }
}
