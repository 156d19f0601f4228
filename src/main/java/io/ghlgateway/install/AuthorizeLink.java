package io.ghlgateway.install;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/** The way to HighLevel's page on which a customer chooses what to connect. Pure. */
final class AuthorizeLink {

    private AuthorizeLink() {}

    /** What the configured URL says stays as it is written; the state alone is always ours. */
    static String of(InstallApp app, String state) {
        var parts = new ArrayList<String>();
        var named = new HashSet<String>();
        var url = URI.create(app.authorizeUrl().toASCIIString());
        var query = url.getRawQuery();
        for (var part : query == null ? new String[0] : query.split("&")) {
            var name = InstallQuery.decoded(part.split("=", 2)[0]);
            if (!part.isEmpty() && !name.equals("state")) {
                parts.add(part);
                named.add(name);
            }
        }
        add(parts, named, "response_type", "code");
        add(parts, named, "redirect_uri", app.client().redirectUri());
        add(parts, named, "client_id", app.client().clientId());
        if (!app.scopes().isEmpty()) {
            add(parts, named, "scope", String.join(" ", app.scopes()));
        }
        app.versionId().ifPresent(version -> add(parts, named, "version_id", version));
        if (app.sameTab()) {
            add(parts, named, "loginWindowOpenMode", "self");
        }
        add(parts, named, "state", state);
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + "?" + String.join("&", parts);
    }

    private static void add(ArrayList<String> parts, Set<String> named, String name, String value) {
        if (!named.contains(name)) {
            // A plus sign for a blank is a form's way, not a URL's.
            parts.add(name + "="
                    + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        }
    }
}
