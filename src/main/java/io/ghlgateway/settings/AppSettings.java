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
 * @param install how customers come by it
 * @param tokenUrl where codes and refresh tokens are exchanged
 * @param webhookKeys whose signatures are believed; none: HighLevel's own as published
 * @param externalAuth who answers HighLevel's calls for external authentication; empty: nobody does
 */
public record AppSettings(
        InstallApp install, URI tokenUrl, List<PublicKey> webhookKeys, Optional<ExternalAuth> externalAuth) {

    public AppSettings {
        webhookKeys = List.copyOf(webhookKeys);
    }

    public OAuthClient client() {
        return install.client();
    }

    public App app() {
        return install.app();
    }
}
