package io.ghlgateway.wiring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What two of a kind may differ in, each under its name. Made in one go and then only read. */
final class Traits<T> {

    private final Map<String, Function<T, Object>> all = new LinkedHashMap<>();

    Traits<T> with(String name, Function<T, Object> trait) {
        all.put(name, trait);
        return this;
    }

    Set<String> names() {
        return all.keySet();
    }

    /** The names of those that differ, in their order. */
    List<String> changed(T before, T now) {
        return all.entrySet().stream()
                .filter(trait ->
                        !trait.getValue().apply(before).equals(trait.getValue().apply(now)))
                .map(Map.Entry::getKey)
                .toList();
    }
}
