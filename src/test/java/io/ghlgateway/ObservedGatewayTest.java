package io.ghlgateway;

import static io.ghlgateway.helm.HelmChart.child;
import static io.ghlgateway.helm.HelmChart.children;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.helm.HelmChart;
import io.ghlgateway.telemetry.EveryMeter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What operators look at, held against a gateway that has served a request and a webhook: its metrics are those that are
 * documented, and what the alerts and the dashboard ask for is there.
 */
class ObservedGatewayTest {

    private static final Path GUIDE = Path.of("src/docs/operating.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(ghl_gateway_\\w+)` \\|([^|]*)\\|");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)`");
    private static final Pattern OURS = Pattern.compile("\\bghl_gateway_\\w*[a-z0-9]\\b");

    /** Of answers that are no refusals of ours, as {@code EdgeEvents} has them. */
    private static final Set<String> ANSWERS =
            Set.of("ok", "upstream_4xx", "upstream_429", "upstream_5xx", "upstream_.*", "broken", "caller_gone");

    /** Prometheus' own, and what is only there once it has happened. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "le");

    private static final Set<String> LATER =
            Set.of("jvm_gc_pause_seconds", "ghl_gateway_external_auth_total", "ghl_gateway_scope_missing_total");

    private static AppStand stand;
    private static SubscriberBench crm;
    private static AppStand.Stand gateway;
    private static Map<String, Map<String, Set<String>>> real;
    private static Map<String, Map<String, Set<String>>> known;

    @BeforeAll
    static void haveItServe(@TempDir Path directory) throws IOException {
        stand = new AppStand();
        crm = new SubscriberBench();
        gateway = stand.plan(directory)
                .publicDoor()
                .webhooks("subscribers: [{name: crm, url: \"" + crm.url()
                        + "\", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}]")
                .start();
        gateway.install("install_location=agency-7(&|$)");
        assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
        var event = new JsonObject()
                .put("type", "ContactCreate")
                .put("locationId", "agency-7")
                .put("webhookId", "w-1")
                .put("timestamp", Instant.now().toString());
        stand.post(gateway.gateway.publicUrl().orElseThrow() + "/webhooks/main", event, "ed25519");
        TestBed.until(() -> {
            real = EveryMeter.read(metrics());
            return real.containsKey("ghl_gateway_webhook_deliveries_total")
                    && real.containsKey("ghl_gateway_webhook_oldest_seconds")
                    && real.containsKey("ghl_gateway_webhook_waiting") // a scrape meanwhile may see the later alone
                    && real.containsKey("ghl_gateway_webhook_dead")
                    && real.containsKey("ghl_gateway_budget_remaining")
                    && real.containsKey("ghl_gateway_requests_total");
        });
        known = new TreeMap<>(real);
        known.putAll(EveryMeter.all());
    }

    @AfterAll
    static void close() {
        gateway.close();
        crm.close();
        stand.close();
    }

    @Test
    void everyMetricIsInTheOperatingGuideWithItsLabelsAndNoOther() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        ROW.matcher(Files.readString(GUIDE))
                .results()
                .forEach(row -> documented.put(
                        row.group(1),
                        NAMED.matcher(row.group(2))
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));

        Map<String, Set<String>> there = new TreeMap<>();
        known.forEach((name, labels) -> {
            if (name.startsWith("ghl_gateway_")) {
                there.put(name, labels.keySet());
            }
        });

        assertThat(documented).isEqualTo(there);
    }

    @Test
    void theRealOnesHaveTheSameLabels() {
        assertThat(real)
                .allSatisfy((name, labels) -> assertThat(labels.keySet())
                        .as(name)
                        .isEqualTo(known.get(name).keySet()));
    }

    @Test
    void everyMetricThatIsNamedAnywhereExists() throws IOException {
        Set<String> named = new TreeSet<>();
        try (var docs = Files.walk(Path.of("src/docs"));
                var chart = Files.walk(Path.of("helm"))) {
            for (var file : Stream.concat(Stream.of(Path.of("README.md")), Stream.concat(docs, chart))
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".png"))
                    .toList()) {
                OURS.matcher(Files.readString(file))
                        .results()
                        .map(found -> found.group())
                        .forEach(named::add);
            }
        }

        assertThat(named)
                .hasSizeGreaterThan(40)
                .allSatisfy(
                        name -> assertThat(known.keySet()).contains(name.replaceFirst("_(bucket|count|sum|max)$", "")));
    }

    static Stream<String> queries() throws IOException {
        return Stream.concat(alerts(), panels()).distinct();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryAsksForWhatTheGatewayShows(String text) {
        var query = PromQuery.of(text);

        assertThat(query.selectors()).isNotEmpty().allSatisfy(selector -> {
            assertThat(real.containsKey(selector.name()) || LATER.contains(selector.name()))
                    .as(selector.name())
                    .isTrue();
            selector.labels().forEach((label, values) -> assertIsThere(selector.name(), label, values));
        });
        var labels = new HashSet<>(OF_PROMETHEUS);
        query.selectors()
                .forEach(selector -> labels.addAll(
                        known.getOrDefault(selector.name(), Map.of()).keySet()));
        assertThat(labels).containsAll(query.groupedBy());
    }

    private static void assertIsThere(String metric, String label, Set<String> values) {
        if (!OF_PROMETHEUS.contains(label)) {
            assertThat(known.get(metric)).as(metric).containsKey(label);
            var possible = new HashSet<>(known.get(metric).get(label));
            if (metric.equals("ghl_gateway_requests_total")) {
                possible.addAll(ANSWERS);
                Arrays.stream(Refusal.Code.values()).forEach(code -> possible.add(code.wire()));
            }
            assertThat(possible).as(metric + " " + label).containsAll(values);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"startupProbe", "livenessProbe", "readinessProbe"})
    void aProbeOfTheChartFindsItsPath(String probe) {
        var path = (String) child(HelmChart.rendered("default").container(), probe, "httpGet")
                .get("path");

        assertThat(gateway.get(gateway.gateway.adminUrl() + path).statusCode()).isEqualTo(200);
    }

    @Test
    void theChartsMonitorFindsTheMetrics() {
        var monitor = HelmChart.rendered("everything").only("ServiceMonitor");
        var path = children(child(monitor, "spec"), "endpoints").get(0).get("path");

        assertThat(gateway.get(gateway.gateway.adminUrl() + path).body()).contains("ghl_gateway_degraded 0.0");
    }

    @Test
    void theImagesHealthCheckFindsItToo() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: needs bash, as the image has it");
        var check = new ProcessBuilder("src/docker/healthcheck.sh");
        check.environment().put("GHL_ADMIN_PORT", gateway.gateway.adminUrl().replaceFirst(".*:", ""));

        assertThat(check.start().waitFor()).isZero();
    }

    private static Stream<String> alerts() {
        return children(HelmChart.yaml(HelmChart.DIRECTORY.resolve("files/alerts.yaml")), "groups").stream()
                .flatMap(group -> children(group, "rules").stream())
                .map(rule -> (String) rule.get("expr"));
    }

    private static Stream<String> panels() throws IOException {
        return new JsonObject(Files.readString(HelmChart.DIRECTORY.resolve("files/dashboard.json")))
                .getJsonArray("panels").stream()
                        .map(JsonObject.class::cast)
                        .flatMap(panel -> panel.getJsonArray("targets", new JsonArray()).stream())
                        .map(target -> ((JsonObject) target).getString("expr"));
    }

    private static String metrics() {
        return gateway.get(gateway.gateway.adminUrl() + "/metrics").body();
    }
}
