package io.ghlgateway.install;

import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.tenancy.App;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * An app that can be installed.
 *
 * @param scopes to ask for; empty leaves them to the authorize URL
 * @param authorizeUrl where customers choose what to connect. One that carries parameters, as the install link of
 *     HighLevel's Auth pane does, keeps them; only what is missing is added
 * @param versionId of the app, where HighLevel asks for it (drafts)
 * @param sameTab whether HighLevel's login stays in the tab in which it was begun
 * @param unasked what to do with installations begun in the Marketplace
 */
public record InstallApp(
        OAuthClient client,
        List<String> scopes,
        URI authorizeUrl,
        Optional<String> versionId,
        boolean sameTab,
        Policy unasked) {

    public static final URI STANDARD = URI.create("https://marketplace.gohighlevel.com/v2/oauth/chooselocation");
    public static final URI WHITE_LABEL = URI.create("https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation");

    /** For installations that carry no state, so that nothing says who began them. */
    public enum Policy {
        /** Kept, and not used before an operator approved it. */
        PENDING,
        /** As good as any other. */
        ACCEPT,
        /** The code is not used; the customer is asked to begin here. */
        REFUSE
    }

    public InstallApp {
        scopes = List.copyOf(scopes);
    }

    public App app() {
        return client.app();
    }
}
