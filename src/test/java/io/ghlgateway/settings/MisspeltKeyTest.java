package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Of the keys of {@code conf/gateway.yaml}, which are all there are. Many are misspelt at once, for all that is wrong with a
 * file is told at once; a key that has keys below it hides those, so these are misspelt without it.
 */
class MisspeltKeyTest {

    /**
     * @param where the path of what it stands in
     * @param depth how many keys are above it
     * @param isLeaf whether there is none below it
     */
    private record Key(ScalarNode node, String where, int depth, boolean isLeaf) {}

    private record Slip(Key key, String typo) {

        private String word() {
            return key.node().getValue();
        }

        private int start() {
            return key.node().getStartMark().getIndex();
        }

        private int end() {
            return key.node().getEndMark().getIndex();
        }

        /** @param problems by their lines */
        boolean isToldBy(Map<Integer, List<String>> problems) {
            return problems.getOrDefault(key.node().getStartMark().getLine() + 1, List.of()).stream()
                    .anyMatch(problem -> problem.contains(typo + ": unknown key; did you mean ")
                            && problem.contains("'" + word() + "'"));
        }
    }

    private static final Path FILE = Path.of("gateway.yaml");

    @Test
    void everySingleLetterTypoIsAnErrorThatNamesTheRightKey() throws IOException {
        var text = ReferenceConfigurationTest.everything().replaceAll("(?m)^ *#.*$", ""); // comments cost time
        var keys = keys(new Yaml().compose(new StringReader(text)), "", 0);
        var byTurns = Stream.concat(
                        Stream.of(keys.stream().filter(Key::isLeaf).toList()),
                        IntStream.range(0, 4)
                                .mapToObj(depth -> keys.stream()
                                        .filter(key -> !key.isLeaf() && key.depth() == depth)
                                        .toList()))
                .flatMap(together -> rounds(together, keys))
                .toList();

        var missed = byTurns.parallelStream()
                .flatMap(slips -> {
                    var problems = problems(text, slips);
                    // Two of them may have got in each other's way.
                    return slips.stream()
                            .filter(slip -> !slip.isToldBy(problems) && !slip.isToldBy(problems(text, List.of(slip))));
                })
                .map(slip -> slip.key().where() + slip.word() + " as " + slip.typo())
                .toList();

        assertThat(missed).isEmpty();
        assertThat(byTurns.stream().mapToInt(List::size).sum()).isGreaterThan(10_000);
    }

    /** Each key's first typo, each key's second, and so on. */
    private static Stream<List<Slip>> rounds(List<Key> together, List<Key> all) {
        var typos = together.stream()
                .map(key -> typos(key.node().getValue(), siblings(key, all)).stream()
                        .map(typo -> new Slip(key, typo))
                        .toList())
                .toList();
        int most = typos.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, most)
                .mapToObj(round -> typos.stream()
                        .filter(slips -> round < slips.size())
                        .map(slips -> slips.get(round))
                        .toList());
    }

    private static Set<String> siblings(Key key, List<Key> all) {
        return all.stream()
                .filter(other -> other.where().equals(key.where()))
                .map(other -> other.node().getValue())
                .collect(Collectors.toSet());
    }

    private static Map<Integer, List<String>> problems(String text, List<Slip> slips) {
        var misspelt = new StringBuilder(text);
        slips.stream()
                .sorted(Comparator.comparingInt(Slip::start).reversed())
                .forEach(slip -> misspelt.replace(slip.start(), slip.end(), slip.typo()));
        var loaded = (Loaded.Refused) SettingsLoader.parse(FILE, misspelt.toString(), Map.of());
        return loaded.problems().stream()
                .collect(Collectors.groupingBy(problem -> Integer.valueOf(problem.split(":", 3)[1])));
    }

    /** A letter left out, typed twice, replaced by another, or swapped with its neighbour; and no key that there is. */
    private static Set<String> typos(String word, Set<String> keys) {
        Set<String> typos = new LinkedHashSet<>();
        for (int i = 0; i < word.length(); i++) {
            String before = word.substring(0, i);
            String after = word.substring(i + 1);
            typos.add(before + after);
            typos.add(before + word.charAt(i) + word.charAt(i) + after);
            for (char letter = 'a'; letter <= 'z'; letter++) {
                typos.add(before + letter + after);
            }
            if (!after.isEmpty()) {
                typos.add(before + after.charAt(0) + word.charAt(i) + after.substring(1));
            }
        }
        typos.removeAll(keys);
        return typos;
    }

    private static List<Key> keys(Node node, String where, int depth) {
        List<Key> keys = new ArrayList<>();
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(pair -> {
                var name = (ScalarNode) pair.getKeyNode();
                var below = keys(pair.getValueNode(), where + name.getValue() + ".", depth + 1);
                keys.add(new Key(name, where, depth, below.isEmpty()));
                keys.addAll(below);
            });
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> keys.addAll(keys(item, where, depth)));
        }
        return keys;
    }
}
