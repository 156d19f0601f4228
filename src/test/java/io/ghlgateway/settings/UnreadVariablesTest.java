package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadVariablesTest {

    private static final String FILE = """
            tenants:
              - {id: acme, location: loc1, token: "${GHL_TOKEN}"}
            callers:
              - {name: billing, key: billing-key-1, tenants: [acme]}
            """;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeTheFile() throws IOException {
        file = Files.writeString(directory.resolve("gateway.yaml"), FILE);
    }

    @Test
    void aVariableThatCountsOnlyWithoutAFileIsWarnedOfBesideOne() {
        var loaded = SettingsLoader.load(
                file,
                Map.of("GHL_TOKEN", "pit-1", "GHL_BASE_URL", "http://127.0.0.1:9100", "GHL_PROXY_HOST", "127.0.0.1"));

        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
        assertThat(loaded.warnings())
                .containsExactly(
                        "GHL_BASE_URL: is set and not read, for it counts only without a file; " + file
                                + " has upstream.base-url for it",
                        "GHL_PROXY_HOST: is set and not read, for it counts only without a file; " + file
                                + " has proxy.host for it");
    }

    @Test
    void noneIsWarnedOfThatTheFileAsksForOrThatIsEmpty() {
        var loaded = SettingsLoader.load(file, Map.of("GHL_TOKEN", "pit-1", "GHL_BASE_URL", ""));

        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void aRefusedFileIsWarnedOfToo() {
        var loaded = SettingsLoader.load(file, Map.of("GHL_LOCATION", "loc1"));

        assertThat(loaded).isInstanceOf(Loaded.Refused.class);
        assertThat(loaded.warnings()).singleElement().asString().startsWith("GHL_LOCATION: ");
    }
}
