package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordCipher;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever slip a configuration holds, what is said of it says no secret, though that stands in the wrong place. */
class CanarySettingsTest {

    /** A password, of which only its place tells that it is one. */
    private static final String PASSWORD = "canary8e21c07d55aa";

    /** A token, which tells of itself. */
    private static final String TOKEN = "pit-0canary1-8e21-c07d-55aa-1f00dd10aa31";

    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.c2lnbmF0dXJl";

    private static final String KEYSET = RecordCipher.newKeyset().reveal();
    private static final String WHOLE = """
            redis: {uri: "redis://user:P@127.0.0.1:6379"}
            admin: {key: P}
            apps:
              - {id: main, client-id: 65f0aa-main, client-secret: P, scopes: [contacts.readonly]}
            public: {url: "https://gateway.example"}
            credentials: {encryption-key: K}
            tenants: [{id: acme, location: loc1, token: T}]
            callers: [{name: office, key: P-office, tenants: [acme]}, {name: shop, key-hash: H, tenants: [acme]}]
            """.replace("P", PASSWORD)
            .replace("T", TOKEN)
            .replace("H", "0123456789abcdef".repeat(4))
            .replace("K", KEYSET);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenants: [{id: a, location: l, token:T}]",
                "tenants: [{id: a, location: l, T}]",
                "tenants: [{id: T, location: l, token: a}, {id: T, location: l, token: b}]",
                "tenants: [{id: a, location: 'x T', token: b}]",
                "tenants: [{id: a, location: T, token: b}, {id: c, location: T, token: d}]",
                "tenants: [{id: a, location: l, app: T}]",
                "tenants: [{id: a, location: l, token: [T]}]",
                "tenants: [{id: a, location: l, token: {T: 1}}]",
                "tenants: [{id: a, location: l, token: 'P P'}]",
                "tenants: [{id: a, location: l, token-file: T}]",
                "tenants: [{id: a, location: l, token: b, T: 1}]",
                "tenants: [T]",
                "tenants: T",
                "T",
                "T: 1",
                "proxy: {port: T}",
                "proxy: {host: 'T x'}",
                "proxy: {max-body: T}",
                "proxy: {max-body: J}",
                "proxy: T",
                "limits: {learn: T}",
                "limits: {routes: [{match: T, requests: 1, per: 1s}]}",
                "callers: [{name: a, key: b, tenants: [T]}]",
                "callers: [{name: a, key: b, tenants: acme, default-tenant: T}]",
                "callers: [{name: 'T x', key: b, tenants: acme}]",
                "callers: [{name: a, key-hash: P, tenants: acme}]",
                "callers: [{name: a, key: T, tenants: acme}, {name: b, key: T, tenants: acme}]",
                "redis: {uri: 'redis://user:P@:x'}",
                "redis: {uri: 'redis://user:P@'}",
                "redis: {uri: 'reddis://user:P@127.0.0.1:6379'}",
                "redis: {uri: 'redis://user:P@127.0.0.1:6379:0:0'}",
                "redis: {uri: a, uri: 'redis://user:P@127.0.0.1'}",
                "redis: {url: 'redis://user:P@127.0.0.1'}",
                "upstream: {base-url: 'https://user:P@services.example'}",
                "upstream: {base-url: 'https://services.example?token=T'}",
                "public: {url: 'https://user:P@gateway.example/x'}",
                "apps: [{id: main, client-id: a-b, client-secret: P, authorize-url: 'https://user:P@a.example'}]",
                "apps: [{id: main, client-id: a-b, client-secret: 'P P'}]",
                "apps: [{id: main, client-id: a-b, client-secret: P, scopes: ['T T']}]",
                "apps: [{id: main, client-id: a-b, client-secret: P, webhook-keys: [P]}]",
                "admin: {key: *P}",
                "admin: {key: &P }",
                "admin: {key: &P x, port: *P }",
                "admin: {key: !P x}",
                "admin: {key: !P}",
                "admin: {key: !!P x}",
                "admin: {key: !<P> x}",
                "admin: {key: %P}",
                "admin: {key: @P}",
                "admin: {key: `P}",
                "admin: {key: |P}",
                "admin: {key: >P}",
                "admin: {key: \"P}",
                "admin: {key: 'P}",
                "admin: {key: \"\\P\"}",
                "admin: {key: P]}",
                "admin: {key: P: x}",
                "admin: {key: ${P}",
                "admin: {key: '${P-x}'}",
                "admin: {key: '${T}'}",
                "admin:\n  key: P\n key: x",
                "admin:\n\tkey: P",
                "admin: {key: P\u0000}",
                "credentials: {encryption-key: 'a\n  P'}",
                "%P\n---\na: 1",
                "? [P]\n: 1",
                "- P"
            })
    void noSlipIsAnsweredWithASecret(String slip) {
        var text = slip.replace("P", PASSWORD).replace("T", TOKEN).replace("J", JWT);

        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), text, Map.of());

        assertThat(loaded).as(text).isInstanceOf(Loaded.Refused.class);
        assertThat(said(loaded)).doesNotContain(PASSWORD, TOKEN, JWT);
    }

    @Test
    void whatTheEnvironmentHoldsIsNotQuoted() {
        for (var wrong : List.of(
                Map.of("GHL_TOKEN", TOKEN + " x", "GHL_LOCATION", TOKEN + " x", "GHL_GATEWAY_KEY", PASSWORD + " x"),
                Map.of("GHL_TOKEN", "a", "GHL_LOCATION", "l", "GHL_BASE_URL", "https://user:" + PASSWORD + "@x/y"),
                Map.of("GHL_TOKEN", "a", "GHL_LOCATION", "l", "GHL_REDIS_URI", "redis://:" + PASSWORD + "@:x"),
                Map.of("GHL_TOKEN", "a", "GHL_LOCATION", "l", "GHL_PROXY_PORT", TOKEN))) {
            var loaded = SettingsLoader.fromEnvironment(wrong, () -> {
                throw new AssertionError("asked for a key");
            });

            assertThat(loaded).isInstanceOf(Loaded.Refused.class);
            assertThat(said(loaded)).doesNotContain(PASSWORD, TOKEN);
        }
    }

    @Test
    void aWarningSaysNoSecret() {
        var loaded = SettingsLoader.parse(
                Path.of("gateway.yaml"),
                WHOLE.replace("location: loc1", "location: " + TOKEN)
                        .replace("tenants: [acme]}]", "tenants: [" + TOKEN + "]}]")
                        .replace(PASSWORD + "-office,", PASSWORD + "-office, default-tenant: acmd,"),
                Map.of());

        assertThat(said(loaded)).doesNotContain(PASSWORD, TOKEN);
    }

    @Test
    void settingsShowNoneOfTheirSecrets() {
        var loaded = SettingsLoader.parse(Path.of("gateway.yaml"), WHOLE, Map.of());

        assertThat(loaded).as(said(loaded)).isInstanceOf(Loaded.Ready.class);
        assertThat(loaded.toString())
                .contains("65f0aa-main", "acme", "***")
                .doesNotContain(PASSWORD, TOKEN, "0123456789abcdef");
    }

    private static String said(Loaded loaded) {
        var problems = loaded instanceof Loaded.Refused refused ? refused.problems() : List.<String>of();
        return String.join("\n", problems) + "\n" + String.join("\n", loaded.warnings());
    }
}
