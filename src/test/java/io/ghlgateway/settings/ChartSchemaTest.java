package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The chart's schema knows the gateway's settings, so that a misspelt one is refused before anything is installed. */
class ChartSchemaTest {

    private static final Path SCHEMA = Path.of("helm/values.schema.json");

    @Test
    void namesEveryKeyThatTheLoaderKnowsAndNoOther() throws IOException {
        var config = new JsonObject(Files.readString(SCHEMA))
                .getJsonObject("properties")
                .getJsonObject("config");
        Set<String> named = new TreeSet<>();

        collect(config, "", named);

        assertThat(named)
                .as("properties.config of %s, against what the loader of the settings knows", SCHEMA)
                .isEqualTo(ReferenceConfigurationTest.known());
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
