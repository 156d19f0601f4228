package io.ghlgateway.helm;

import static io.ghlgateway.helm.HelmChart.child;
import static io.ghlgateway.helm.HelmChart.children;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts and the dashboard of the chart: complete, explained, and, where Prometheus' promtool is there, tried by it. */
class AlertsTest {

    private static final Path FILES = HelmChart.DIRECTORY.resolve("files");
    private static final Path ALERTS = FILES.resolve("alerts.yaml");
    private static final Path SCENARIOS = Path.of("src/test/resources/helm/alerts_test.yaml");
    private static final Path RUNBOOK = Path.of("src/docs/runbook.md");
    private static final Pattern SECTION = Pattern.compile("(?ms)^## (\\w+)\n(.*?)(?=^## |\\z)");

    private static List<Map<String, Object>> rules() {
        return children(HelmChart.yaml(ALERTS), "groups").stream()
                .flatMap(group -> children(group, "rules").stream())
                .toList();
    }

    private static List<Object> names() {
        return rules().stream().map(rule -> rule.get("alert")).toList();
    }

    @Test
    void eachSaysWhatItIsAndHowUrgent() {
        assertThat(rules()).hasSizeGreaterThan(20).allSatisfy(rule -> {
            assertThat(child(rule, "labels").get("severity")).isIn("critical", "warning");
            assertThat(child(rule, "annotations")).containsOnlyKeys("summary", "description", "runbook_url");
        });
        assertThat(names()).doesNotHaveDuplicates();
    }

    @Test
    void eachHasASectionInTheRunbookThatItLinksTo() throws IOException {
        var sections = SECTION.matcher(Files.readString(RUNBOOK)).results().toList();

        assertThat(sections).extracting(section -> (Object) section.group(1)).containsExactlyElementsOf(names());
        assertThat(rules())
                .allSatisfy(rule -> assertThat(child(rule, "annotations").get("runbook_url"))
                        .isEqualTo("src/docs/runbook.md#" + ((String) rule.get("alert")).toLowerCase(Locale.ROOT)));
        for (int i = 0; i < sections.size(); i++) {
            assertThat(sections.get(i).group(2).strip())
                    .startsWith("*" + child(rules().get(i), "labels").get("severity") + ".* ")
                    .contains("- **See**: ", "- **Do**: ");
        }
    }

    @Test
    void theChartInstallsThemWithTheOperatorsOwnRunbook() {
        var spec = child(HelmChart.rendered("everything").only("PrometheusRule"), "spec");
        var first = children(children(spec, "groups").get(0), "rules").get(0);

        assertThat(children(spec, "groups").stream().flatMap(group -> children(group, "rules").stream()))
                .hasSameSizeAs(rules());
        assertThat(first.get("expr")).isEqualTo(rules().get(0).get("expr"));
        assertThat(child(first, "annotations").get("runbook_url"))
                .isEqualTo("https://wiki.example.com/ghl-gateway/runbook#ghlgatewayupstream429");
    }

    @Test
    void eachHasAScenarioInWhichItFires() {
        assertThat(children(HelmChart.yaml(SCENARIOS), "tests"))
                .extracting(scenario -> scenario.get("name"))
                .contains("a calm day")
                .containsAll(names());
    }

    @Test
    void theDashboardIsOneThatGrafanaCanLayOut() throws IOException {
        var rendered = (String) child(
                        HelmChart.rendered("everything").ofKind("ConfigMap").stream()
                                .filter(map -> HelmChart.name(map).endsWith("-dashboard"))
                                .findFirst()
                                .orElseThrow(),
                        "data")
                .get("ghl-gateway.json");
        var dashboard = new JsonObject(rendered);
        var taken = new HashSet<List<Integer>>();
        var ids = new HashSet<Integer>();

        assertThat(dashboard).isEqualTo(new JsonObject(Files.readString(FILES.resolve("dashboard.json"))));
        for (var each : dashboard.getJsonArray("panels")) {
            var panel = (JsonObject) each;
            var at = panel.getJsonObject("gridPos");
            assertThat(ids.add(panel.getInteger("id"))).isTrue();
            assertThat(at.getInteger("x") + at.getInteger("w")).isLessThanOrEqualTo(24);
            for (int x = at.getInteger("x"); x < at.getInteger("x") + at.getInteger("w"); x++) {
                for (int y = at.getInteger("y"); y < at.getInteger("y") + at.getInteger("h"); y++) {
                    assertThat(taken.add(List.of(x, y)))
                            .as(panel.getString("title"))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void promtoolFindsNothingWrongAndEachFiresWhereItShould(@TempDir Path directory) throws Exception {
        assumeTrue(isThere(), "skipped: needs promtool (Debian: apt install prometheus) to check and try the alerts");
        Files.copy(ALERTS, directory.resolve("alerts.yaml"));
        Files.copy(SCENARIOS, directory.resolve("alerts_test.yaml"));
        Files.writeString(
                directory.resolve("panels.yaml"), queriesOfTheDashboard().encode());

        promtool(directory, "check", "rules", "--lint-fatal", "alerts.yaml", "panels.yaml");
        promtool(directory, "test", "rules", "alerts_test.yaml");
    }

    /** As rules, for promtool reads queries only there. */
    private static JsonObject queriesOfTheDashboard() throws IOException {
        var rules = new JsonArray();
        for (var panel : new JsonObject(Files.readString(FILES.resolve("dashboard.json"))).getJsonArray("panels")) {
            for (var target : ((JsonObject) panel).getJsonArray("targets", new JsonArray())) {
                rules.add(new JsonObject()
                        .put("record", "panel:" + rules.size())
                        .put("expr", ((JsonObject) target).getString("expr").replace("$__rate_interval", "5m")));
            }
        }
        assertThat(rules).hasSizeGreaterThan(50);
        return new JsonObject()
                .put(
                        "groups",
                        new JsonArray()
                                .add(new JsonObject().put("name", "panels").put("rules", rules)));
    }

    private static boolean isThere() throws InterruptedException {
        try {
            return new ProcessBuilder("promtool", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notFound) {
            return false;
        }
    }

    private static void promtool(Path directory, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        var said = directory.resolve("said.txt");
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
}
