package io.ghlgateway.settings;

import static io.ghlgateway.settings.SettingsLoaderTest.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SettingsFromEnvironmentTest {

    private static final Secret MADE = Secret.of("gw_made");

    private final AtomicInteger made = new AtomicInteger();

    @Test
    void needsATokenAndALocationOnly() {
        var settings = ready(load(Map.of("GHL_TOKEN", "pit-1", "GHL_LOCATION", "loc1")))
                .settings();

        assertThat(settings)
                .isEqualTo(new Settings(
                        ProxySettings.DEFAULTS,
                        PublicSettings.DEFAULTS,
                        Settings.Admin.DEFAULTS,
                        TlsSettings.NONE,
                        Settings.Upstream.DEFAULTS,
                        Optional.empty(),
                        Settings.Limits.DEFAULTS,
                        Settings.QUEUE,
                        Settings.Retry.DEFAULTS,
                        Settings.Drain.DEFAULTS,
                        List.of(),
                        CredentialSettings.DEFAULTS,
                        WebhookSettings.DEFAULTS,
                        List.of(new TenantSettings(
                                new Tenant("default", App.PRIVATE, Resource.location("loc1")),
                                Optional.of(Secret.of("pit-1")))),
                        List.of(CallerSettings.of(
                                "default", CallerKey.of(MADE), Reach.of(Set.of("default")), Optional.of("default"))),
                        List.of(),
                        Settings.LOG_FORMAT,
                        Optional.empty()));
        assertThat(made).hasValue(1);
    }

    @Test
    void takesTheRestWhereItIsGiven() {
        var settings = ready(load(Map.of(
                        "GHL_TOKEN", "pit-1",
                        "GHL_COMPANY", "com1",
                        "GHL_GATEWAY_KEY", "my-key",
                        "GHL_BASE_URL", "http://127.0.0.1:9100",
                        "GHL_REDIS_URI", "redis://127.0.0.1:6379",
                        "GHL_PROXY_PORT", "0",
                        "GHL_ADMIN_PORT", "9099")))
                .settings();

        assertThat(settings.tenants().get(0).tenant().resource()).isEqualTo(Resource.company("com1"));
        assertThat(settings.callers().get(0).keys()).containsExactly(CallerKey.of(Secret.of("my-key")));
        assertThat(settings.upstream().baseUrl()).isEqualTo(URI.create("http://127.0.0.1:9100"));
        assertThat(settings.redis().orElseThrow().uri()).isEqualTo(Secret.of("redis://127.0.0.1:6379"));
        assertThat(settings.proxy().port()).isZero();
        assertThat(settings.admin().port()).isEqualTo(9099);
        assertThat(made).hasValue(0);
    }

    @Test
    void saysAllThatIsMissingAndMakesNoKey() {
        var loaded = load(Map.of("GHL_TOKEN", ""));

        assertThat(loaded)
                .isEqualTo(new Loaded.Refused(
                        List.of(
                                "GHL_TOKEN is not set: set it to the private integration token, or pass --config FILE",
                                "neither GHL_LOCATION nor GHL_COMPANY is set: set the one that GHL_TOKEN was made for to"
                                        + " its id, or pass --config FILE"),
                        List.of()));
        assertThat(made).hasValue(0);
    }

    @Test
    void saysAllThatIsWrongAndQuotesNoSecret() {
        var loaded = load(Map.of(
                "GHL_TOKEN", "s3cr3t s3cr3t",
                "GHL_LOCATION", "loc1",
                "GHL_COMPANY", "com1",
                "GHL_GATEWAY_KEY", "s3cr3t\n",
                "GHL_BASE_URL", "services.leadconnectorhq.com",
                "GHL_REDIS_URI", "s3cr3t",
                "GHL_PROXY_PORT", "http"));

        assertThat(((Loaded.Refused) loaded).problems())
                .containsExactly(
                        "GHL_TOKEN: expected visible ASCII characters, without blanks",
                        "GHL_LOCATION and GHL_COMPANY are both set: keep the one that GHL_TOKEN was made for",
                        "GHL_GATEWAY_KEY: expected visible ASCII characters, without blanks",
                        "GHL_BASE_URL: expected http:// or https:// with a host, perhaps a port, and nothing more, such as"
                                + " https://services.leadconnectorhq.com, found 'services.leadconnectorhq.com'",
                        "GHL_REDIS_URI: expected redis://HOST:PORT, rediss://HOST:PORT or"
                                + " redis-sentinel://HOST:PORT,…/DB#MASTER",
                        "GHL_PROXY_PORT: expected a whole number from 0 to 65535, found 'http'");
    }

    @Test
    void aClusterIsNamedBySomeNodesAndAFlag() {
        var nodes = "redis://127.0.0.1:7000,127.0.0.1:7001";
        var cluster = Map.of(
                "GHL_TOKEN", "pit-1", "GHL_LOCATION", "loc1", "GHL_REDIS_URI", nodes, "GHL_REDIS_CLUSTER", "true");
        var unsaid = Map.of("GHL_TOKEN", "pit-1", "GHL_LOCATION", "loc1", "GHL_REDIS_URI", nodes);

        assertThat(ready(load(cluster)).settings().redis().orElseThrow().cluster())
                .isTrue();
        assertThat(((Loaded.Refused) load(unsaid)).problems())
                .containsExactly("GHL_REDIS_URI names several nodes, as only a Redis Cluster has:"
                        + " set GHL_REDIS_CLUSTER to true");
    }

    @Test
    void warnsOfAVariableThatLooksLikeASlip() {
        var loaded =
                load(Map.of("GHL_TOKEN", "pit-1", "GHL_LOCATION", "loc1", "GHL_PROXYPRT", "1", "OTHER_TOKEN", "x"));

        assertThat(loaded.warnings()).containsExactly("GHL_PROXYPRT: unknown variable; did you mean 'GHL_PROXY_PORT'?");
    }

    private Loaded load(Map<String, String> environment) {
        return SettingsLoader.fromEnvironment(environment, () -> {
            made.incrementAndGet();
            return MADE;
        });
    }
}
