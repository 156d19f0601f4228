package io.ghlgateway.settings;

import static io.ghlgateway.settings.SettingsLoaderTest.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** {@code conf/gateway.yaml} says what the code does. */
class ReferenceConfigurationTest {

    static final Path REFERENCE = Path.of("conf/gateway.yaml");
    static final Map<String, String> ENVIRONMENT = Map.of(
            "ADMIN_KEY", "a",
            "ACME_TOKEN", "pit-1",
            "AGENCY_TOKEN", "pit-2",
            "BILLING_KEY", "b",
            "GHL_CLIENT_SECRET", "s",
            "CRM_SECRET", "c",
            "GHL_GATEWAY_KEYSET", RecordCipher.newKeyset().reveal());

    private static final Pattern OPTIONAL = Pattern.compile("(?m)^( *)#((?:- )?[a-z-]+:( |$))");
    private static final Pattern KNOWN =
            Pattern.compile("gateway\\.yaml:\\d+: (.*)zzzzzzzz: unknown key; known here: (.*)");

    @Test
    void loadsWithoutAWarning() {
        var loaded = SettingsLoader.load(REFERENCE, ENVIRONMENT);

        assertThat(ready(loaded).warnings()).isEmpty();
    }

    @Test
    void needsNoVariableButThoseOfItsSecrets() {
        var loaded = SettingsLoader.load(REFERENCE, Map.of());

        assertThat(((Loaded.Refused) loaded).problems())
                .hasSize(ENVIRONMENT.size())
                .allMatch(problem -> problem.endsWith("is not set"));
    }

    @Test
    void statesTheDefaultsThatTheCodeHas() {
        var stated = ready(SettingsLoader.load(REFERENCE, ENVIRONMENT)).settings();

        assertThat(stated.proxy()).isEqualTo(ProxySettings.DEFAULTS);
        assertThat(stated.admin().at("127.0.0.1", 9091)).isEqualTo(stated.admin());
        assertThat(Settings.Admin.DEFAULTS.at("127.0.0.1", 9091)).isEqualTo(Settings.Admin.DEFAULTS);
        assertThat(stated.upstream()).isEqualTo(Settings.Upstream.DEFAULTS);
        assertThat(stated.redis()).isEmpty();
        assertThat(stated.limits()).isEqualTo(Settings.Limits.DEFAULTS);
        assertThat(stated.queue()).isEqualTo(Settings.QUEUE);
        assertThat(stated.retry()).isEqualTo(Settings.Retry.DEFAULTS);
        assertThat(stated.drain()).isEqualTo(Settings.Drain.DEFAULTS);
        assertThat(stated.logFormat()).isEqualTo(Settings.LOG_FORMAT);
        assertThat(new PublicSettings(
                        stated.publicDoor().host(), stated.publicDoor().port(), Optional.empty()))
                .isEqualTo(PublicSettings.DEFAULTS);
        assertThat(new CredentialSettings(
                        stated.credentials().journal(),
                        Optional.empty(),
                        stated.credentials().enforceScopes()))
                .isEqualTo(CredentialSettings.DEFAULTS);
        assertThat(stated.webhooks().subscribers()).hasSize(1);
        assertThat(ready(SettingsLoader.load(REFERENCE, ENVIRONMENT))
                        .settings()
                        .webhooks()
                        .with(List.of()))
                .isEqualTo(WebhookSettings.DEFAULTS);
        assertThat(stated.tenants()).allMatch(one -> one.tenant().app().equals(App.PRIVATE));
    }

    @Test
    void statesTheDefaultsOfAnApp() throws IOException {
        var text = Pattern.compile("(?m)^    (redirect-uri|authorize-url|white-label|marketplace-installs):.*$")
                .matcher(Files.readString(REFERENCE))
                .replaceAll("");

        var stated = ready(SettingsLoader.load(REFERENCE, ENVIRONMENT)).settings();
        var unsaid = ready(SettingsLoader.parse(REFERENCE, text, ENVIRONMENT)).settings();
        var withTokenUrl = text.replace("    #token-url:", "    token-url:");

        assertThat(stated.apps()).isEqualTo(unsaid.apps());
        assertThat(ready(SettingsLoader.parse(REFERENCE, withTokenUrl, ENVIRONMENT))
                        .settings()
                        .apps())
                .isEqualTo(stated.apps());
    }

    @Test
    void statesTheDefaultsOfRedisToo() throws IOException {
        var text = Pattern.compile("(?m)^( *)#(redis|uri|cluster|prefix|command-timeout):")
                .matcher(Files.readString(REFERENCE))
                .replaceAll("$1$2:");

        var stated = ready(SettingsLoader.parse(REFERENCE, text, ENVIRONMENT)).settings();

        assertThat(stated.redis())
                .isEqualTo(Optional.of(new Settings.Redis(
                        Secret.of("redis://127.0.0.1:6379"),
                        Settings.Redis.CLUSTER,
                        Settings.Redis.PREFIX,
                        Settings.Redis.COMMAND_TIMEOUT)));
    }

    @Test
    void statesTheDefaultsOfTracingToo() throws IOException {
        var text = Pattern.compile("(?m)^( *)#(tracing|endpoint|service-name|sampling-ratio|propagate):")
                .matcher(Files.readString(REFERENCE))
                .replaceAll("$1$2:");

        var stated = ready(SettingsLoader.parse(REFERENCE, text, ENVIRONMENT)).settings();

        assertThat(stated.tracing())
                .contains(new TracingSettings(
                        URI.create("http://127.0.0.1:4318/v1/traces"),
                        Map.of(),
                        TracingSettings.SERVICE_NAME,
                        TracingSettings.SAMPLING_RATIO,
                        TracingSettings.PROPAGATE));
    }

    @Test
    void showsEveryKeyThatTheLoaderKnowsAndNoOther() throws IOException {
        assertThat(keys(everything())).isEqualTo(known());
    }

    @Test
    void hasInForceAllButRedisAndWhatIsSeldomNeededOrHasAnAlternative() throws IOException {
        var inactive = known();

        inactive.removeAll(keys(Files.readString(REFERENCE)));

        assertThat(inactive)
                .containsExactlyInAnyOrder(
                        "admin.key-file",
                        "admin.read-key",
                        "admin.read-key-file",
                        "proxy.max-connections",
                        "proxy.tls",
                        "proxy.tls.certificate",
                        "proxy.tls.key",
                        "proxy.tls.client-ca",
                        "public.tls",
                        "public.tls.certificate",
                        "public.tls.key",
                        "admin.tls",
                        "admin.tls.certificate",
                        "admin.tls.key",
                        "upstream.ca",
                        "upstream.user-agent",
                        "redis",
                        "redis.uri",
                        "redis.uri-file",
                        "redis.cluster",
                        "redis.prefix",
                        "redis.command-timeout",
                        "apps.client-secret-file",
                        "apps.token-url",
                        "apps.version-id",
                        "apps.webhook-keys",
                        "apps.external-auth",
                        "apps.external-auth.url",
                        "apps.external-auth.secret",
                        "apps.external-auth.secret-file",
                        "apps.external-auth.key",
                        "apps.external-auth.key-file",
                        "apps.external-auth.timeout",
                        "subscribers.secret-file",
                        "tracing",
                        "tracing.endpoint",
                        "tracing.headers",
                        "tracing.headers.name",
                        "tracing.headers.value",
                        "tracing.headers.value-file",
                        "tracing.service-name",
                        "tracing.sampling-ratio",
                        "tracing.propagate",
                        "credentials.encryption-key-file",
                        "tenants.token-file",
                        "callers.key-file",
                        "callers.key-hash",
                        "jwt",
                        "jwt.issuer",
                        "jwt.audience",
                        "jwt.jwks-url",
                        "jwt.algorithms",
                        "jwt.caller-claim",
                        "jwt.callers",
                        "callers.keys",
                        "callers.keys.key",
                        "callers.keys.key-file",
                        "callers.keys.key-hash",
                        "callers.keys.expires",
                        "callers.apps",
                        "callers.methods",
                        "callers.routes",
                        "callers.urgency",
                        "callers.quota",
                        "callers.quota.rate",
                        "callers.quota.rate.requests",
                        "callers.quota.rate.per",
                        "callers.quota.concurrency",
                        "callers.quota.share",
                        "limits.reserve",
                        "limits.reserve.interactive");
    }

    /** Also what is only shown, which cannot be in force all together. */
    static String everything() throws IOException {
        return OPTIONAL.matcher(Files.readString(REFERENCE)).replaceAll("$1$2");
    }

    /** Asked by a key that there can't be, each section names those it knows. */
    static Set<String> known() {
        var text = """
                zzzzzzzz: 1
                proxy: {zzzzzzzz: 1, tls: {zzzzzzzz: 1}}
                public: {zzzzzzzz: 1, tls: {zzzzzzzz: 1}}
                admin: {zzzzzzzz: 1, tls: {zzzzzzzz: 1}}
                upstream: {zzzzzzzz: 1}
                redis: {zzzzzzzz: 1}
                limits: {zzzzzzzz: 1, burst: {zzzzzzzz: 1}, routes: [{zzzzzzzz: 1}], reserve: {zzzzzzzz: 1}}
                queue: {zzzzzzzz: 1}
                retry: {zzzzzzzz: 1}
                drain: {zzzzzzzz: 1}
                apps: [{zzzzzzzz: 1, external-auth: {zzzzzzzz: 1}}]
                webhooks: {zzzzzzzz: 1}
                log: {zzzzzzzz: 1}
                tracing: {zzzzzzzz: 1, headers: [{zzzzzzzz: 1}]}
                subscribers: [{zzzzzzzz: 1}]
                credentials: {zzzzzzzz: 1}
                tenants: [{zzzzzzzz: 1}]
                jwt: [{zzzzzzzz: 1}]
                callers: [{zzzzzzzz: 1, keys: [{zzzzzzzz: 1}], quota: {zzzzzzzz: 1, rate: {zzzzzzzz: 1}}}]
                """;
        var refused = (Loaded.Refused) SettingsLoader.parse(Path.of("gateway.yaml"), text, Map.of());
        Set<String> known = new TreeSet<>();
        for (String problem : refused.problems()) {
            var listing = KNOWN.matcher(problem);
            if (listing.matches()) {
                Arrays.stream(listing.group(2).split(", "))
                        .map(key -> listing.group(1).replace("[0]", "") + key)
                        .forEach(known::add);
            }
        }
        assertThat(known)
                .contains("proxy", "limits.burst.per", "limits.routes.match", "tenants.id", "callers.key", "apps.id");
        return known;
    }

    private static Set<String> keys(String yaml) {
        Set<String> keys = new TreeSet<>();
        collect(new Yaml().compose(new StringReader(yaml)), "", keys);
        return keys;
    }

    private static void collect(Node node, String prefix, Set<String> keys) {
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(pair -> {
                String key = prefix + ((ScalarNode) pair.getKeyNode()).getValue();
                keys.add(key);
                collect(pair.getValueNode(), key + ".", keys);
            });
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> collect(item, prefix, keys));
        }
    }
}
