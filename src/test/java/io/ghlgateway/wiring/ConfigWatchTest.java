package io.ghlgateway.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.settings.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {

    private final Path directory;
    private final Path file;

    ConfigWatchTest(@TempDir Path directory) {
        this.directory = directory;
        this.file = directory.resolve("gateway.yaml");
    }

    @Test
    void aFileIsTakenOverWhenItHasChangedAndLiesStillAgain() {
        var marks = List.of("a", "b", "c", "c", "c", "a", "a").iterator();
        var reloads = new int[1];
        var loaded = new String[] {"a"};
        var seen = new String[1];
        var watch = new ConfigWatch(() -> seen[0] = marks.next(), () -> loaded[0], () -> {
            loaded[0] = seen[0];
            reloads[0]++;
        });

        watch.look();
        watch.look();
        watch.look();
        assertThat(reloads[0]).isZero();
        watch.look();
        assertThat(reloads[0]).isEqualTo(1);
        watch.look();
        watch.look();
        assertThat(reloads[0]).isEqualTo(1);
        watch.look();
        assertThat(reloads[0]).isEqualTo(2);
    }

    @Test
    void aSecretFileThatIsWrittenAnewChangesTheMark() throws IOException {
        var secret = Files.writeString(directory.resolve("key"), "one");
        Files.writeString(
                file,
                "tenants: [{id: acme, location: l, token: t}]\ncallers: [{name: a, key-file: key, tenants: [acme]}]");
        var source = new ConfigSource(file, Map.of());
        source.load();
        var before = source.mark();

        Files.writeString(secret, "longer");

        assertThat(source.loadedMark()).isEqualTo(before);
        assertThat(source.mark()).isNotEqualTo(before);
        Files.delete(secret);
        assertThat(source.mark()).isNotEqualTo(before);
    }

    @Test
    void aSecretFileThatWasMissingChangesTheMarkWhenItAppears() throws IOException {
        Files.writeString(
                file,
                "tenants: [{id: acme, location: l, token: t}]\ncallers: [{name: a, key-file: key, tenants: [acme]}]");
        var source = new ConfigSource(file, Map.of());
        assertThat(source.load()).isInstanceOf(Loaded.Refused.class);

        Files.writeString(directory.resolve("key"), "one-key-of-somebody");

        assertThat(source.mark()).isNotEqualTo(source.loadedMark());
        assertThat(source.load()).isInstanceOf(Loaded.Ready.class);
        assertThat(source.mark()).isEqualTo(source.loadedMark());
    }
}
