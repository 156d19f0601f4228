package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.helm.HelmChart;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart's schema knows the gateway's settings, so that a misspelt one is refused before anything is installed. */
class ChartSchemaTest {

    private static final Path SCHEMA = Path.of("helm/values.schema.json");

    @Test
    void namesEveryKeyThatTheLoaderKnowsAndNoOther() throws IOException {
        Set<String> named = new TreeSet<>();

        collect(config(), "", named);

        assertThat(named)
                .as("properties.config of %s, against what the loader of the settings knows", SCHEMA)
                .isEqualTo(ReferenceConfigurationTest.known());
    }

    /** A key is a secret's where another, that ends in -file, may stand in its place. */
    static Stream<String> secrets() throws IOException {
        var leaves = new TreeSet<String>();
        leaves(config(), "config", leaves);
        return leaves.stream()
                .filter(leaf -> leaves.contains(leaf + "-file"))
                .filter(leaf -> !leaf.equals("config.redis.uri")); // refused where it has a password, see HelmChartTest
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretThatIsWrittenOutIsRefusedAndNotRepeated(String key) {
        assertThatThrownBy(HelmChart.with("default").set(key, "canary")::call)
                .hasMessageContaining(key + " is written out")
                .hasMessageNotContaining("canary");
    }

    @Test
    void thereAreSecretsToTry() throws IOException {
        assertThat(secrets())
                .contains("config.tenants[0].token", "config.callers[0].keys[0].key")
                .hasSizeGreaterThan(9);
    }

    private static JsonObject config() throws IOException {
        return new JsonObject(Files.readString(SCHEMA))
                .getJsonObject("properties")
                .getJsonObject("config");
    }

    private static void leaves(JsonObject schema, String path, Set<String> leaves) {
        var here = schema.containsKey("items") ? path + "[0]" : path;
        var properties = schema.getJsonObject("items", schema).getJsonObject("properties");
        if (properties == null) {
            leaves.add(here);
        } else {
            properties.forEach(
                    property -> leaves((JsonObject) property.getValue(), here + "." + property.getKey(), leaves));
        }
    }

    private static void collect(JsonObject schema, String prefix, Set<String> keys) {
        var one = schema.getJsonObject("items", schema);
        var properties = one.getJsonObject("properties");
        if (properties == null) {
            return;
        }
        assertThat(one.getValue("additionalProperties")).as(prefix).isEqualTo(false);
        properties.forEach(property -> {
            keys.add(prefix + property.getKey());
            collect((JsonObject) property.getValue(), prefix + property.getKey() + ".", keys);
        });
    }
}
