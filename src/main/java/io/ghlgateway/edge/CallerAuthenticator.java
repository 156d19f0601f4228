package io.ghlgateway.edge;

import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells callers by their keys. A key is looked up by the SHA-256 of the whole, so neither the stored form nor the time a
 * lookup takes says anything of a key that is not already known.
 */
public final class CallerAuthenticator {

    private static final String BEARER = "bearer ";

    private final Map<KeyHash, Caller> callers;

    public CallerAuthenticator(Map<KeyHash, Caller> callers) {
        this.callers = Map.copyOf(callers);
    }

    boolean carriesKey(MultiMap headers) {
        return headers.contains("x-gateway-key") || headers.contains("authorization");
    }

    /** Whose key the request carries, in {@code X-Gateway-Key} or else as a bearer token; empty if nobody's. */
    Optional<Caller> caller(MultiMap headers) {
        var key = headers.get("x-gateway-key");
        if (key == null) {
            var authorization = headers.get("authorization");
            if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return Optional.empty();
            }
            key = authorization.substring(BEARER.length()).trim();
        }
        return key.isEmpty() ? Optional.empty() : Optional.ofNullable(callers.get(KeyHash.of(Secret.of(key))));
    }
}
