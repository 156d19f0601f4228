package io.ghlgateway.settings;

import static io.ghlgateway.settings.SettingsLoaderTest.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.install.InstallApp;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppSettingsTest {

    private static final String KEYSET = RecordCipher.newKeyset().reveal();
    private static final String MAIN = """
            public: {url: "https://gateway.example.com"}
            credentials: {encryption-key: SEALING}
            apps: [{id: main, client-id: a-b, client-secret: x}]
            """;
    private static final String CALLER = "callers: [{name: billing, key: k, tenants: '*'}]\n";

    /** Issue 4, to the letter. */
    @Test
    void takesTheShapeThatWasAskedFor() {
        var loaded = load("""
                public: {port: 8081, url: "https://gateway.example.com"}
                apps:
                  - {id: main, client-id: "…", client-secret: "${GHL_CLIENT_SECRET}", scopes: [contacts.readonly], redirect-uri: "https://gateway.example.com/oauth/callback/main"}   # also: authorize-url, token-url, version-id, white-label, webhook-keys: [PEM, …]
                credentials: {journal: "./data", encryption-key: "${GHL_GATEWAY_KEYSET}"}
                admin: {port: 9091, key: "${ADMIN_KEY}"}      # sent as Authorization: Bearer
                """);

        var settings = ready(loaded).settings();
        assertThat(settings.publicDoor())
                .isEqualTo(new PublicSettings("0.0.0.0", 8081, Optional.of(URI.create("https://gateway.example.com"))));
        assertThat(settings.apps())
                .containsExactly(new AppSettings(
                        new InstallApp(
                                new OAuthClient(
                                        new App("main"),
                                        "…",
                                        Secret.of("the-secret"),
                                        "https://gateway.example.com/oauth/callback/main"),
                                List.of("contacts.readonly"),
                                URI.create("https://marketplace.gohighlevel.com/v2/oauth/chooselocation"),
                                Optional.empty(),
                                true,
                                InstallApp.Policy.PENDING),
                        URI.create("https://services.leadconnectorhq.com/oauth/token"),
                        List.of(),
                        Optional.empty()));
        assertThat(settings.credentials())
                .isEqualTo(
                        new CredentialSettings(Optional.of(Path.of("./data")), Optional.of(Secret.of(KEYSET)), false));
        assertThat(settings.admin().key()).contains(Secret.of("the-key"));
        assertThat(settings.tenants()).isEmpty();
        assertThat(settings.callers()).isEmpty();
        assertThat(loaded.toString()).doesNotContain("the-secret", "the-keyset", "the-key");
    }

    /** Else the pages link to the address that the door listens at, and cookies do without TLS. */
    @Test
    void thePublicUrlFollowsFromTheFirstRedirectUri() {
        var settings = ready(load("""
                        credentials: {encryption-key: SEALING}
                        apps:
                          - {id: main, client-id: a-b, client-secret: x, redirect-uri: "https://gateway.example.com:8443/oauth/callback/main"}
                          - {id: more, client-id: c-d, client-secret: x, redirect-uri: "https://other.example.com/oauth/callback/more"}
                        """ + CALLER)).settings();

        assertThat(settings.publicDoor().url()).contains(URI.create("https://gateway.example.com:8443"));
    }

    @Test
    void aPublicUrlThatIsGivenIsNotReplaced() {
        var settings = ready(load("""
                        public: {url: "https://gateway.example.com"}
                        credentials: {encryption-key: SEALING}
                        apps: [{id: main, client-id: a-b, client-secret: x, redirect-uri: "https://other.example.com/cb"}]
                        """ + CALLER)).settings();

        assertThat(settings.publicDoor().url()).contains(URI.create("https://gateway.example.com"));
    }

    @Test
    void theRedirectUriFollowsFromThePublicUrl() {
        var settings = ready(load(MAIN + CALLER)).settings();

        assertThat(settings.apps().get(0).client().redirectUri())
                .isEqualTo("https://gateway.example.com/oauth/callback/main");
    }

    @Test
    void withoutAPublicUrlTheRedirectUriMustBeGiven() {
        var loaded = load(MAIN.replaceFirst("public.*\n", "") + CALLER);

        assertThat(((Loaded.Refused) loaded).problems())
                .containsExactly("gateway.yaml:2: apps[0].redirect-uri: is missing; set it, or public.url that it would"
                        + " follow from");
    }

    @Test
    void theTokenUrlFollowsTheUpstreamAndTheAuthorizeUrlTheLabel() {
        var text = MAIN.replace("client-secret: x", "client-secret: x, white-label: true")
                + "upstream: {base-url: 'http://127.0.0.1:9100'}\n" + CALLER;

        var app = ready(load(text)).settings().apps().get(0);

        assertThat(app.tokenUrl()).isEqualTo(URI.create("http://127.0.0.1:9100/oauth/token"));
        assertThat(app.install().authorizeUrl())
                .isEqualTo(URI.create("https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation"));
    }

    @Test
    void warnsOfWhatHighLevelWillRefuse() {
        var loaded =
                load(MAIN.replace("gateway.example.com", "MyGHL.example.com").replace("a-b", "ab") + CALLER);

        assertThat(loaded.warnings())
                .containsExactly(
                        "gateway.yaml:3: apps[0].client-id: has no dash; HighLevel's read APP-SUFFIX, and the app's own"
                                + " id is the first part",
                        "gateway.yaml:3: apps[0].redirect-uri: https://MyGHL.example.com/oauth/callback/main contains"
                                + " 'ghl', and HighLevel refuses such a redirect URI");
        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
    }

    @Test
    void callersMayBeLeftToTheAdminDoorOnlyIfThatHasAKey() {
        var loaded = load(MAIN);

        assertThat(((Loaded.Refused) loaded).problems())
                .containsExactly("gateway.yaml:1: callers: none, so nobody could call; name one with name, key and"
                        + " tenants, or set admin.key and make them at run time");
        assertThat(load(MAIN + "admin: {key: a}")).isInstanceOf(Loaded.Ready.class);
    }

    @Test
    void aCallerMayListWhatIsYetToBeInstalledAndIsToldOfALikelySlip() {
        var loaded = load(MAIN + """
                tenants: [{id: acme, location: loc1, app: main}]
                callers: [{name: billing, key: k, tenants: [acme, acmee, ve9EPM428h8vShlRW1KT], default-tenant: acmee}]
                """);

        assertThat(ready(loaded).warnings())
                .containsExactly(
                        "gateway.yaml:5: callers[0].default-tenant: there is no tenant 'acmee'; did you mean 'acme'?",
                        "gateway.yaml:5: callers[0].tenants[1]: there is no tenant 'acmee'; did you mean 'acme'?");
        assertThat(ready(loaded).settings().callers().get(0).caller().reach().ids())
                .containsExactlyInAnyOrder("acme", "acmee", "ve9EPM428h8vShlRW1KT");
    }

    @Test
    void withRedisTheJournalMayBeLeftOut() {
        var text = MAIN.replace("encryption-key: SEALING", "encryption-key: SEALING, journal: none")
                + "redis: {uri: 'redis://127.0.0.1'}\n" + CALLER;

        assertThat(ready(load(text)).settings().credentials().journal()).isEmpty();
    }

    @Test
    void readsHighLevelsOwnWebhookKey() {
        var loaded = SettingsLoader.load(SettingsLoaderTest.SECRET_FILES, SettingsLoaderTest.FULL_ENVIRONMENT);

        assertThat(ready(loaded).settings().apps().get(0).webhookKeys())
                .singleElement()
                .satisfies(key -> assertThat(key.getAlgorithm()).isEqualTo("EdDSA"));
    }

    private static Loaded load(String text) {
        return SettingsLoader.parse(
                Path.of("gateway.yaml"),
                text.replace("SEALING", KEYSET),
                Map.of(
                        "GHL_CLIENT_SECRET", "the-secret",
                        "GHL_GATEWAY_KEYSET", KEYSET,
                        "ADMIN_KEY", "the-key"));
    }
}
