package io.ghlgateway.helm;

import static io.ghlgateway.helm.HelmChart.child;
import static io.ghlgateway.helm.HelmChart.children;
import static io.ghlgateway.helm.HelmChart.name;
import static io.ghlgateway.helm.HelmChart.rendered;
import static io.ghlgateway.helm.HelmChart.template;
import static io.ghlgateway.helm.HelmChart.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart in {@code helm/}, linted and rendered by Helm itself, held against Kubernetes' models and against what is meant. */
class HelmChartTest {

    static final List<String> ALL = HelmChart.ALL;

    /** The chart's own values, one embedded replica, and the two sets that between them make everything. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "embedded", "tls", "everything"})
    void lintsStrictly(String values, @TempDir Path directory) throws IOException {
        Path chart = HelmChart.withItsOwn(values, directory.resolve("ghl-gateway"));

        LintResult result = new Helm(chart).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[ERROR]"));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void rendersOnlyWhatKubernetesKnows(String values) {
        assertThat(rendered(values).objects())
                .isNotEmpty()
                .flatMap(KubernetesModel::problems)
                .isEmpty();
    }

    @Test
    void whatKubernetesDoesNotKnowIsFound() {
        var pod = Map.<String, Object>of(
                "apiVersion", "v1",
                "kind", "Service",
                "spec", Map.of("ports", List.of(Map.of("port", "8080", "targetport", "proxy"))));

        assertThat(KubernetesModel.problems(pod))
                .containsExactlyInAnyOrder(
                        "Service.spec.ports[0].port: String in the place of java.lang.Integer",
                        "Service.spec.ports[0].targetport: no such field");
    }

    @Test
    void carriesTheVersionOfTheBuild() throws IOException {
        Map<String, Object> chart = HelmChart.yaml(HelmChart.DIRECTORY.resolve("Chart.yaml"));

        assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>" + chart.get("appVersion") + "</version>");
    }

    /** The restricted profile of Kubernetes' Pod Security Standards, and a root file system that is only read. */
    @ParameterizedTest
    @FieldSource("ALL")
    void rendersAPodThatMayDoNothingButServe(String values) {
        Map<String, Object> pod = rendered(values).podSpec();

        assertThat(child(rendered(values).container(), "securityContext"))
                .containsEntry("readOnlyRootFilesystem", true)
                .containsEntry("allowPrivilegeEscalation", false)
                .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
        assertThat(child(pod, "securityContext"))
                .containsEntry("runAsNonRoot", true)
                .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
        assertThat(pod)
                .containsEntry("automountServiceAccountToken", false)
                .doesNotContainKeys("hostNetwork", "hostPID", "hostIPC", "initContainers");
        assertThat(children(pod, "volumes"))
                .allMatch(volume -> volume.containsKey("configMap")
                        || volume.containsKey("emptyDir")
                        || volume.containsKey("secret"));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void mountsWhatThereIsAndNothingElse(String values) {
        HelmChart chart = rendered(values);
        Set<Object> volumes = new HashSet<>();
        children(chart.podSpec(), "volumes").forEach(volume -> volumes.add(volume.get("name")));
        if (child(chart.workload(), "spec").containsKey("volumeClaimTemplates")) {
            children(child(chart.workload(), "spec"), "volumeClaimTemplates")
                    .forEach(claim -> volumes.add(name(claim)));
        }

        List<Map<String, Object>> mounts = children(chart.container(), "volumeMounts");

        assertThat(mounts).extracting(mount -> mount.get("name")).containsExactlyInAnyOrderElementsOf(volumes);
        assertThat(mounts)
                .extracting(mount -> mount.get("mountPath"))
                .contains("/data", "/tmp")
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void givesEachDoorAServiceOnTheContainersPort(String values) {
        HelmChart chart = rendered(values);
        Map<Object, Object> containerPorts = new HashMap<>();
        children(chart.container(), "ports")
                .forEach(port -> containerPorts.put(port.get("name"), port.get("containerPort")));

        Map<Object, Object> servicePorts = new HashMap<>();
        chart.ofKind("Service").stream()
                .flatMap(service -> children(child(service, "spec"), "ports").stream())
                .forEach(port -> servicePorts.put(port.get("targetPort"), port.get("port")));

        assertThat(servicePorts).isEqualTo(containerPorts);
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void whateverSelectsPodsSelectsThese(String values) {
        HelmChart chart = rendered(values);
        Map<String, Object> labels = child(chart.workload(), "spec", "template", "metadata", "labels");

        assertThat(chart.ofKind("Service"))
                .allSatisfy(service -> assertThat(labels).containsAllEntriesOf(child(service, "spec", "selector")));
        Stream.of(
                        chart.ofKind("PodDisruptionBudget").stream().map(one -> child(one, "spec", "selector")),
                        chart.ofKind("NetworkPolicy").stream().map(one -> child(one, "spec", "podSelector")),
                        Stream.of(child(chart.workload(), "spec", "selector")))
                .flatMap(selectors -> selectors)
                .forEach(selector -> assertThat(labels).containsAllEntriesOf(child(selector, "matchLabels")));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void aStatefulSetIsGovernedByAServiceWithoutAnAddress(String values) {
        HelmChart chart = rendered(values);
        List<Object> headless = chart.ofKind("Service").stream()
                .filter(service -> "None".equals(child(service, "spec").get("clusterIP")))
                .map(service -> (Object) name(service))
                .toList();

        if (chart.workload().get("kind").equals("StatefulSet")) {
            assertThat(headless).containsExactly(child(chart.workload(), "spec").get("serviceName"));
        } else {
            assertThat(headless).isEmpty();
        }
    }

    @Test
    void runsThreeReplicasOnOneRedisByDefaultEachWithItsJournal() {
        HelmChart chart = rendered("default");

        assertThat(chart.workload()).containsEntry("kind", "StatefulSet");
        assertThat(child(chart.workload(), "spec"))
                .containsEntry("replicas", 3)
                .containsEntry("podManagementPolicy", "Parallel");
        assertThat(children(child(chart.workload(), "spec"), "volumeClaimTemplates"))
                .extracting(HelmChart::name)
                .containsExactly("data");
        assertThat(child(chart.settings(), "redis")).containsEntry("uri", "${REDIS_URI}");
        assertThat(child(chart.only("PodDisruptionBudget"), "spec")).containsEntry("maxUnavailable", 1);
        assertThat(chart.container()).containsEntry("image", "ghl-gateway:0.1.0");
    }

    @Test
    void runsOneEmbeddedReplicaThatKeepsItsJournal() {
        HelmChart chart = HelmChart.of(template().set("redis.enabled", false));

        assertThat(chart.workload()).containsEntry("kind", "StatefulSet");
        assertThat(child(chart.workload(), "spec")).containsEntry("replicas", 1).containsKey("volumeClaimTemplates");
        assertThat(child(chart.settings(), "limits")).containsEntry("journal", "/data");
        assertThat(chart.settings()).doesNotContainKey("redis");
        assertThat(chart.ofKind("PodDisruptionBudget")).isEmpty();
    }

    @Test
    void keepsEachReplicasJournalOfRenewalsOnAVolumeOfItsOwn() {
        HelmChart chart = rendered("apps");

        assertThat(child(chart.workload(), "spec")).containsEntry("replicas", 3).containsKey("volumeClaimTemplates");
        assertThat(child(chart.settings(), "credentials")).containsEntry("journal", "/data");
        assertThat(children(chart.container(), "volumeMounts")).contains(Map.of("name", "data", "mountPath", "/data"));
    }

    @Test
    void isADeploymentOnlyWithoutAJournalOfRenewals() {
        HelmChart chart = rendered("sentinel");

        assertThat(chart.workload()).containsEntry("kind", "Deployment");
        assertThat(child(chart.workload(), "spec"))
                .containsEntry("replicas", 2)
                .doesNotContainKey("volumeClaimTemplates");
    }

    @Test
    void takesTheRedisUriFromASecretUnlessTheConfigurationHasIt() {
        assertThat(children(rendered("everything").container(), "env"))
                .contains(Map.of(
                        "name",
                        "REDIS_URI",
                        "valueFrom",
                        Map.of("secretKeyRef", Map.of("name", "ghl-redis", "key", "redis-uri"))));
        assertThat(children(rendered("everything").container(), "envFrom"))
                .containsExactly(
                        Map.of("secretRef", Map.of("name", "ghl-tokens")),
                        Map.of("secretRef", Map.of("name", "ghl-keys")));
        assertThat(children(rendered("sentinel").container(), "env"))
                .extracting(variable -> variable.get("name"))
                .doesNotContain("REDIS_URI");
    }

    @Test
    void writesTheSettingsAsTheyWereGiven() {
        Map<String, Object> config = rendered("everything").settings();

        assertThat(child(config, "limits")).isEqualTo(Map.of("daily", 2_000_000, "learn", false));
        assertThat(child(config, "drain")).isEqualTo(Map.of("lame-duck", "1500ms", "timeout", "2m"));
        assertThat(children(config, "tenants"))
                .extracting(tenant -> tenant.get("token"))
                .containsExactly("${ACME_TOKEN}", null);
    }

    @Test
    void opensNothingButThePublicDoorsOwnPathsToTheInternet() {
        HelmChart chart = rendered("apps");
        Map<String, Object> rule =
                children(child(chart.only("Ingress"), "spec"), "rules").get(0);

        assertThat(rule).containsEntry("host", "gateway.example.com");
        assertThat(children(child(rule, "http"), "paths"))
                .extracting(path -> path.get("path"))
                .containsExactly("/oauth/install", "/oauth/callback", "/webhooks", "/external-auth");
        assertThat(children(child(rule, "http"), "paths"))
                .allSatisfy(path -> assertThat(child(path, "backend", "service"))
                        .isEqualTo(Map.of("name", "ghl-gateway-public", "port", Map.of("name", "public"))));
        assertThat(chart.ofKind("Service")).extracting(HelmChart::name).contains("ghl-gateway-public");
        assertThat(rendered("no-ingress").ofKind("Ingress")).isEmpty();
        assertThat(rendered("no-ingress").ofKind("Service"))
                .extracting(HelmChart::name)
                .contains("ghl-gateway-public");
        assertThat(rendered("default").ofKind("Service"))
                .extracting(HelmChart::name)
                .doesNotContain("ghl-gateway-public");
    }

    @Test
    void withTlsEveryDoorIsReachedByHttps() {
        HelmChart chart = rendered("tls");

        assertThat(chart.ofKind("Service"))
                .flatMap(service -> children(child(service, "spec"), "ports"))
                .extracting(port -> port.get("appProtocol"))
                .containsOnly("https");
        assertThat(child(chart.container(), "readinessProbe", "httpGet")).containsEntry("scheme", "HTTPS");
        assertThat(children(child(chart.only("ServiceMonitor"), "spec"), "endpoints")
                        .get(0))
                .containsEntry("scheme", "https")
                .containsEntry("tlsConfig", Map.of("serverName", "ghl-gateway-admin.integrations.svc"));
        assertThat(child(chart.settings(), "proxy", "tls")).containsKey("client-ca");
        assertThat(child(chart.settings(), "admin", "tls"))
                .containsEntry("certificate", "/etc/ghl-gateway/tls/admin/tls.crt")
                .containsEntry("key", "/etc/ghl-gateway/tls/admin/tls.key");
    }

    @Test
    void theMonitorFindsTheOperatorsServiceAlone() {
        HelmChart chart = rendered("everything");
        Map<String, Object> monitor = child(chart.only("ServiceMonitor"), "spec");
        Map<String, Object> wanted = child(monitor, "selector", "matchLabels");

        assertThat(chart.ofKind("Service"))
                .filteredOn(service ->
                        child(service, "metadata", "labels").entrySet().containsAll(wanted.entrySet()))
                .extracting(HelmChart::name)
                .containsExactly("ghl-gateway-admin");
        assertThat(children(monitor, "endpoints").get(0))
                .containsEntry("port", "admin")
                .containsEntry("scheme", "http");
        assertThat(child(monitor, "namespaceSelector")).containsEntry("matchNames", List.of("integrations"));
        assertThat(child(chart.only("ServiceMonitor"), "metadata", "labels")).containsEntry("release", "prometheus");
    }

    @Test
    void scalesTheWorkloadThatThereIs() {
        HelmChart chart = rendered("everything");

        assertThat(child(chart.only("HorizontalPodAutoscaler"), "spec"))
                .containsEntry("minReplicas", 4)
                .containsEntry("maxReplicas", 8)
                .containsEntry(
                        "scaleTargetRef",
                        Map.of(
                                "apiVersion", "apps/v1",
                                "kind", chart.workload().get("kind"),
                                "name", name(chart.workload())));
        assertThat(child(chart.workload(), "spec")).doesNotContainKey("replicas"); // it would undo what was scaled
    }

    @Test
    void thePolicyLetsNobodyInWhoIsNotNamedButAtThePublicDoor() {
        Map<String, Object> named = child(rendered("everything").only("NetworkPolicy"), "spec");
        Map<String, Object> usual = child(rendered("no-ingress").only("NetworkPolicy"), "spec");

        assertThat(children(named, "ingress"))
                .extracting(rule -> children(rule, "ports").get(0).get("port"), rule -> rule.containsKey("from"))
                .containsExactly(tuple("proxy", true), tuple("admin", true));
        assertThat(children(usual, "ingress"))
                .extracting(rule -> children(rule, "ports").get(0).get("port"), rule -> rule.containsKey("from"))
                .containsExactly(tuple("proxy", true), tuple("public", false));
        assertThat(named).containsEntry("policyTypes", List.of("Ingress", "Egress"));
        assertThat(children(named, "egress"))
                .flatMap(rule -> children(rule, "ports"))
                .extracting(port -> port.get("port"))
                .containsExactly(53, 53, 443, 6379, 26379, 8080);
    }

    /** Sleep before the stop + lame duck, rounded up + drain + 10 s. */
    @ParameterizedTest
    @MethodSource
    void leavesTheWholeDrainTimeBeforeAKill(String values, int seconds) {
        assertThat(rendered(values).podSpec()).containsEntry("terminationGracePeriodSeconds", seconds);
    }

    static Stream<Arguments> leavesTheWholeDrainTimeBeforeAKill() {
        return Stream.of(
                Arguments.of("default", 5 + 30 + 10),
                Arguments.of("everything", 5 + 2 + 120 + 10),
                Arguments.of("embedded", 30 + 10));
    }

    @Test
    void rollsThePodsWhenTheConfigurationChanges() {
        assertThat(checksum(with("default")))
                .hasSize(64)
                .isNotEqualTo(checksum(with("default").set("config.limits.daily", 1000)));
        assertThat(checksum(with("default")))
                .isNotEqualTo(checksum(with("default").set("config.callers[0].name", "other")));
    }

    @Test
    void saysWhatTheOperatorMustKnow() {
        assertThat(notes("default"))
                .contains("3 replica(s) share", "http://127.0.0.1:9091/console after")
                .doesNotContain("WARNING");
        assertThat(notes("embedded")).contains("One embedded replica", "WARNING: persistence.enabled is false");
        assertThat(notes("sentinel")).contains("WARNING: credentials.journal is none");
        assertThat(notes("tls")).contains("https://ghl-gateway.integrations.svc:8080", "http://hooks.example.com");
        assertThat(notes("no-ingress")).contains("has no Ingress yet");
    }

    @ParameterizedTest
    @MethodSource
    void refuses(Map<String, Object> values, String reason) {
        TemplateCommand command = template();
        values.forEach(command::set);

        assertThatThrownBy(command::call).hasMessageContaining(reason);
    }

    static Stream<Arguments> refuses() {
        String uri = "redis://redis:6379";
        return Stream.of(
                Arguments.of(
                        Map.of("replicas", 3, "redis.enabled", false),
                        "without Redis each replica would spend the whole quota"),
                Arguments.of(
                        Map.of("autoscaling.enabled", true, "redis.enabled", false),
                        "without Redis each replica would spend the whole quota"),
                Arguments.of(Map.of("redis.existingSecret", ""), "nothing says where"),
                Arguments.of(Map.of("redis.enabled", false, "config.redis.uri", uri), "keep one of them"),
                Arguments.of(
                        Map.of("config.redis.uri", "redis://:canary@redis:6379"),
                        "config.redis.uri carries credentials"),
                Arguments.of(Map.of("config.admin.key", ""), "config.admin.key is missing"),
                Arguments.of(Map.of("config.admin.host", "127.0.0.1"), "the kubelet's probes can't reach it"),
                Arguments.of(Map.of("config.drain.timeout", "soon"), "is no duration"),
                Arguments.of(Map.of("public.ingress.enabled", true), "no public door without an app"),
                Arguments.of(Map.of("public.ingress.enabled", true, "config.apps[0].id", "main"), "but no host"),
                Arguments.of(
                        Map.of("tls.proxy.secret", "a", "config.proxy.tls.certificate", "b.pem"),
                        "both name a certificate"),
                Arguments.of(
                        Map.of("autoscaling.enabled", true, "resources.requests.cpu", ""),
                        "needs resources.requests.cpu"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replica",
                "redis.url",
                "tls.proxy.secretName",
                "public.ingress.hosts",
                "networkPolicy.from",
                "config.limit",
                "config.limits.dayly",
                "config.tenants[0].tokn"
            })
    void refusesAValueThatItDoesNotKnow(String key) {
        assertThatThrownBy(template().set(key, "1")::call)
                .hasMessageContaining(key.substring(key.lastIndexOf('.') + 1));
    }

    private static String checksum(TemplateCommand command) {
        return HelmChart.of(command).checksum();
    }

    private static String notes(String values) {
        var install = new Helm(HelmChart.DIRECTORY)
                .install()
                .withName("ghl-gateway")
                .withNamespace("integrations")
                .withKubeVersion(HelmChart.KUBERNETES)
                .clientOnly()
                .dryRun();
        var output = (values.equals("default") ? install : install.withValuesFile(HelmChart.file(values)))
                .call()
                .getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }
}
