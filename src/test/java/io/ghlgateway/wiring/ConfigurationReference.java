package io.ghlgateway.wiring;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The page about all settings. Keys and reasons are those of {@code conf/gateway.yaml}. What a key takes is what the loader
 * says that it wants in the place of a section. A default is what may be left out without any difference.
 */
final class ConfigurationReference {

    private static final Pattern OPTIONAL = Pattern.compile("(?m)^( *)#((?:- )?[a-z-]+:( |$))");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)}");
    private static final Pattern WANTED = Pattern.compile("x\\.yaml:\\d+: (\\S+): expected (.*), found a section");
    private static final Pattern DEFAULT = Pattern.compile("Default: (.*?)(?:\\.(?= |$)|$)");
    /** Of files that would have to be there, or in the place of another key. */
    private static final Set<String> LEFT_OUT = Set.of("tls", "ca", "key-hash");

    private record Key(String path, boolean isSection, boolean isList, String shown, String reason) {}

    private final String reference;
    private final String everything;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final List<String> lines;

    /** @param reference the text of {@code conf/gateway.yaml} */
    ConfigurationReference(String reference) {
        this.reference = reference;
        VARIABLE.matcher(reference)
                .results()
                .forEach(name -> environment.put(name.group(1), name.group(1).toLowerCase(Locale.ROOT)));
        environment.put("GHL_GATEWAY_KEYSET", RecordCipher.newKeyset().reveal());
        everything = OPTIONAL.matcher(reference).replaceAll("$1$2");
        lines = everything.lines().toList();
        collect(compose(everything), "", -1);
    }

    String page() {
        var wanted = wanted();
        var inForce = sound(compose(reference));
        var all =
                sound(without(compose(everything), (path, name) -> LEFT_OUT.contains(name) || name.endsWith("-file")));
        var page = new StringBuilder();
        for (var key : keys.values()) {
            if (!key.path().contains(".")) {
                heading(key, page);
                continue;
            }
            var section = key.path().substring(0, key.path().indexOf('.'));
            page.append("| `")
                    .append(key.path().substring(section.length() + 1))
                    .append("` | ")
                    .append(cell(
                            key.isSection() ? key.isList() ? "a list of sections" : "a section" : type(key, wanted)))
                    .append(" | ")
                    .append(
                            key.isSection() && !key.isList()
                                    ? ""
                                    : cell(unsaid(key, inForce.has(key.path()) ? inForce : all)))
                    .append(" | ")
                    .append(key.isSection() ? "" : change(key))
                    .append(" | ")
                    .append(cell(key.reason()))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static void heading(Key section, StringBuilder page) {
        page.append("\n## ")
                .append(section.path())
                .append("\n\n")
                .append(section.reason())
                .append(section.isList() ? " A list." : "")
                .append("\n\n| key | takes | default | change | |\n|---|---|---|---|---|\n");
    }

    /** What brings another value of it into force. */
    private static String change(Key key) {
        var path = key.path().replaceFirst("-file$", "");
        return RestartKeys.names().stream().anyMatch(fixed -> (path + ".").startsWith(fixed + "."))
                ? "restart"
                : "reload";
    }

    private String type(Key key, Map<String, String> wanted) {
        var twin = key.path().endsWith("-file")
                ? key.path().substring(0, key.path().length() - "-file".length())
                : "";
        if (keys.containsKey(twin)) {
            return "a file that holds `" + twin.substring(twin.lastIndexOf('.') + 1) + "`";
        }
        var takes = Optional.ofNullable(wanted.get(key.path()))
                .orElseThrow(() -> new AssertionError("what does " + key.path() + " take?"));
        return key.isList() ? "a list, each " + takes : takes;
    }

    /** What it is when nothing is said of it. */
    private String unsaid(Key key, Sound tree) {
        var told = DEFAULT.matcher(key.reason());
        if (told.find()) {
            return told.group(1);
        }
        if (!tree.has(key.path())) {
            return isMissed(key.path()) ? "needed" : "none";
        }
        var without = load(without(tree.root(), (path, name) -> path.equals(key.path())));
        if (!(without instanceof Loaded.Ready ready)) {
            return "needed";
        }
        boolean isNoDifference = ready.settings().equals(tree.settings());
        return !isNoDifference ? "none" : key.isSection() ? "as `conf/gateway.yaml` shows it" : "`" + key.shown() + "`";
    }

    /** Of one that no sound configuration here has. */
    private boolean isMissed(String path) {
        var refused = (Loaded.Refused) load(without(compose(everything), (at, name) -> at.equals(path)));
        return refused.problems().stream().anyMatch(problem -> problem.contains(": " + path + ": is missing"));
    }

    /** A configuration that is sound. */
    private record Sound(Node root, Set<String> paths, Settings settings) {

        boolean has(String path) {
            return paths.contains(path);
        }
    }

    private Sound sound(Node root) {
        Set<String> paths = new HashSet<>();
        map(root, "", (path, value) -> {
            paths.add(path);
            return value;
        });
        return new Sound(root, paths, ((Loaded.Ready) load(root)).settings());
    }

    private Loaded load(Node tree) {
        var text = new StringWriter();
        new Yaml().serialize(tree, text);
        return SettingsLoader.parse(Path.of("x.yaml"), text.toString(), environment);
    }

    /** Every value replaced by a section, each is told what was expected there. */
    private Map<String, String> wanted() {
        var tree = compose(everything);
        Map<String, String> wanted = new HashMap<>();
        var refused = (Loaded.Refused)
                load(map(tree, "", (path, value) -> keys.get(path).isSection() ? value : nothing()));
        refused.problems().forEach(problem -> {
            var said = WANTED.matcher(problem);
            if (said.matches()) {
                wanted.put(said.group(1).replaceAll("\\[\\d+]", ""), said.group(2));
            }
        });
        return wanted;
    }

    private void collect(Node node, String prefix, int parentLine) {
        if (node instanceof MappingNode mapping) {
            for (var pair : mapping.getValue()) {
                var path = prefix + ((ScalarNode) pair.getKeyNode()).getValue();
                int line = pair.getKeyNode().getStartMark().getLine();
                var value = pair.getValueNode();
                boolean isList = value instanceof SequenceNode;
                boolean isSection = value instanceof MappingNode
                        || value instanceof SequenceNode list
                                && list.getValue().stream().anyMatch(MappingNode.class::isInstance);
                keys.putIfAbsent(
                        path,
                        new Key(
                                path,
                                isSection,
                                isList,
                                isSection ? "" : shown(value),
                                line == parentLine ? "" : reason(line)));
                collect(value, path + ".", line);
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> collect(item, prefix, parentLine));
        }
    }

    /** What stands above a line and behind it; examples begin otherwise. */
    private String reason(int line) {
        var words = new ArrayDeque<String>();
        for (int i = line - 1; i >= 0 && lines.get(i).strip().matches("# \\S.*"); i--) {
            words.addFirst(lines.get(i).strip().substring(2));
        }
        var behind = Pattern.compile(" {2,}# (.*)$").matcher(lines.get(line));
        if (behind.find()) {
            words.addLast(behind.group(1) + ".");
        }
        return String.join(" ", words);
    }

    private static String shown(Node value) {
        if (value instanceof SequenceNode list) {
            return list.getValue().stream()
                    .map(ConfigurationReference::shown)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return ((ScalarNode) value).getValue();
    }

    private static Node without(Node tree, BiPredicate<String, String> left) {
        return map(
                tree, "", (path, value) -> left.test(path, path.substring(path.lastIndexOf('.') + 1)) ? null : value);
    }

    private interface Change {
        @Nullable
        Node of(String path, Node value);
    }

    /** The same tree with other values; null leaves the key out. */
    private static Node map(Node node, String prefix, Change change) {
        if (node instanceof MappingNode mapping) {
            var pairs = new ArrayList<NodeTuple>();
            for (var pair : mapping.getValue()) {
                var path = prefix + ((ScalarNode) pair.getKeyNode()).getValue();
                var value = change.of(path, pair.getValueNode());
                if (value != null) {
                    pairs.add(new NodeTuple(pair.getKeyNode(), map(value, path + ".", change)));
                }
            }
            return new MappingNode(mapping.getTag(), pairs, mapping.getFlowStyle());
        }
        if (node instanceof SequenceNode list) {
            return new SequenceNode(
                    list.getTag(),
                    list.getValue().stream()
                            .map(item -> map(item, prefix, change))
                            .toList(),
                    list.getFlowStyle());
        }
        return node;
    }

    private static Node nothing() {
        return new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.FLOW);
    }

    private static Node compose(String text) {
        return new Yaml().compose(new StringReader(text));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
