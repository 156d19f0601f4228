package io.ghlgateway.settings;

import io.ghlgateway.edge.TrustedIssuer;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads who may say by a JWT which caller somebody is. */
final class IssuerReader {

    private final Map<String, Integer> lines = new HashMap<>();

    List<TrustedIssuer> read(Section root) {
        return root.items("jwt").stream()
                .map(entry -> entry.section(this::issuer))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<TrustedIssuer> issuer(Section section) {
        Optional<String> name = section.required("issuer", Kind.WORD);
        name.ifPresent(written -> remember(section, written));
        Optional<String> audience = section.required("audience", Kind.WORD);
        Optional<URI> url = section.required("jwks-url", Kind.WEB_URL);
        url.filter(written ->
                        "http".equalsIgnoreCase(written.getScheme()) && !SettingsReader.isLoopback(written.getHost()))
                .ifPresent(written -> section.warning(
                        "jwks-url",
                        "keys that come unencrypted from " + written.getHost()
                                + " can be exchanged on the way, and then anybody is any caller"));
        Set<String> algorithms = new LinkedHashSet<>();
        section.items("algorithms").forEach(item -> item.as(Kind.JWT_ALGORITHM).ifPresent(algorithms::add));
        if (section.has("algorithms") && section.items("algorithms").isEmpty()) {
            section.problem("algorithms", "none; leave it out for all that are known: RS256, ES256, EdDSA");
        }
        Set<String> callers = new LinkedHashSet<>();
        section.items("callers").forEach(item -> item.as(Kind.NAME).ifPresent(callers::add));
        if (section.has("callers") && section.items("callers").isEmpty()) {
            section.problem("callers", "none; leave it out for all that there are");
        }
        var claim = section.read("caller-claim", Kind.WORD, TrustedIssuer.CALLER_CLAIM);
        return name.flatMap(issuer -> audience.flatMap(aud -> url.map(keys -> new TrustedIssuer(
                issuer,
                aud,
                keys,
                section.has("algorithms") ? algorithms : TrustedIssuer.ALGORITHMS,
                claim,
                section.has("callers") ? Optional.of(callers) : Optional.empty()))));
    }

    private void remember(Section section, String name) {
        var first = lines.putIfAbsent(name, section.line("issuer"));
        if (first != null) {
            section.problem("issuer", "'" + name + "' is already the issuer in line " + first);
        }
    }
}
