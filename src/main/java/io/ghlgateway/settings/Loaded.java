package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.nio.file.Path;
import java.util.List;

/** What came of reading a configuration: settings, or everything that is wrong with it. */
public sealed interface Loaded {

    /** What works but may not be meant; each a line to print. */
    List<String> warnings();

    /** That were read too, or would have been; when one of them changes, so may what comes of reading it. */
    List<Path> secretFiles();

    /** Names, paths and wrong values are quoted, and a token may stand in the place of each. */
    private static List<String> blotted(List<String> lines) {
        return lines.stream().map(Secret::blotted).toList();
    }

    record Ready(Settings settings, List<String> warnings, List<Path> secretFiles) implements Loaded {

        public Ready {
            warnings = blotted(warnings);
            secretFiles = List.copyOf(secretFiles);
        }
    }

    /** @param problems at least one; each a line to print, in the order of the file */
    record Refused(List<String> problems, List<String> warnings, List<Path> secretFiles) implements Loaded {

        public Refused {
            problems = blotted(problems);
            warnings = blotted(warnings);
            secretFiles = List.copyOf(secretFiles);
        }

        /** Where no file was named. */
        public Refused(List<String> problems, List<String> warnings) {
            this(problems, warnings, List.of());
        }
    }
}
