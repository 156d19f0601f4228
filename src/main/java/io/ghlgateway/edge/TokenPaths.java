package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.highlevel.OAuthPaths;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.Optional;

/**
 * The paths on which HighLevel gives out tokens. Callers have none, so no answer that carries one passes this door, and
 * nobody but the gateway uses up a refresh token.
 *
 * @param publicUrl of the door where customers connect themselves, where there is one
 */
record TokenPaths(Optional<URI> publicUrl) {

    /** Why a request for one of them goes no further; only the listing of installed locations does. */
    Optional<Refusal> refusal(HttpMethod method, String rawPath) {
        return OAuthPaths.contain(rawPath) && !OAuthPaths.isListing(method, rawPath)
                ? Optional.of(Refusal.of(
                        Code.FORBIDDEN,
                        "the gateway keeps HighLevel's tokens itself: of /oauth/ it forwards GET"
                                + " /oauth/installedLocations only, and " + instead()))
                : Optional.empty();
    }

    private String instead() {
        return publicUrl
                .map(url -> "a customer is connected at " + url.toString().replaceAll("/+$", "")
                        + "/oauth/install/APP, APP being the app's id")
                .orElse(
                        "a customer is connected by its token in the configuration (tenants), or by an app once the public"
                                + " door is configured");
    }
}
