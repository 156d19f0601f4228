package io.ghlgateway.edge;

import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells callers by their keys. A key is looked up by the SHA-256 of the whole, so neither the stored form nor the time a
 * lookup takes says anything of a key that is not already known.
 */
public final class CallerAuthenticator {

    private static final String BEARER = "bearer ";
    private static final String HOW = "as 'Authorization: Bearer <key>' or 'X-Gateway-Key: <key>'";

    private final CallerRegistry callers;

    public CallerAuthenticator(CallerRegistry callers) {
        this.callers = callers;
    }

    /** What is wrong with the key of a request that is no caller's, and what would be right. */
    String whyNobody(MultiMap headers) {
        var key = headers.get("x-gateway-key");
        var authorization = headers.get("authorization");
        if (key == null && authorization == null) {
            return "a gateway key is needed, " + HOW;
        }
        if (key == null && !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return "the Authorization header does not read 'Bearer <key>'; a gateway key is needed, " + HOW;
        }
        var given = key == null ? authorization.substring(BEARER.length()).trim() : key;
        var ended = given.isEmpty() ? Optional.<Instant>empty() : callers.ended(KeyHash.of(Secret.of(given)));
        if (ended.isPresent()) {
            return "this key expired at " + ended.get() + "; its caller needs a new one, " + HOW;
        }
        return given.startsWith("pit-")
                ? "this is a token of HighLevel's; the gateway adds that by itself, and needs a key of its own, " + HOW
                : "this key belongs to no caller; one that is configured is needed, " + HOW;
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
        return key.isEmpty() ? Optional.empty() : callers.caller(KeyHash.of(Secret.of(key)));
    }
}
