package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code config/NAME.yaml} is refused with exactly the lines of {@code config/NAME.txt}. */
class SettingsMessagesTest {

    private static final Path FIXTURES = Path.of("src/test/resources/config");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PORT", "s3cr3t", "BAD_KEY", "s3cr3t with blanks", "EMPTY", "");

    static Stream<Path> fixtures() throws IOException {
        try (var files = Files.list(FIXTURES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void saysAllThatIsWrongInTheOrderOfTheFile(Path fixture) throws IOException {
        var expected = Path.of(fixture.toString().replace(".yaml", ".txt"));

        var loaded = SettingsLoader.load(fixture, ENVIRONMENT);

        assertThat(loaded).isInstanceOf(Loaded.Refused.class);
        assertThat(((Loaded.Refused) loaded).problems())
                .map(problem -> problem.replace(FIXTURES + "/", ""))
                .isEqualTo(Files.readAllLines(expected))
                .isNotEmpty();
    }

    @Test
    void neverQuotesAVariablesValue() throws IOException {
        var loaded = SettingsLoader.load(FIXTURES.resolve("variables.yaml"), ENVIRONMENT);

        assertThat(((Loaded.Refused) loaded).problems()).isNotEmpty().noneMatch(problem -> problem.contains("s3cr3t"));
    }

    @Test
    void neverQuotesASecretThatStandsInTheFile() {
        var text = """
                admin: {key: "s3cr3t s3cr3t"}
                redis: {uri: "redis://user:s3cr3t@:x"}
                tenants: [{id: acme, location: loc1, token: "s3cr3t\\t"}]
                callers: [{name: a, key-hash: s3cr3t, tenants: "*"}, {name: b, key: "s3cr3té", tenants: "*"}]
                """;

        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), text, Map.of());

        assertThat(((Loaded.Refused) loaded).problems()).hasSize(5).noneMatch(problem -> problem.contains("s3cr3t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://:s3cr3t@h1:7000,h2:7001    | false | names several nodes, as only a Redis Cluster has: set redis.cluster to true",
                "redis-sentinel://:s3cr3t@h1/0#main | true  | names Sentinels, but redis.cluster is true: a Cluster has none, name some of its nodes",
                "redis://:s3cr3t@h1:7000/3          | true  | names a database, but redis.cluster is true: a Cluster has database 0 only",
            })
    void saysWhereUriAndClusterDoNotGoTogether(String uri, boolean cluster, String said) {
        var text = "redis: {uri: '" + uri + "', cluster: " + cluster + "}\n"
                + "tenants: [{id: acme, location: loc1, token: pit-1}]\n"
                + "callers: [{name: a, key: k, tenants: '*'}]\n";

        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), text, Map.of());

        assertThat(loaded).isEqualTo(new Loaded.Refused(List.of("gateway.yaml:1: redis.uri: " + said), List.of()));
    }

    @Test
    void saysWhichFileIsNotThere() {
        var loaded = SettingsLoader.load(Path.of("nowhere/gateway.yaml"), Map.of());

        assertThat(loaded)
                .isEqualTo(
                        new Loaded.Refused(List.of("nowhere/gateway.yaml: cannot be read: no such file"), List.of()));
    }

    @Test
    void refusesADirectory() {
        var loaded = SettingsLoader.load(FIXTURES, Map.of());

        assertThat(loaded).isEqualTo(new Loaded.Refused(List.of(FIXTURES + ": is a directory"), List.of()));
    }
}
