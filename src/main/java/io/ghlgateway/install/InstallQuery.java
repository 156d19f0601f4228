package io.ghlgateway.install;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came back from HighLevel in a callback's query. Pure.
 *
 * @param isClear whether it can be read in one way only
 */
record InstallQuery(Optional<String> code, Optional<String> state, Optional<String> error, boolean isClear) {

    private static final Set<String> OURS = Set.of("code", "state", "error");

    static InstallQuery of(String rawQuery) {
        Map<String, List<String>> values = new HashMap<>();
        for (var part : rawQuery.split("&")) {
            var pair = part.split("=", 2);
            var name = decoded(pair[0]);
            if (OURS.contains(name)) {
                values.computeIfAbsent(name, first -> new ArrayList<>()).add(pair.length < 2 ? "" : decoded(pair[1]));
            }
        }
        boolean clear = values.values().stream().allMatch(all -> all.size() == 1);
        return new InstallQuery(first(values, "code"), first(values, "state"), first(values, "error"), clear);
    }

    private static Optional<String> first(Map<String, List<String>> values, String name) {
        return Optional.ofNullable(values.get(name)).map(all -> all.get(0));
    }

    /** What is no percent-encoding is nothing. */
    static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return "";
        }
    }
}
