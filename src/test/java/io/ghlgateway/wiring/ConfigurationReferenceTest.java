package io.ghlgateway.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page about all settings is made of the loader and of {@code conf/gateway.yaml}, and stays true. */
class ConfigurationReferenceTest {

    private static final Path PAGE = Path.of("src/docs/configuration.md");
    private static final String COMMAND = "./mvnw -q test -Dtest=ConfigurationReferenceTest -Dconfiguration.write=true";

    private static final String HEAD = """
            # Configuration

            Every key, what it takes, its default and the reason for it, made of the code that reads it and of
            [`conf/gateway.yaml`](../../conf/gateway.yaml), which shows it all in its place. Not to be edited: it is written anew by
            `%s`.

            Durations are written as `250ms`, `10s`, `5m`, `1h` or `3d`, sizes as `512B`, `256KiB`, `1MiB` or `1GiB`; `${NAME}` in a value is an
            environment variable, `${NAME:-text}` one with a text to fall back on. `check-config FILE` lists all that is wrong. What is "needed" its
            section cannot do without, or not without what may stand in its place; what is "none" is not set unless you do. A change is
            taken over while the gateway runs (reload), or refused until its next start (restart); what a certificate's or a secret's file
            holds may change at any time.
            """.formatted(COMMAND);

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        var page = HEAD + new ConfigurationReference(Files.readString(Path.of("conf/gateway.yaml"))).page();
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).as("to write it anew: " + COMMAND).isEqualTo(page);
    }
}
