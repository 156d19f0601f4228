package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Reads the configuration, from a file or from the environment alone. What is wrong is a value, all of it at once, and
 * never quotes a secret.
 */
public final class SettingsLoader {

    /** Of a file: some hundred thousand tenants, and no more than memory bears. */
    private static final int LARGEST = 64 << 20;

    private SettingsLoader() {}

    /** Reads a file, and the secret files it names beside itself. Blocks; for start-up. */
    public static Loaded load(Path file, Map<String, String> environment) {
        try {
            if (Files.isDirectory(file)) {
                return refused(file + ": is a directory", List.of());
            }
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                return refused(file + ": is larger than " + Units.SIZE.format(LARGEST), List.of());
            }
            var text = Files.readString(file);
            return parse(file, text, environment, EnvironmentReader.unread(file, text, environment));
        } catch (IOException e) {
            return refused(file + ": cannot be read: " + SecretFile.why(e), List.of());
        }
    }

    /**
     * Settings for one location or company and one caller out of {@code GHL_…} variables, where there is no file.
     *
     * @param keyMaker asked for the caller's key when the environment has none and nothing else is wrong
     */
    public static Loaded fromEnvironment(Map<String, String> environment, Supplier<Secret> keyMaker) {
        return new EnvironmentReader(environment).read(keyMaker);
    }

    /** @param file what to call the text in messages */
    public static Loaded parse(Path file, String text, Map<String, String> environment) {
        return parse(file, text, environment, List.of());
    }

    /** @param unread to warn of besides */
    private static Loaded parse(Path file, String text, Map<String, String> environment, List<String> unread) {
        var config = new ConfigFile(file, environment);
        try {
            Entry root = new Entry(config, "", 1, compose(text));
            return config.conclude(root.section(SettingsReader::read), unread);
        } catch (MarkedYAMLException e) {
            return refused(file + ":" + SyntaxError.describe(e, text), unread);
        } catch (ReaderException e) {
            return refused(file + ":" + SyntaxError.describe(e, text), unread);
        } catch (YAMLException e) {
            return refused(file + ": cannot be read as YAML: " + e.getMessage(), unread);
        }
    }

    private static Node compose(String text) {
        var options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        Node root = new Yaml(options).compose(new StringReader(text));
        if (root != null) {
            return root;
        }
        var start = new Mark("", 0, 0, 0, new int[0], 0);
        return new ScalarNode(Tag.NULL, "", start, start, ScalarStyle.PLAIN);
    }

    private static Loaded refused(String problem, List<String> warnings) {
        return new Loaded.Refused(List.of(problem), warnings);
    }
}
