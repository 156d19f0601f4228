package io.ghlgateway.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One file being read: what its values are filled from, and everything found wrong so far. Used by one thread. */
final class ConfigFile {

    private final Path path;
    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final List<Path> secretFiles = new ArrayList<>();

    ConfigFile(Path path, Map<String, String> environment) {
        this.path = path;
        this.environment = environment;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Files are named from where the configuration is, not from where the gateway was started. */
    Path beside(String other) {
        return path.resolveSibling(other);
    }

    /** A change of it is one of the configuration. */
    void secretFile(Path file) {
        secretFiles.add(file);
    }

    void problem(int line, String key, String text) {
        problems.add(new Problem(line, key, text));
    }

    void warning(int line, String key, String text) {
        warnings.add(new Problem(line, key, text));
    }

    /**
     * @param settings what to use if nothing is wrong
     * @param more warnings, of what is not in the file
     */
    Loaded conclude(Settings settings, List<String> more) {
        var all = Stream.concat(lines(warnings).stream(), more.stream()).toList();
        return problems.isEmpty()
                ? new Loaded.Ready(settings, all, secretFiles)
                : new Loaded.Refused(lines(problems), all, secretFiles);
    }

    private List<String> lines(List<Problem> found) {
        return found.stream()
                .sorted()
                .distinct()
                .map(problem -> problem.at(path.toString()))
                .toList();
    }
}
