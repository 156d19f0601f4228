package io.ghlgateway.settings;

import java.net.URI;
import java.util.Optional;

/**
 * HighLevel's door, and that of the people who install an app: it is open only where an app is configured.
 *
 * @param port 0: any free one
 * @param url how the outside reaches it, without a slash at the end; where it is not given, as the first app's redirect
 *     URI says. Always there where an app is configured
 */
public record PublicSettings(String host, int port, Optional<URI> url) {

    public static final PublicSettings DEFAULTS = new PublicSettings("0.0.0.0", 8081, Optional.empty());
}
