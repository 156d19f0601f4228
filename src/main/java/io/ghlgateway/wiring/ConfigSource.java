package io.ghlgateway.wiring;

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
public final class ConfigSource {

    private final Path file;
    private final Map<String, String> environment;
    private volatile List<Path> secretFiles = List.of();
    private volatile String loadedMark = "";

    public ConfigSource(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = Map.copyOf(environment);
    }

    /** Once more where it names other secret files than before: each is marked before it is read. */
    public Loaded load() {
        var loaded = loadMarked();
        if (!loaded.secretFiles().equals(secretFiles)) {
            secretFiles = loaded.secretFiles();
            loaded = loadMarked();
        }
        return loaded;
    }

    private Loaded loadMarked() {
        loadedMark = mark();
        return SettingsLoader.load(file, environment);
    }

    /** The {@link #mark} of what was loaded last, whatever came of that; taken before it was read. */
    String loadedMark() {
        return loadedMark;
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
