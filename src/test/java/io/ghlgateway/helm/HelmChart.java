package io.ghlgateway.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the chart makes of a set of values: rendered by Helm itself inside this process, and read. */
public record HelmChart(List<Map<String, Object>> objects) {

    public static final Path DIRECTORY = Path.of("helm");

    /** The sets of values that are tried: the chart's own, and those of the test's resources. */
    static final List<String> ALL =
            List.of("default", "embedded", "apps", "tls", "no-ingress", "sentinel", "cluster", "everything");

    static final String KUBERNETES = "1.30.0";

    private static final Path VALUES = Path.of("src/test/resources/helm");
    private static final Map<String, HelmChart> RENDERED = new ConcurrentHashMap<>();

    static TemplateCommand template() {
        return new Helm(DIRECTORY)
                .template()
                .withName("ghl-gateway")
                .withNamespace("integrations")
                .withKubeVersion(KUBERNETES);
    }

    /** @param values one of {@link #ALL} */
    public static HelmChart rendered(String values) {
        return RENDERED.computeIfAbsent(values, name -> of(with(name)));
    }

    /** For more values to be set. */
    public static TemplateCommand with(String values) {
        return values.equals("default") ? template() : template().withValuesFile(file(values));
    }

    static Path file(String values) {
        return VALUES.resolve(values + ".yaml");
    }

    /** A copy of the chart whose own values are these, for what takes no others. */
    static Path withItsOwn(String values, Path copy) throws IOException {
        try (var files = Files.walk(DIRECTORY)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(DIRECTORY.relativize(file).toString()));
            }
        }
        if (!values.equals("default")) {
            var all = yaml(DIRECTORY.resolve("values.yaml"));
            merge(all, yaml(file(values)));
            Files.writeString(copy.resolve("values.yaml"), new Yaml().dump(all));
        }
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> into, Map<String, Object> from) {
        from.forEach((key, value) -> {
            if (value == null) {
                into.remove(key); // as Helm does it
            } else if (value instanceof Map && into.get(key) instanceof Map) {
                merge((Map<String, Object>) into.get(key), (Map<String, Object>) value);
            } else {
                into.put(key, value);
            }
        });
    }

    @SuppressWarnings("unchecked")
    public static HelmChart of(TemplateCommand command) {
        return new HelmChart(
                StreamSupport.stream(parser().loadAll(command.call()).spliterator(), false)
                        .map(document -> (Map<String, Object>) document)
                        .filter(document -> document != null)
                        .toList());
    }

    List<Map<String, Object>> ofKind(String kind) {
        return objects.stream()
                .filter(object -> kind.equals(object.get("kind")))
                .toList();
    }

    public Map<String, Object> only(String kind) {
        assertThat(ofKind(kind)).as(kind).hasSize(1);
        return ofKind(kind).get(0);
    }

    Map<String, Object> workload() {
        var workloads = Stream.of("StatefulSet", "Deployment")
                .flatMap(kind -> ofKind(kind).stream())
                .toList();
        assertThat(workloads).hasSize(1);
        return workloads.get(0);
    }

    Map<String, Object> podSpec() {
        return child(workload(), "spec", "template", "spec");
    }

    public Map<String, Object> container() {
        assertThat(children(podSpec(), "containers")).hasSize(1);
        return children(podSpec(), "containers").get(0);
    }

    /** The text that the gateway reads. */
    public String gatewayYaml() {
        return ofKind("ConfigMap").stream()
                .map(map -> (String) child(map, "data").get("gateway.yaml"))
                .filter(text -> text != null)
                .findFirst()
                .orElseThrow();
    }

    /** What has the pods replaced when it changes. */
    public String checksum() {
        return (String)
                child(workload(), "spec", "template", "metadata", "annotations").get("checksum/config");
    }

    Map<String, Object> settings() {
        return yaml(gatewayYaml());
    }

    static String name(Map<String, Object> object) {
        return (String) child(object, "metadata").get("name");
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> child(Map<String, Object> parent, String... path) {
        Map<String, Object> at = parent;
        for (String key : path) {
            assertThat(at).containsKey(key);
            at = (Map<String, Object>) at.get(key);
        }
        return at;
    }

    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> children(Map<String, Object> parent, String key) {
        assertThat(parent).containsKey(key);
        return (List<Map<String, Object>>) parent.get(key);
    }

    public static Map<String, Object> yaml(Path file) {
        try {
            return yaml(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> yaml(String text) {
        return parser().load(text);
    }

    /** Duplicate keys are an error, as they are in the API server's strict validation. */
    private static Yaml parser() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }
}
