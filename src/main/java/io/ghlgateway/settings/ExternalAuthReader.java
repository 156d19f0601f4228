package io.ghlgateway.settings;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.ExternalAuth;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Reads which service answers an app's external authentication. */
final class ExternalAuthReader {

    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Kind<Duration> TIMEOUTS = Kind.duration(Duration.ofMillis(1), Duration.ofMinutes(1));

    private ExternalAuthReader() {}

    static Optional<ExternalAuth> read(Section app, Optional<String> id) {
        return app.optional("external-auth", section -> read(section, new App(id.orElse("unnamed"))));
    }

    private static Optional<ExternalAuth> read(Section section, App app) {
        Optional<URI> url = section.required("url", Kind.WEB_URL);
        Optional<Secret> secret = section.requiredSecret("secret", Kind.SIGNING_SECRET);
        Optional<Secret> key = section.secret("key", Kind.SECRET);
        if (!section.hasSecret("key")) {
            section.warning("key", "none: anybody may call, and nothing is signed; let your service be the judge");
        }
        var timeout = section.read("timeout", TIMEOUTS, TIMEOUT);
        return url.isPresent() && secret.isPresent()
                ? Optional.of(new ExternalAuth(app, url.get(), secret.get(), key, timeout))
                : Optional.empty();
    }
}
