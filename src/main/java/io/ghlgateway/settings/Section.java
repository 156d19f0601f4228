package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The keys of one part of the file. It remembers which it was asked for: the others are mistakes. */
final class Section {

    private final Entry entry;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final boolean readable;

    Section(Entry entry) {
        this.entry = entry;
        this.readable = entry.node() instanceof MappingNode || entry.isNothing();
        if (entry.node() instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::add);
        } else if (!readable) {
            entry.problem("expected keys with values, found " + entry.shape());
        }
    }

    /** Whether the key stands there, with a value or without. */
    boolean has(String key) {
        known.add(key);
        return entries.containsKey(key);
    }

    /** Whether the key stands there, or {@code KEY-file} for it. */
    boolean hasSecret(String key) {
        return has(key) || has(key + "-file");
    }

    /** The value of a key; empty when there is none or it is wrong, which is then reported. */
    <T> Optional<T> read(String key, Kind<T> kind) {
        return entry(key).flatMap(value -> value.as(kind));
    }

    <T> T read(String key, Kind<T> kind, T otherwise) {
        return read(key, kind).orElse(otherwise);
    }

    <T> Optional<T> required(String key, Kind<T> kind) {
        if (!has(key) && readable) {
            entry.problem(key + " is missing");
        }
        return read(key, kind);
    }

    /** The secret that stands under the key, or in the file that {@code KEY-file} names; not in both. */
    Optional<Secret> secret(String key, Kind<Secret> kind) {
        atMostOneOf(key, key + "-file");
        return eitherSecret(key, kind);
    }

    Optional<Secret> requiredSecret(String key, Kind<Secret> kind) {
        exactlyOneOf(key, key + "-file");
        return eitherSecret(key, kind);
    }

    /** As {@link #secret}, where the caller sees to it that only one is written. */
    Optional<Secret> eitherSecret(String key, Kind<Secret> kind) {
        Optional<Secret> filed = entry(key + "-file").flatMap(file -> SecretFile.read(file, kind));
        return read(key, kind).or(() -> filed);
    }

    /** A file that is named from where the configuration is. */
    Optional<Path> file(String key) {
        return entry(key).flatMap(Entry::path);
    }

    /** The keys below a key; none when it is absent or empty. */
    <T> T section(String key, Function<Section, T> reader) {
        return place(key).section(reader);
    }

    /** The keys below a key; not read when it is absent. */
    <T> Optional<T> optional(String key, Function<Section, Optional<T>> reader) {
        return entry(key).flatMap(value -> value.section(reader));
    }

    /** Those values of a list that could be read. */
    <T> List<T> values(String key, Kind<T> kind) {
        return items(key).stream()
                .map(item -> item.as(kind))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Reports {@code whenEmpty} where a list is written and nothing stands in it. */
    void notEmpty(String key, String whenEmpty) {
        if (has(key) && items(key).isEmpty()) {
            problem(key, whenEmpty);
        }
    }

    /** Of a list of sections those that could be read. */
    <T> List<T> sections(String key, Function<Section, Optional<T>> reader) {
        return items(key).stream()
                .map(item -> item.section(reader))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The words of a list, each once: one that is listed twice is reported. */
    <T> Set<T> words(String key, Kind<T> kind) {
        return words(key, kind, (item, word) -> {});
    }

    /** @param check told of each word where it is met first */
    <T> Set<T> words(String key, Kind<T> kind, BiConsumer<Entry, T> check) {
        Set<T> words = new LinkedHashSet<>();
        for (Entry item : items(key)) {
            item.as(kind).ifPresent(word -> {
                if (words.add(word)) {
                    check.accept(item, word);
                } else {
                    item.problem("'" + word + "' is listed twice");
                }
            });
        }
        return words;
    }

    /** The values of a list; reports {@code whenEmpty} if there are none. */
    List<Entry> required(String key, String whenEmpty) {
        List<Entry> items = items(key);
        if (items.isEmpty() && readable) {
            problem(key, whenEmpty);
        }
        return items;
    }

    /** The values of a list, or the lone value as a list of one. */
    List<Entry> items(String key) {
        return entry(key).map(Entry::items).orElse(List.of());
    }

    void exactlyOneOf(String... keys) {
        atMostOneOf(keys);
        if (readable && Arrays.stream(keys).noneMatch(this::has)) {
            entry.problem("needs " + String.join(" or ", keys));
        }
    }

    void atMostOneOf(String... keys) {
        List<String> written = Arrays.stream(keys).filter(this::has).toList();
        if (written.size() > 1) {
            problem(written.get(1), String.join(" and ", written) + " exclude each other");
        }
    }

    /** Reports something of this key, at its line or, if it is not written, at the section's. */
    void problem(String key, String text) {
        place(key).problem(text);
    }

    void warning(String key, String text) {
        place(key).warning(text);
    }

    int line(String key) {
        return place(key).line();
    }

    String path() {
        return entry.key();
    }

    void reportUnknown() {
        entries.forEach((key, value) -> {
            if (!known.contains(key)) {
                String hint = Spelling.hint(key, known);
                value.problem("unknown key" + (hint.isEmpty() ? "; known here: " + String.join(", ", known) : hint));
            }
        });
    }

    private Optional<Entry> entry(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key));
    }

    /** The value of a key or, if it is not written, nothing in the section's place. */
    Entry place(String key) {
        return entry(key).orElseGet(() -> child(key, entry.line(), nothing()));
    }

    private void add(NodeTuple pair) {
        int line = pair.getKeyNode().getStartMark().getLine() + 1;
        if (!(pair.getKeyNode() instanceof ScalarNode name)) {
            entry.file().problem(line, entry.key(), "a key must be a plain name");
            return;
        }
        var added = child(name.getValue(), line, pair.getValueNode());
        var first = entries.putIfAbsent(name.getValue(), added);
        if (first != null) {
            added.problem("written twice, first in line " + first.line());
        }
    }

    private Entry child(String key, int line, Node value) {
        return new Entry(entry.file(), entry.key().isEmpty() ? key : entry.key() + "." + key, line, value);
    }

    private Node nothing() {
        var at = entry.node();
        return new ScalarNode(Tag.NULL, "", at.getStartMark(), at.getEndMark(), ScalarStyle.PLAIN);
    }
}
