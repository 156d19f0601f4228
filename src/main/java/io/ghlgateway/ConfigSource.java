package io.ghlgateway;

import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The file that a gateway is configured by, and the secret files that it names. Blocks.
 *
 * @param environment that the file is filled from
 */
final class ConfigSource {

    private final Path file;
    private final Map<String, String> environment;
    private volatile List<Path> secretFiles = List.of();

    ConfigSource(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = Map.copyOf(environment);
    }

    Loaded load() {
        var loaded = SettingsLoader.load(file, environment);
        if (loaded instanceof Loaded.Ready ready) {
            secretFiles = ready.secretFiles();
        }
        return loaded;
    }

    /** Differs from an earlier one when a file was written since; says nothing of which or how. */
    String mark() {
        var all = new ArrayList<>(List.of(file));
        all.addAll(secretFiles);
        var mark = new StringBuilder();
        for (var each : all) {
            try {
                mark.append(Files.getLastModifiedTime(each).toMillis())
                        .append('/')
                        .append(Files.size(each));
            } catch (IOException gone) {
                mark.append('-');
            }
            mark.append(' ');
        }
        return mark.toString();
    }
}
