package io.ghlgateway.edge;

import io.ghlgateway.edge.CallerTokens.Checked;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.KeyHash;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers by their keys, or by JWTs. A key is looked up by the SHA-256 of the whole, so neither the stored form nor
 * the time a lookup takes says anything of a key that is not already known.
 */
public final class CallerAuthenticator {

    private static final CharSequence GATEWAY_KEY = HttpHeaders.createOptimized("x-gateway-key");
    private static final String BEARER = "bearer ";
    private static final String HOW = "as 'Authorization: Bearer <key>' or 'X-Gateway-Key: <key>'";

    private final CallerRegistry callers;
    private final CallerTokens tokens;

    public CallerAuthenticator(CallerRegistry callers, CallerTokens tokens) {
        this.callers = callers;
        this.tokens = tokens;
    }

    /**
     * A caller, as it was told.
     *
     * @param key by which; null where a token names it
     */
    record Known(Caller caller, @Nullable KeyHash key) {}

    /** What is found of a token, for it may have ended when its caller is asked for; null where none came. */
    @Nullable
    Future<Checked> pending(MultiMap headers) {
        var credential = credential(headers);
        if (credential == null || !tokens.isOne(credential)) {
            return null;
        }
        var hash = KeyHash.of(credential);
        if (callers.caller(hash).isPresent()) {
            return null;
        }
        var verdict = tokens.known(hash);
        return verdict == null ? tokens.check(hash, credential) : Future.succeededFuture(verdict);
    }

    /**
     * Whose key or token the request carries, in {@code X-Gateway-Key} or else as a bearer token; empty if nobody's.
     *
     * @param judged of its token, where that was {@link #pending}
     */
    Optional<Known> caller(MultiMap headers, @Nullable Checked judged) {
        if (judged != null) {
            return judged.caller().flatMap(callers::named).map(caller -> new Known(caller, null));
        }
        var credential = credential(headers);
        if (credential == null) {
            return Optional.empty();
        }
        var hash = KeyHash.of(credential);
        return callers.caller(hash).map(caller -> new Known(caller, hash));
    }

    /** This caller as it is now; empty if it was removed, or the key by which it was told. */
    Optional<Caller> now(Known known) {
        if (known.key() == null) {
            return callers.named(known.caller().name());
        }
        var now = callers.caller(known.key());
        return now.isPresent() && now.get().name().equals(known.caller().name()) ? now : Optional.empty();
    }

    /** What is wrong with the key of a request that is no caller's, and what would be right. */
    String whyNobody(MultiMap headers, @Nullable Checked judged) {
        var authorization = headers.get(HttpHeaders.AUTHORIZATION);
        boolean isKeyed = headers.contains(GATEWAY_KEY);
        if (!isKeyed && authorization == null) {
            return "a gateway key is needed, " + HOW;
        }
        if (!isKeyed && !isBearer(authorization)) {
            return "the Authorization header does not read 'Bearer <key>'; a gateway key is needed, " + HOW;
        }
        var credential = credential(headers);
        if (credential == null) {
            return "the gateway key is empty; one is needed, " + HOW;
        }
        if (judged != null) {
            return judged.caller().isPresent()
                    ? "this token names a caller that is not configured"
                    : "this token opens nothing: " + judged.why();
        }
        var ended = callers.ended(KeyHash.of(credential));
        if (ended.isPresent()) {
            return "this key expired at " + ended.get() + "; its caller needs a new one, " + HOW;
        }
        return credential.startsWith("pit-")
                ? "this is a token of HighLevel's; the gateway adds that by itself, and needs a key of its own, " + HOW
                : "this key belongs to no caller; one that is configured is needed, " + HOW;
    }

    private static @Nullable String credential(MultiMap headers) {
        var key = headers.get(GATEWAY_KEY);
        if (key == null) {
            var authorization = headers.get(HttpHeaders.AUTHORIZATION);
            if (authorization == null || !isBearer(authorization)) {
                return null;
            }
            key = authorization.substring(BEARER.length()).trim();
        }
        return key.isEmpty() ? null : key;
    }

    private static boolean isBearer(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }
}
