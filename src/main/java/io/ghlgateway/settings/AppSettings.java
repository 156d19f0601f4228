package io.ghlgateway.settings;

import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.install.InstallApp;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.webhooks.ExternalAuth;
import java.net.URI;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * An app of HighLevel's Marketplace.
 *
 * @param scopes to ask for, in the order given
 * @param authorizeUrl the page where people choose a location; what it lacks of the query is added to it
 * @param tokenUrl where codes and refresh tokens are exchanged
 * @param versionId of the app, needed while it is a draft
 * @param marketplaceInstalls what becomes of installations that nobody here asked for
 * @param externalAuth who answers HighLevel's calls for external authentication; empty: nobody does
 * @param webhookKeys whose signatures are believed; none: HighLevel's own as published
 */
public record AppSettings(
        OAuthClient client,
        List<String> scopes,
        URI authorizeUrl,
        URI tokenUrl,
        Optional<String> versionId,
        List<PublicKey> webhookKeys,
        InstallApp.Policy marketplaceInstalls,
        Optional<ExternalAuth> externalAuth) {

    public AppSettings {
        scopes = List.copyOf(scopes);
        webhookKeys = List.copyOf(webhookKeys);
    }

    public App app() {
        return client.app();
    }
}
