package io.ghlgateway.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Where each of some names was written first. None may be written again, and whoever does so is told of that line. */
final class FirstLines {

    private final String key;
    private final String what;
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /**
     * @param key under which each section has its name
     * @param what the name is, as {@code the id of the app}
     */
    FirstLines(String key, String what) {
        this.key = key;
        this.what = what;
    }

    void remember(Section section, String name) {
        var first = lines.putIfAbsent(name, section.line(key));
        if (first != null) {
            section.problem(key, "'" + name + "' is already " + what + " in line " + first);
        }
    }

    /** In the order in which they are written. */
    Set<String> names() {
        return lines.keySet();
    }
}
