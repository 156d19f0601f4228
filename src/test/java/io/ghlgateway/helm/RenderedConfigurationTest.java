package io.ghlgateway.helm;

import static io.ghlgateway.helm.HelmChart.child;
import static io.ghlgateway.helm.HelmChart.children;
import static io.ghlgateway.helm.HelmChart.rendered;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.http.TestCertificates;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The gateway itself reads what the chart writes for it, in a directory that stands for the pod's. */
class RenderedConfigurationTest {

    static final List<String> ALL = HelmChart.ALL;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)}");

    @TempDir
    static Path pod;

    @BeforeAll
    static void mountSecrets() throws IOException {
        var made = TestCertificates.make(pod, "made", "gateway.example.com");
        for (var door : List.of("proxy", "public", "admin")) {
            var tls = Files.createDirectories(pod.resolve("etc/ghl-gateway/tls/" + door));
            Files.copy(made.certificate(), tls.resolve("tls.crt"));
            Files.copy(made.certificate(), tls.resolve("ca.crt"));
            Files.copy(made.key(), tls.resolve("tls.key"));
        }
        var files = Files.createDirectories(pod.resolve("run/secrets/ghl-files"));
        for (var name : List.of("agency", "admin-key")) {
            Files.writeString(files.resolve(name), "of-" + name);
            Files.setPosixFilePermissions(files.resolve(name), PosixFilePermissions.fromString("r--r-----")); // 0440
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void theGatewayTakesItWithoutAWarning(String values) {
        var loaded = read(rendered(values));

        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
        assertThat(loaded.warnings()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void thePodIsWhatItSays(String values) {
        var chart = rendered(values);
        var settings = settings(chart);
        Map<Object, Object> ports = new HashMap<>();
        children(chart.container(), "ports").forEach(port -> ports.put(port.get("name"), port.get("containerPort")));

        assertThat(ports.get("proxy")).isEqualTo(settings.proxy().port());
        assertThat(ports.get("admin")).isEqualTo(settings.admin().port());
        assertThat(ports.get("public"))
                .isEqualTo(
                        settings.apps().isEmpty() ? null : settings.publicDoor().port());
        assertThat(settings.redis().isPresent()).isEqualTo(!values.equals("embedded"));
        assertThat(child(chart.container(), "livenessProbe", "httpGet").get("scheme"))
                .isEqualTo(settings.tls().admin().isPresent() ? "HTTPS" : "HTTP");
        assertThat((int) chart.podSpec().get("terminationGracePeriodSeconds")).isGreaterThan((int)
                settings.drain().lameDuck().plus(settings.drain().timeout()).toSeconds());
    }

    private static Settings settings(HelmChart chart) {
        return ((Loaded.Ready) read(chart)).settings();
    }

    private static Loaded read(HelmChart chart) {
        var text = chart.gatewayYaml()
                .replace("/etc/ghl-gateway/", pod + "/etc/ghl-gateway/")
                .replace("/run/secrets/", pod + "/run/secrets/");
        Map<String, String> environment = new HashMap<>();
        VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .forEach(name -> environment.put(name, value(name)));
        return SettingsLoader.parse(pod.resolve("etc/ghl-gateway/config/gateway.yaml"), text, environment);
    }

    private static String value(String name) {
        return switch (name) {
            case "REDIS_URI" -> "rediss://:secret@redis:6379";
            case "GHL_GATEWAY_KEYSET" -> RecordCipher.newKeyset().reveal();
            case "CRM_SECRET" -> "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
            default -> "of-" + name.toLowerCase(Locale.ROOT);
        };
    }
}
