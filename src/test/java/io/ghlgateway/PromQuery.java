package io.ghlgateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a query in PromQL asks for, as far as names go; whether it is one at all is promtool's to say. */
record PromQuery(List<Selector> selectors, Set<String> groupedBy) {

    /** @param name without what a histogram adds to it; {@code labels} with the values that each is compared with */
    record Selector(String name, Map<String, Set<String>> labels) {}

    private static final Pattern SELECTOR = Pattern.compile(
            "\\b((?:ghl_gateway|jvm|process|system)_\\w+?)(_bucket|_count|_sum|_max)?\\b(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=|!=|=~|!~)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

    static PromQuery of(String text) {
        var selectors = new ArrayList<Selector>();
        SELECTOR.matcher(text).results().forEach(found -> {
            Map<String, Set<String>> labels = new TreeMap<>();
            if (found.group(3) != null) {
                MATCHER.matcher(found.group(3))
                        .results()
                        .forEach(matcher -> labels.put(
                                matcher.group(1), Set.of(matcher.group(3).split("\\|"))));
            }
            selectors.add(new Selector(found.group(1), labels));
        });
        var grouped = new TreeSet<String>();
        GROUPED.matcher(text)
                .results()
                .flatMap(found -> List.of(found.group(1).split("\\s*,\\s*")).stream())
                .forEach(grouped::add);
        return new PromQuery(selectors, grouped);
    }
}
