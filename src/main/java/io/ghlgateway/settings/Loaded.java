package io.ghlgateway.settings;

import java.util.List;

/** What came of reading a configuration: settings, or everything that is wrong with it. */
public sealed interface Loaded {

    /** What works but may not be meant; each a line to print. */
    List<String> warnings();

    record Ready(Settings settings, List<String> warnings) implements Loaded {

        public Ready {
            warnings = List.copyOf(warnings);
        }
    }

    /** @param problems at least one; each a line to print, in the order of the file */
    record Refused(List<String> problems, List<String> warnings) implements Loaded {

        public Refused {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }
}
