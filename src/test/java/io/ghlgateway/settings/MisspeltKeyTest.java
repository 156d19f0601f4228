package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Between them the files hold every key there is. */
class MisspeltKeyTest {

    static List<Path> files() {
        return List.of(SettingsLoaderTest.FULL, SettingsLoaderTest.SECRET_FILES);
    }

    @ParameterizedTest
    @MethodSource("files")
    void everySingleLetterTypoIsAnErrorThatNamesTheRightKey(Path file) throws IOException {
        Map<String, String> environment = SettingsLoaderTest.FULL_ENVIRONMENT;
        String text = Files.readString(file);
        assertThat(SettingsLoader.parse(file, text, environment)).isInstanceOf(Loaded.Ready.class);
        List<Slip> slips = new ArrayList<>();
        for (ScalarNode key : keys(new Yaml().compose(new StringReader(text)))) {
            typos(key.getValue()).forEach(typo -> slips.add(new Slip(key, typo)));
        }

        var missed = slips.parallelStream()
                .filter(slip -> !names(SettingsLoader.parse(file, slip.in(text), environment), slip.typo(), slip.key()))
                .map(slip -> slip.key().getValue() + " as " + slip.typo())
                .toList();

        assertThat(missed).isEmpty();
        assertThat(slips).hasSizeGreaterThan(1_000);
    }

    private record Slip(ScalarNode key, String typo) {

        String in(String text) {
            return text.substring(0, key.getStartMark().getIndex())
                    + typo
                    + text.substring(key.getEndMark().getIndex());
        }
    }

    private static boolean names(Loaded loaded, String typo, ScalarNode key) {
        String where = ":" + (key.getStartMark().getLine() + 1) + ": ";
        return loaded instanceof Loaded.Refused refused
                && refused.problems().stream()
                        .anyMatch(problem -> problem.contains(where)
                                && problem.contains(typo + ": unknown key; did you mean ")
                                && problem.contains("'" + key.getValue() + "'"));
    }

    /** A letter left out, typed twice, replaced by another, or swapped with its neighbour. */
    private static Set<String> typos(String word) {
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
        typos.remove(word);
        return typos;
    }

    private static List<ScalarNode> keys(Node node) {
        List<ScalarNode> keys = new ArrayList<>();
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(pair -> {
                keys.add((ScalarNode) pair.getKeyNode());
                keys.addAll(keys(pair.getValueNode()));
            });
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> keys.addAll(keys(item)));
        }
        return keys;
    }
}
