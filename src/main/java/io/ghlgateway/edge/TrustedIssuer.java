package io.ghlgateway.edge;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Who may say by a JWT which caller somebody is.
 *
 * @param issuer exactly as its tokens have it in {@code iss}
 * @param audience what its tokens must have in {@code aud}
 * @param keysUrl of its public keys, a JWK Set; nothing in a token leads elsewhere
 * @param algorithms that it may sign with, some of {@link #ALGORITHMS}
 * @param callerClaim the claim that holds the caller's name
 * @param callers those that it may name; empty: all there are
 */
public record TrustedIssuer(
        String issuer,
        String audience,
        URI keysUrl,
        Set<String> algorithms,
        String callerClaim,
        Optional<Set<String>> callers) {

    /** None that is symmetric: a public key is no secret. */
    public static final Set<String> ALGORITHMS = Set.of("RS256", "ES256", "EdDSA");

    public static final String CALLER_CLAIM = "sub";

    public TrustedIssuer {
        algorithms = Set.copyOf(algorithms);
        callers = callers.map(Set::copyOf);
    }

    boolean mayName(String caller) {
        return callers.isEmpty() || callers.get().contains(caller);
    }
}
