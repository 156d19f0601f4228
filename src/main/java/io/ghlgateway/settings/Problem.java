package io.ghlgateway.settings;

import java.util.Comparator;

/**
 * Something to tell the operator of one place in a file.
 *
 * @param line from 1
 * @param key the path of the key, as {@code tenants[0].token}; empty: of the file as a whole
 */
record Problem(int line, String key, String text) implements Comparable<Problem> {

    private static final Comparator<Problem> ORDER =
            Comparator.comparingInt(Problem::line).thenComparing(Problem::key).thenComparing(Problem::text);

    /** As compilers write it, so that editors can jump there. */
    String at(String file) {
        return file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + text;
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }
}
