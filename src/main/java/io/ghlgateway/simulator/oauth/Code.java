package io.ghlgateway.simulator.oauth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an authorization code stands for.
 *
 * @param redirectUri where it was sent to; absent where it was not sent by the consent page
 */
public record Code(
        String text,
        App app,
        Company company,
        Optional<String> location,
        List<String> scopes,
        Optional<String> redirectUri,
        Instant expires) {

    public Code {
        scopes = List.copyOf(scopes);
    }

    String resource() {
        return location.orElse(company.id());
    }

    boolean isPaused() {
        return location.filter(id -> !company.isActive(id)).isPresent();
    }

    boolean isFor(Installation installation) {
        return app.equals(installation.app()) && resource().equals(installation.resource());
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "Code[" + app.id() + " in " + resource() + "]";
    }
}
