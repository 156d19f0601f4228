package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart in {@code helm/}, linted and rendered by Helm itself inside this process. */
class HelmChartTest {
    private static final Path CHART = Path.of("helm");
    private static final Path VALUES = Path.of("src/test/resources/helm");

    @Test
    void lintsStrictly() {
        LintResult result = new Helm(CHART).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[ERROR]"));
    }

    @Test
    void carriesTheVersionOfTheBuild() throws IOException {
        Map<String, Object> chart = yaml(Files.readString(CHART.resolve("Chart.yaml")));

        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(pom).contains("<version>" + chart.get("appVersion") + "</version>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "redis", "embedded", "apps"})
    void rendersAPodThatMayWriteNowhereButItsVolumes(String values) {
        Map<String, Object> pod = podSpec(render(values));
        Map<String, Object> container = container(pod);

        assertThat(child(container, "securityContext"))
                .containsEntry("readOnlyRootFilesystem", true)
                .containsEntry("allowPrivilegeEscalation", false)
                .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
        assertThat(child(pod, "securityContext"))
                .containsEntry("runAsNonRoot", true)
                .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
        assertThat(pod).containsEntry("automountServiceAccountToken", false);
        assertThat(children(container, "volumeMounts"))
                .extracting(mount -> mount.get("mountPath"))
                .contains("/data", "/tmp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "redis", "embedded", "apps"})
    void probesTheAdminDoor(String values) {
        List<Map<String, Object>> resources = render(values);
        Map<String, Object> container = container(podSpec(resources));

        assertThat(child(container, "livenessProbe", "httpGet"))
                .isEqualTo(Map.of("path", "/health/live", "port", "admin"));
        assertThat(child(container, "startupProbe", "httpGet"))
                .isEqualTo(Map.of("path", "/health/live", "port", "admin"));
        assertThat(child(container, "readinessProbe", "httpGet"))
                .isEqualTo(Map.of("path", "/health/ready", "port", "admin"));
        assertThat(child(gatewayYaml(resources), "admin")).containsEntry("host", "0.0.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "redis", "embedded", "apps"})
    void givesEachDoorAServiceOnTheContainersPort(String values) {
        List<Map<String, Object>> resources = render(values);
        Map<Object, Object> containerPorts = new HashMap<>();
        children(container(podSpec(resources)), "ports")
                .forEach(port -> containerPorts.put(port.get("name"), port.get("containerPort")));

        Map<Object, Object> servicePorts = new HashMap<>();
        ofKind(resources, "Service").stream()
                .flatMap(service -> children(child(service, "spec"), "ports").stream())
                .forEach(port -> servicePorts.put(port.get("targetPort"), port.get("port")));

        assertThat(servicePorts).isEqualTo(containerPorts);
    }

    @Test
    void runsOneEmbeddedReplicaThatKeepsItsJournalByDefault() {
        List<Map<String, Object>> resources = render("default");
        Map<String, Object> workload = workload(resources);

        assertThat(workload).containsEntry("kind", "StatefulSet");
        assertThat(child(workload, "spec")).containsEntry("replicas", 1);
        assertThat(children(child(workload, "spec"), "volumeClaimTemplates"))
                .extracting(claim -> child(claim, "metadata").get("name"))
                .containsExactly("data");
        assertThat(child(gatewayYaml(resources), "limits")).containsEntry("journal", "/data");
        assertThat(ofKind(resources, "PodDisruptionBudget")).isEmpty();
        assertThat(container(podSpec(resources)).get("image")).isEqualTo("ghl-gateway:0.1.0");
    }

    @Test
    void takesTheRedisUriFromASecretAndKeepsTwoOfThreeReplicasUp() {
        List<Map<String, Object>> resources = render("redis");
        Map<String, Object> workload = workload(resources);

        assertThat(workload).containsEntry("kind", "Deployment");
        assertThat(child(workload, "spec")).containsEntry("replicas", 3);
        assertThat(child(ofKind(resources, "PodDisruptionBudget").get(0), "spec"))
                .containsEntry("maxUnavailable", 1);
        assertThat(child(gatewayYaml(resources), "redis")).containsEntry("uri", "${REDIS_URI}");
        assertThat(children(container(podSpec(resources)), "env"))
                .contains(Map.of(
                        "name",
                        "REDIS_URI",
                        "valueFrom",
                        Map.of("secretKeyRef", Map.of("name", "ghl-redis", "key", "redis-uri"))));
        assertThat(children(container(podSpec(resources)), "envFrom"))
                .containsExactly(
                        Map.of("secretRef", Map.of("name", "ghl-tokens")),
                        Map.of("secretRef", Map.of("name", "ghl-keys")));
    }

    @Test
    void keepsEachReplicasJournalOfRenewalsOnAVolumeOfItsOwn() {
        List<Map<String, Object>> resources = render("apps");
        Map<String, Object> workload = workload(resources);

        assertThat(workload).containsEntry("kind", "StatefulSet");
        assertThat(child(workload, "spec"))
                .containsEntry("replicas", 3)
                .containsEntry("podManagementPolicy", "Parallel");
        assertThat(children(child(workload, "spec"), "volumeClaimTemplates"))
                .extracting(claim -> child(claim, "metadata").get("name"))
                .containsExactly("data");
        assertThat(child(gatewayYaml(resources), "credentials")).containsEntry("journal", "/data");
        assertThat(ofKind(resources, "PodDisruptionBudget")).hasSize(1);
    }

    @Test
    void isADeploymentAgainWithoutAJournalOfRenewals() {
        Map<String, Object> workload = workload(rendered(
                chart().withValuesFile(VALUES.resolve("apps.yaml")).set("config.credentials.journal", "none")));

        assertThat(workload).containsEntry("kind", "Deployment");
        assertThat(child(workload, "spec")).doesNotContainKey("volumeClaimTemplates");
    }

    @Test
    void writesAConfigurationWithAppsThatTheGatewayTakes() {
        var text = (String)
                child(ofKind(render("apps"), "ConfigMap").get(0), "data").get("gateway.yaml");
        var secrets = Map.of(
                "ADMIN_KEY",
                "admin",
                "GHL_CLIENT_SECRET",
                "secret-1",
                "REDIS_URI",
                "redis://redis:6379",
                "GHL_GATEWAY_KEYSET",
                RecordCipher.newKeyset().reveal());

        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), text, secrets);

        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
    }

    @Test
    void runsTwoReplicasWithRedisWhenNoNumberIsGiven() {
        List<Map<String, Object>> resources = rendered(chart().set("redis.existingSecret", "ghl-redis"));

        assertThat(child(workload(resources), "spec")).containsEntry("replicas", 2);
    }

    @Test
    void writesTheSettingsAsTheyWereGiven() {
        Map<String, Object> config = gatewayYaml(render("redis"));

        assertThat(child(config, "limits")).containsEntry("daily", 2_000_000).containsEntry("learn", false);
        assertThat(child(config, "drain")).isEqualTo(Map.of("lame-duck", "1500ms", "timeout", "2m"));
        assertThat(children(config, "tenants"))
                .extracting(tenant -> tenant.get("token"))
                .containsExactly("${ACME_TOKEN}", null);
    }

    @Test
    void writesAConfigurationThatTheGatewayTakes() {
        var text = (String)
                child(ofKind(render("default"), "ConfigMap").get(0), "data").get("gateway.yaml");
        var secrets =
                Map.of("ADMIN_KEY", "admin", "GHL_LOCATION", "loc1", "GHL_TOKEN", "pit-1", "GHL_GATEWAY_KEY", "gw_key");

        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), text, secrets);

        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
    }

    /** Sleep before the stop + lame duck, rounded up + drain + 10 s. */
    @ParameterizedTest
    @MethodSource
    void leavesTheWholeDrainTimeBeforeAKill(String values, int seconds) {
        assertThat(podSpec(render(values))).containsEntry("terminationGracePeriodSeconds", seconds);
    }

    static Stream<Arguments> leavesTheWholeDrainTimeBeforeAKill() {
        return Stream.of(
                Arguments.of("default", 5 + 30 + 10),
                Arguments.of("redis", 5 + 2 + 120 + 10),
                Arguments.of("embedded", 30 + 10));
    }

    @Test
    void rollsThePodsWhenTheConfigurationChanges() {
        String before = checksum(rendered(chart()));

        String after = checksum(rendered(chart().set("config.limits.daily", 1000)));

        assertThat(before).hasSize(64).isNotEqualTo(after);
    }

    @ParameterizedTest
    @MethodSource
    void refuses(Map<String, Object> values, String reason) {
        TemplateCommand command = chart();
        values.forEach(command::set);

        assertThatThrownBy(command::call).hasMessageContaining(reason);
    }

    static Stream<Arguments> refuses() {
        return Stream.of(
                Arguments.of(Map.of("replicas", 3), "without Redis each replica would spend the whole quota"),
                Arguments.of(Map.of("config.admin.key", ""), "config.admin.key is missing"),
                Arguments.of(Map.of("config.admin.host", "127.0.0.1"), "the kubelet's probes can't reach it"),
                Arguments.of(Map.of("config.admin.key", "canary"), "config.admin.key is written out"),
                Arguments.of(Map.of("config.tenants[0].token", "pit-canary"), "config.tenants[0].token is written out"),
                Arguments.of(Map.of("config.callers[0].key", "canary"), "config.callers[0].key is written out"),
                Arguments.of(
                        Map.of("config.apps[0].client-secret", "canary"),
                        "config.apps[0].client-secret is written out"),
                Arguments.of(
                        Map.of("config.credentials.encryption-key", "canary"),
                        "config.credentials.encryption-key is written out"),
                Arguments.of(
                        Map.of("config.redis.uri", "redis://:canary@redis:6379"),
                        "config.redis.uri carries credentials"),
                Arguments.of(
                        Map.of("config.redis.uri", "redis://redis:6379", "redis.existingSecret", "ghl-redis"),
                        "both name a Redis"),
                Arguments.of(Map.of("config.drain.timeout", "soon"), "is no duration"),
                Arguments.of(Map.of("replica", 3), "replica"));
    }

    private static TemplateCommand chart() {
        return new Helm(CHART).template().withName("ghl-gateway");
    }

    private static List<Map<String, Object>> render(String values) {
        return rendered(values.equals("default") ? chart() : chart().withValuesFile(VALUES.resolve(values + ".yaml")));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rendered(TemplateCommand command) {
        return StreamSupport.stream(parser().loadAll(command.call()).spliterator(), false)
                .map(document -> (Map<String, Object>) document)
                .filter(document -> document != null)
                .toList();
    }

    private static Map<String, Object> gatewayYaml(List<Map<String, Object>> resources) {
        return yaml(
                (String) child(ofKind(resources, "ConfigMap").get(0), "data").get("gateway.yaml"));
    }

    private static String checksum(List<Map<String, Object>> resources) {
        return (String) child(workload(resources), "spec", "template", "metadata", "annotations")
                .get("checksum/config");
    }

    private static Map<String, Object> workload(List<Map<String, Object>> resources) {
        List<Map<String, Object>> workloads = Stream.of("StatefulSet", "Deployment")
                .flatMap(kind -> ofKind(resources, kind).stream())
                .toList();
        assertThat(workloads).hasSize(1);
        return workloads.get(0);
    }

    private static Map<String, Object> podSpec(List<Map<String, Object>> resources) {
        return child(workload(resources), "spec", "template", "spec");
    }

    private static Map<String, Object> container(Map<String, Object> podSpec) {
        return children(podSpec, "containers").get(0);
    }

    private static List<Map<String, Object>> ofKind(List<Map<String, Object>> resources, String kind) {
        return resources.stream()
                .filter(resource -> kind.equals(resource.get("kind")))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> parent, String... path) {
        Map<String, Object> at = parent;
        for (String key : path) {
            assertThat(at).containsKey(key);
            at = (Map<String, Object>) at.get(key);
        }
        return at;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> children(Map<String, Object> parent, String key) {
        assertThat(parent).containsKey(key);
        return (List<Map<String, Object>>) parent.get(key);
    }

    private static Map<String, Object> yaml(String text) {
        return parser().load(text);
    }

    /** Duplicate keys are an error, as they are in the API server's strict validation. */
    private static Yaml parser() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }
}
