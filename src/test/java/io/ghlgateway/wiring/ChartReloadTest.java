package io.ghlgateway.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.helm.HelmChart;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With {@code reloadInPlace} the chart replaces its pods for what they do not take over while they run, and for that alone. */
class ChartReloadTest {

    private static final Map<String, String> SECRETS = Map.of(
            "ADMIN_KEY", "admin",
            "ADMIN_READ_KEY", "reader",
            "GHL_LOCATION", "loc1",
            "GHL_TOKEN", "pit-1",
            "GHL_GATEWAY_KEY", "key",
            "REDIS_URI", "redis://redis:6379");

    private static HelmChart before;

    @BeforeAll
    static void renderItOnce() {
        before = rendered("limits.burst.requests", "100");
    }

    @ParameterizedTest
    @CsvSource({
        "tenants[0].id, default2, false",
        "jwt[0].issuer, https://id.example.com/, false",
        "admin.read-key, ${ADMIN_READ_KEY}, false",
        "limits.burst.requests, 50, false",
        "limits.daily, 1000, false",
        "limits.reserve.interactive, 10%, false",
        "limits.burst.per, 20s, true",
        "limits.permit-ttl, 40ms, true",
        "admin.hash-ids, true, true",
        "proxy.idle-timeout, 90s, true",
        "queue.total, 10000, true",
        "redis.prefix, other, true"
    })
    void replacesThePodsForWhatOnlyAStartTakesOver(String key, String value, boolean restarts) {
        var before = rendered("limits.burst.requests", "100");
        var after = rendered(key, value);

        assertThat(RestartKeys.changed(settings(before), settings(after)).isEmpty())
                .isEqualTo(!restarts);
        assertThat(before.checksum().equals(after.checksum())).isEqualTo(!restarts);
    }

    private static HelmChart rendered(String key, String value) {
        var chart = HelmChart.with("default").set("reloadInPlace", true);
        // What has no default of its own is there on both sides.
        Map.of(
                        "tenants[0].id", "default",
                        "tenants[0].location", "${GHL_LOCATION}",
                        "tenants[0].token", "${GHL_TOKEN}",
                        "callers[0].name", "default",
                        "callers[0].key", "${GHL_GATEWAY_KEY}",
                        "jwt[0].issuer", "https://id.example.org/",
                        "jwt[0].audience", "gateway",
                        "jwt[0].jwks-url", "https://id.example.org/keys")
                .forEach((name, usual) -> chart.set("config." + name, usual));
        chart.set("config.callers[0].tenants[0]", "*").set("config.limits.burst.per", "10s");
        return HelmChart.of(chart.set("config." + key, value));
    }

    private static Settings settings(HelmChart chart) {
        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), chart.gatewayYaml(), SECRETS);
        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
        return ((Loaded.Ready) loaded).settings();
    }
}
