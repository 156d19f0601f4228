package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The internal service that answers HighLevel's calls for an app's external authentication.
 *
 * @param url where they go; what stands after {@code /external-auth/APP} is added to its path
 * @param secret those that HighLevel proved to be its own are signed with, as deliveries to subscribers are
 * @param key what HighLevel must send as {@code X-External-Auth-Key}, a header that one sets in the Marketplace; empty:
 *     anybody may call, nothing is signed, and the service is the judge
 * @param timeout of a call
 */
public record ExternalAuth(App app, URI url, Secret secret, Optional<Secret> key, Duration timeout) {}
