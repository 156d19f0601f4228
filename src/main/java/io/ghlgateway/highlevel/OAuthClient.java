package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;

/**
 * What an app proves itself with at HighLevel's token endpoint.
 *
 * @param app the operator's name for it
 * @param clientId as HighLevel's Marketplace shows it: the app's own id, a dash, a suffix
 * @param redirectUri exactly as registered there
 */
public record OAuthClient(App app, String clientId, Secret clientSecret, String redirectUri) {

    /** HighLevel's id of the app: the client id up to its first dash, as the official SDK derives it. */
    public String appId() {
        int dash = clientId.indexOf('-');
        return dash < 0 ? clientId : clientId.substring(0, dash);
    }
}
