package io.ghlgateway.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value of the file, whatever it is, with its place. Reading it as something that it is not reports a problem and gives
 * nothing, so that reading goes on and finds the rest.
 *
 * @param key its path, as {@code tenants[0].token}
 * @param line where its key stands, or the value itself within a list
 */
record Entry(ConfigFile file, String key, int line, Node node) {

    private static final Pattern PLAIN_TAG = Pattern.compile("tag:yaml\\.org,2002:[a-z]+");

    /** A value as YAML writes nothing: {@code key:}, {@code ~} or {@code null}. */
    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    <T> Optional<T> as(Kind<T> kind) {
        if (!(node instanceof ScalarNode scalar) || isNothing()) {
            problem("expected " + kind.description() + ", found " + shape());
            return Optional.empty();
        }
        if (!PLAIN_TAG.matcher(node.getTag().getValue()).matches()) {
            // Without the tag, which may be a secret that begins with '!'.
            problem("a tag means nothing here; put a value that begins with '!' in quotes");
            return Optional.empty();
        }
        String written = scalar.getValue();
        Optional<String> text = Placeholders.fill(written, file.environment(), this::problem);
        Optional<T> value = text.flatMap(kind.reader());
        if (text.isPresent() && value.isEmpty()) {
            // never what a variable holds: it may be a secret in the wrong place
            boolean literal = written.equals(text.get());
            problem(
                    literal
                            ? kind.misses(written)
                            : "expected " + kind.description() + "; the variable holds something else");
        }
        return value;
    }

    /** A file that is named from where the configuration is. */
    Optional<Path> path() {
        return as(Kind.FILE).flatMap(name -> {
            try {
                return Optional.of(file.beside(name));
            } catch (InvalidPathException notAPath) {
                problem("is no path");
                return Optional.empty();
            }
        });
    }

    /** The values of a list; a lone value is a list of one. */
    List<Entry> items() {
        if (isNothing()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            return List.of(this);
        }
        return IntStream.range(0, list.getValue().size())
                .mapToObj(i -> item(list.getValue().get(i), i))
                .toList();
    }

    /** Reads the keys of this value, then reports those that were not asked for. */
    <T> T section(Function<Section, T> reader) {
        Section section = new Section(this);
        T read = reader.apply(section);
        section.reportUnknown();
        return read;
    }

    void problem(String text) {
        file.problem(line, key, text);
    }

    void warning(String text) {
        file.warning(line, key, text);
    }

    /** What this value is, for a message. */
    String shape() {
        return isNothing()
                ? "nothing"
                : node instanceof MappingNode
                        ? "a section"
                        : node instanceof SequenceNode ? "a list" : "a single value";
    }

    private Entry item(Node item, int index) {
        return new Entry(file, key + "[" + index + "]", item.getStartMark().getLine() + 1, item);
    }
}
