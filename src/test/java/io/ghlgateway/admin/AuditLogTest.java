package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

    private @TempDir Path directory;

    private Path file() {
        return directory.resolve("audit.log");
    }

    private AuditLog log() {
        return new AuditLog(Optional.of(file()), () -> Instant.EPOCH);
    }

    /** Whatever a crash cut off, or somebody else wrote, and however often. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"line\":2,\"ti",
                "{\"line\":2,\"ti\n{\"line\":2",
                "somebody was here\n",
                "{\"line\":\"2\",\"hash\":7}\n{}\n\n"
            })
    void theChainGoesOnAfterTheLastWholeLine(String rest) throws IOException {
        log().write("admin-key", "127.0.0.1", "POST /a");
        var first = new JsonObject(Files.readString(file()));
        Files.writeString(file(), rest, StandardOpenOption.APPEND);

        log().write("admin-key", "127.0.0.1", "POST /b");

        var lines = Files.readAllLines(file());
        var second = new JsonObject(lines.get(lines.size() - 1));
        assertThat(second.getString("prev")).isEqualTo(first.getString("hash"));
        assertThat(second.getLong("line")).isEqualTo(2);
        assertThat(Files.readString(file())).contains(rest);
    }

    @Test
    void aFileOfAnotherKindBeginsAChainAfterIt() throws IOException {
        Files.writeString(file(), "notes\n");

        log().write("admin-key", "127.0.0.1", "POST /a");

        var lines = Files.readAllLines(file());
        assertThat(lines.get(0)).isEqualTo("notes");
        assertThat(new JsonObject(lines.get(1)).getString("prev")).isEqualTo("none");
    }
}
