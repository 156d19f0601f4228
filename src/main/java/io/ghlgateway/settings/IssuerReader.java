package io.ghlgateway.settings;

import io.ghlgateway.edge.TrustedIssuer;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Reads who may say by a JWT which caller somebody is. */
final class IssuerReader {

    private final FirstLines names = new FirstLines("issuer", "the issuer");

    List<TrustedIssuer> read(Section root) {
        return root.sections("jwt", this::issuer);
    }

    private Optional<TrustedIssuer> issuer(Section section) {
        Optional<String> name = section.required("issuer", Kind.WORD);
        name.ifPresent(written -> names.remember(section, written));
        Optional<String> audience = section.required("audience", Kind.WORD);
        Optional<URI> url = section.required("jwks-url", Kind.WEB_URL);
        url.filter(WebUrl::isExposed)
                .ifPresent(written -> section.warning(
                        "jwks-url",
                        "keys that come unencrypted from " + written.getHost()
                                + " can be exchanged on the way, and then anybody is any caller"));
        var algorithms = new LinkedHashSet<>(section.values("algorithms", Kind.JWT_ALGORITHM));
        section.notEmpty("algorithms", "none; leave it out for all that are known: RS256, ES256, EdDSA");
        var callers = new LinkedHashSet<>(section.values("callers", Kind.NAME));
        section.notEmpty("callers", "none; leave it out for all that there are");
        var claim = section.read("caller-claim", Kind.WORD, TrustedIssuer.CALLER_CLAIM);
        return name.flatMap(issuer -> audience.flatMap(aud -> url.map(keys -> new TrustedIssuer(
                issuer,
                aud,
                keys,
                section.has("algorithms") ? algorithms : TrustedIssuer.ALGORITHMS,
                claim,
                section.has("callers") ? Optional.of(callers) : Optional.empty()))));
    }
}
