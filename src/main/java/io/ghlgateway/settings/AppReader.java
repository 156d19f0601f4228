package io.ghlgateway.settings;

import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.install.InstallApp;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import java.net.URI;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the apps. Remembers every id that is written, right or wrong in the rest, so that a tenant of a faulty app is not
 * blamed as well.
 */
final class AppReader {

    /** HighLevel refuses a redirect URI with one of them in it. */
    private static final List<String> FORBIDDEN_WORDS = List.of("ghl", "highlevel");

    private final Optional<URI> publicUrl;
    private final URI upstream;
    private final FirstLines ids = new FirstLines("id", "the id of the app");

    /**
     * @param publicUrl what an app's redirect URI follows from where it is not given
     * @param upstream the same for its token URL
     */
    AppReader(Optional<URI> publicUrl, URI upstream) {
        this.publicUrl = publicUrl;
        this.upstream = upstream;
    }

    List<AppSettings> read(Section root) {
        return root.sections("apps", this::app);
    }

    Set<String> ids() {
        return ids.names();
    }

    private Optional<AppSettings> app(Section section) {
        Optional<String> id = section.required("id", Kind.APP_ID);
        id.ifPresent(written -> remember(section, written));
        Optional<String> clientId = section.required("client-id", Kind.WORD);
        clientId.filter(written -> !written.contains("-"))
                .ifPresent(written -> section.warning(
                        "client-id",
                        "has no dash; HighLevel's read APP-SUFFIX, and the app's own id is the first part"));
        Optional<Secret> clientSecret = section.requiredSecret("client-secret", Kind.SECRET);
        Set<String> scopes = section.words("scopes", Kind.SCOPE_NAME);
        Optional<URI> redirectUri = redirectUri(section, id);
        boolean whiteLabel = section.read("white-label", Kind.FLAG, false);
        URI authorizeUrl =
                section.read("authorize-url", Kind.WEB_URL, whiteLabel ? InstallApp.WHITE_LABEL : InstallApp.STANDARD);
        URI tokenUrl = section.read("token-url", Kind.WEB_URL, URI.create(upstream + "/oauth/token"));
        Optional<String> versionId = section.read("version-id", Kind.WORD);
        List<PublicKey> webhookKeys = section.values("webhook-keys", Kind.PUBLIC_KEY);
        var installs = section.read("marketplace-installs", Kind.MARKETPLACE_INSTALLS, InstallApp.Policy.PENDING);
        var externalAuth = ExternalAuthReader.read(section, id);
        if (id.isEmpty() || clientId.isEmpty() || clientSecret.isEmpty() || redirectUri.isEmpty()) {
            return Optional.empty();
        }
        var client = new OAuthClient(
                new App(id.get()),
                clientId.get(),
                clientSecret.get(),
                redirectUri.get().toString());
        var install = new InstallApp(client, List.copyOf(scopes), authorizeUrl, versionId, true, installs);
        return Optional.of(new AppSettings(install, tokenUrl, webhookKeys, externalAuth));
    }

    private void remember(Section section, String id) {
        if (id.equals(App.PRIVATE.id())) {
            section.problem("id", "'private' is what private integration tokens count as; name the app otherwise");
            return;
        }
        ids.remember(section, id);
    }

    private Optional<URI> redirectUri(Section section, Optional<String> id) {
        boolean given = section.has("redirect-uri");
        if (!given && publicUrl.isEmpty()) {
            section.problem("redirect-uri", "is missing; set it, or public.url that it would follow from");
        }
        Optional<URI> uri = given
                ? section.read("redirect-uri", Kind.WEB_URL)
                : publicUrl.flatMap(url -> id.map(app -> URI.create(url + "/oauth/callback/" + app)));
        uri.ifPresent(read -> FORBIDDEN_WORDS.stream()
                .filter(read.toString().toLowerCase(Locale.ROOT)::contains)
                .findFirst()
                .ifPresent(word -> section.warning(
                        "redirect-uri", read + " contains '" + word + "', and HighLevel refuses such a redirect URI")));
        return uri;
    }
}
