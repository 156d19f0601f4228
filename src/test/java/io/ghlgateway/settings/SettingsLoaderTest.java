package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.edge.TrustedIssuer;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.OperationPatterns;
import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.http.TestCertificates;
import io.ghlgateway.http.TlsFiles;
import io.ghlgateway.install.InstallApp;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.settings.Settings.TenantSettings;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Permissions;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.webhooks.ExternalAuth;
import io.ghlgateway.webhooks.Subscriber;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsLoaderTest {

    private static final String KEYSET = RecordCipher.newKeyset().reveal();
    static final Path FULL = Path.of("src/test/resources/valid/full.yaml");
    static final Path SECRET_FILES = FULL.resolveSibling("secret-files.yaml");
    /** No key is kept in the repository, so one is made. */
    private static final TestCertificates.Made CERTIFICATE = TestCertificates.make("gateway", "localhost");

    static final Map<String, String> FULL_ENVIRONMENT = Map.of(
            "ADMIN_PORT", "19091",
            "ADMIN_KEY", "admin-key",
            "REDIS_PASSWORD", "redis-password",
            "SUFFIX", "${not filled again}".replace(" ", "_"),
            "BILLING_KEY", "billing-key",
            "CLIENT_SECRET", "client-secret",
            "KEYSET", KEYSET,
            "CERTIFICATE", CERTIFICATE.certificate().toString(),
            "CERTIFICATE_KEY", CERTIFICATE.key().toString());

    private static final String MINIMAL = """
            tenants: [{id: acme, location: loc1, token: pit-1}]
            callers: [{name: billing, key: k, tenants: acme}]
            """;

    private static TlsFiles tls(Optional<Path> clientCa) {
        return new TlsFiles(CERTIFICATE.certificate(), CERTIFICATE.key(), clientCa);
    }

    @Test
    void readsEveryKey() {
        var settings = ready(SettingsLoader.load(FULL, FULL_ENVIRONMENT)).settings();

        assertThat(settings)
                .isEqualTo(new Settings(
                        new ProxySettings(
                                "::1",
                                18080,
                                2L << 30,
                                64 << 10,
                                0,
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(90),
                                Duration.ofSeconds(45),
                                Optional.of(3_000),
                                2),
                        new PublicSettings("127.0.0.1", 18081, Optional.of(URI.create("https://gw.acme.example"))),
                        new Settings.Admin(
                                "localhost",
                                19091,
                                Optional.of(Secret.of("admin-key")),
                                Optional.of(Secret.of("reader-key")),
                                Optional.of(Path.of("/var/log/audit")),
                                true),
                        new TlsSettings(
                                Optional.of(tls(Optional.of(CERTIFICATE.certificate()))),
                                Optional.of(tls(Optional.empty())),
                                Optional.of(tls(Optional.empty())),
                                Optional.of(CERTIFICATE.certificate())),
                        new Settings.Upstream(
                                URI.create("http://127.0.0.1:9100"),
                                Optional.of("acme-sync/1.0 (ops@acme.example)"),
                                32,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(10),
                                Duration.ofHours(1)),
                        Optional.of(new Settings.Redis(
                                Secret.of("redis-sentinel://:redis-password@a,b:26380/0#main"),
                                false,
                                "ghl:test",
                                Duration.ofMillis(50))),
                        new Settings.Limits(
                                new Limit(25, Duration.ofSeconds(20), 10_000),
                                false,
                                Duration.ofHours(1),
                                Duration.ZERO,
                                42,
                                Duration.ofMillis(250),
                                Duration.ofMillis(20),
                                Optional.empty(),
                                List.of(
                                        new RouteLimit(
                                                PathPattern.parse("/saas-api/**")
                                                        .orElseThrow(),
                                                10,
                                                Duration.ofSeconds(1),
                                                RouteLimit.Scope.APP),
                                        new RouteLimit(
                                                PathPattern.parse("/contacts/*/notes")
                                                        .orElseThrow(),
                                                5,
                                                Duration.ofMinutes(1),
                                                RouteLimit.Scope.LOCATION)),
                                Optional.of(15)),
                        new Lanes.Bounds(10, 20, 1 << 20),
                        new Settings.Retry(1, 0, 0, Set.of(HttpMethod.PUT, HttpMethod.DELETE)),
                        new Settings.Drain(Duration.ofSeconds(5), Duration.ofMinutes(1)),
                        List.of(new AppSettings(
                                new InstallApp(
                                        new OAuthClient(
                                                new App("crm"),
                                                "66aa-${not_filled_again}",
                                                Secret.of("client-secret"),
                                                "https://gw.acme.example/back?to=crm"),
                                        List.of("contacts.readonly", "conversations/message.write"),
                                        URI.create("https://marketplace.acme.example/oauth/chooselocation?x=1"),
                                        Optional.of("66bb"),
                                        true,
                                        InstallApp.Policy.REFUSE),
                                URI.create("http://127.0.0.1:9100/token"),
                                List.of(),
                                Optional.of(new ExternalAuth(
                                        new App("crm"),
                                        URI.create("http://auth.acme.internal/highlevel"),
                                        Secret.of("auth-secret"),
                                        Optional.of(Secret.of("auth-key")),
                                        Duration.ofSeconds(3))))),
                        new CredentialSettings(
                                Optional.of(Path.of("/var/lib/gateway")), Optional.of(Secret.of(KEYSET)), true),
                        new WebhookSettings(
                                256 << 10,
                                Optional.of(Instant.parse("2027-01-01T00:00:00Z")),
                                8,
                                Duration.ofSeconds(5),
                                Duration.ofMillis(500),
                                Duration.ofMinutes(10),
                                Duration.ofDays(1),
                                16 << 20,
                                Duration.ZERO,
                                List.of(
                                        new Subscriber(
                                                "crm-sync",
                                                URI.create("http://crm-sync:8080/events"),
                                                Secret.of("client-secret"),
                                                List.of("Contact*"),
                                                List.of("*")),
                                        new Subscriber(
                                                "ledger",
                                                URI.create("https://ledger.acme.example/in"),
                                                Secret.of("test"),
                                                List.of("*"),
                                                List.of("acme", "loc7")))),
                        List.of(
                                new TenantSettings(
                                        new Tenant("alias", new App("crm"), Resource.location("loc7")),
                                        Optional.empty()),
                                new TenantSettings(
                                        new Tenant("acme", new App("crm"), Resource.location("ve9EPM428h8vShlRW1KT")),
                                        Optional.of(Secret.of("pit-${literal}-${not_filled_again}"))),
                                new TenantSettings(
                                        new Tenant("agency", App.PRIVATE, Resource.company("GNb7aIv4rQFV9iwNl5K"))
                                                .tagged(List.of("eu", "gold")),
                                        Optional.of(Secret.of("pit-agency")))),
                        List.of(
                                CallerSettings.of(
                                        "billing",
                                        CallerKey.of(Secret.of("billing-key")),
                                        Reach.of(Set.of("acme", "agency")),
                                        Optional.of("agency")),
                                CallerSettings.of(
                                        "crm", CallerKey.of(Secret.of("crm-key")), Reach.EVERY, Optional.empty()),
                                new CallerSettings(
                                        new Caller(
                                                "erp",
                                                new Reach(
                                                        false, Set.of("acme"), Set.of("eu"), Set.of("crm", "private")),
                                                new Permissions(
                                                        Set.of("GET", "POST"),
                                                        Optional.of(new OperationPatterns(
                                                                List.of("/contacts/**", "/calendars/{calendarId}"))),
                                                        4),
                                                Optional.empty(),
                                                1,
                                                Optional.empty()),
                                        Set.of(
                                                CallerKey.of(KeyHash.of(Secret.of("test"))),
                                                CallerKey.of(Secret.of("gw_00c0ffee_next"))
                                                        .until(Optional.of(Instant.parse("2027-03-01T12:00:00Z"))),
                                                CallerKey.of(KeyHash.of(Secret.of("erp-key")))
                                                        .until(Optional.of(Instant.parse("2027-02-01T00:00:00Z")))))),
                        List.of(
                                new TrustedIssuer(
                                        "https://id.acme.example/",
                                        "ghl-gateway",
                                        URI.create("https://id.acme.example/jwks"),
                                        Set.of("ES256", "EdDSA"),
                                        "client_id",
                                        Optional.of(Set.of("billing"))),
                                new TrustedIssuer(
                                        "ci",
                                        "gw",
                                        URI.create("http://127.0.0.1:8000/keys?v=1"),
                                        Set.of("RS256", "ES256", "EdDSA"),
                                        "sub",
                                        Optional.empty())),
                        LogFormat.JSON,
                        Optional.of(new TracingSettings(
                                URI.create("https://otlp.acme.example/v1/traces"),
                                Map.of("authorization", Secret.of("Bearer otlp-token")),
                                "edge",
                                0.05,
                                true))));
    }

    @Test
    void takesDefaultsForAllThatIsUnsaid() {
        var settings = parsed(MINIMAL).settings();

        assertThat(settings.proxy()).isEqualTo(ProxySettings.DEFAULTS);
        assertThat(settings.admin()).isEqualTo(Settings.Admin.DEFAULTS);
        assertThat(settings.upstream()).isEqualTo(Settings.Upstream.DEFAULTS);
        assertThat(settings.redis()).isEmpty();
        assertThat(settings.limits()).isEqualTo(Settings.Limits.DEFAULTS);
        assertThat(settings.queue()).isEqualTo(Settings.QUEUE);
        assertThat(settings.retry()).isEqualTo(Settings.Retry.DEFAULTS);
        assertThat(settings.drain()).isEqualTo(Settings.Drain.DEFAULTS);
        assertThat(settings.publicDoor()).isEqualTo(PublicSettings.DEFAULTS);
        assertThat(settings.credentials()).isEqualTo(CredentialSettings.DEFAULTS);
        assertThat(settings.webhooks()).isEqualTo(WebhookSettings.DEFAULTS);
        assertThat(settings.apps()).isEmpty();
        assertThat(settings.logFormat()).isEqualTo(Settings.LOG_FORMAT);
        assertThat(settings.tracing()).isEmpty();
    }

    @Test
    void readsAnEmptySectionAsItsDefaults() {
        var settings = parsed("limits:\n  # daily: 1\nproxy: {}\n" + MINIMAL).settings();

        assertThat(settings).isEqualTo(parsed(MINIMAL).settings());
    }

    @Test
    void readsAFileThatWindowsWrote() {
        var settings = parsed("\uFEFF" + MINIMAL.replace("\n", "\r\n")).settings();

        assertThat(settings).isEqualTo(parsed(MINIMAL).settings());
    }

    @Test
    void shortensTheDefaultWaitToTheLongestWait() {
        var settings = parsed("limits: {max-wait: 5s}\n" + MINIMAL).settings();

        assertThat(settings.limits().defaultWait()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void letsTheCallersUserAgentThroughWhenToldTo() {
        var settings = parsed("upstream: {user-agent: passthrough}\n" + MINIMAL).settings();

        assertThat(settings.upstream().userAgent()).isEmpty();
    }

    @Test
    void keepsNoSecretInWhatItPrints() {
        var printed = SettingsLoader.load(FULL, FULL_ENVIRONMENT).toString();

        assertThat(printed)
                .contains("billing", "ve9EPM428h8vShlRW1KT")
                .doesNotContain("admin-key", "redis-password", "pit-", "billing-key", "crm-key")
                .doesNotContain("client-secret", "primaryKeyId", "auth-secret", "auth-key", "otlp-token")
                .doesNotContainIgnoringCase("9f86d081");
    }

    @Test
    void warnsOfTwoTokensForOneQuota() {
        var loaded = parsed("""
                tenants:
                  - {id: a, location: loc1, token: pit-1}
                  - {id: b, location: loc1, token: pit-1}
                  - {id: c, location: loc1, token: pit-2}
                  - {id: d, location: loc1, token: pit-3, app: crm}
                callers: [{name: billing, key: k, tenants: "*"}]
                """);

        assertThat(loaded.warnings())
                .containsExactly(
                        "gateway.yaml:4: tenants[2].token: tenants 'a' and 'c' share the quota of location:loc1"
                                + " under the app 'private', though their tokens differ");
    }

    @Test
    void warnsOfAnOpenAdminDoorWithoutAKeyAndOfTokensInTheClear() {
        var loaded = parsed("admin: {host: 0.0.0.0}\nupstream: {base-url: 'http://proxy.internal:3128'}\n" + MINIMAL);

        assertThat(loaded.warnings())
                .containsExactly(
                        "gateway.yaml:1: admin.host: without a key only /metrics and /health/* answer here; set admin.key",
                        "gateway.yaml:2: upstream.base-url: tokens travel unencrypted to proxy.internal");
    }

    @Test
    void readsTheSchemeOfTheBaseUrlInOneWayOnly() {
        var loaded = parsed("upstream: {base-url: 'HTTPS://Proxy.internal'}\n" + MINIMAL);

        assertThat(loaded.settings().upstream().baseUrl().getScheme()).isEqualTo("https");
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void readsFiftyThousandTenants() {
        var text = new StringBuilder("callers: [{name: billing, key: k, tenants: '*'}]\ntenants:\n");
        for (int i = 0; i < 50_000; i++) {
            text.append("  - {id: tenant-").append(i).append(", location: location");
            text.append(i)
                    .append(", token: pit-00000000-0000-0000-0000-")
                    .append(i)
                    .append("}\n");
        }

        var settings = parsed(text.toString()).settings();

        assertThat(settings.tenants()).hasSize(50_000);
    }

    private static Loaded.Ready parsed(String text) {
        return ready(SettingsLoader.parse(Path.of("gateway.yaml"), text, Map.of()));
    }

    static Loaded.Ready ready(Loaded loaded) {
        return assertThat(loaded).asInstanceOf(type(Loaded.Ready.class)).actual();
    }
}
