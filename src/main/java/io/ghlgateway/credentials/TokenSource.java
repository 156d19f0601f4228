package io.ghlgateway.credentials;

import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Where tokens come from. Asked again for each attempt, so that a token which changed while a request waited is not
 * sent stale; an implementation therefore answers from memory in the common case. Any thread; futures complete on any.
 */
public interface TokenSource {

    /** The token that speaks for this tenant now in this operation, or a failure with {@link Unavailable}. Never throws. */
    Future<Token> token(Tenant tenant, Route route);

    /**
     * How the credential stands that {@link #token} would give: nothing is renewed, minted, tried or counted by asking.
     *
     * @return empty where that cannot be told without asking for the token
     */
    default Optional<TokenPeek> peek(Tenant tenant, Route route) {
        return Optional.empty();
    }

    /**
     * HighLevel refused this very token.
     *
     * @param message HighLevel's own words, one of those that {@link io.ghlgateway.highlevel.TokenRejection} knows
     * @return whether {@link #token} has another one now, so that the request may be sent again. Never fails
     */
    default Future<Boolean> rejected(Tenant tenant, Token token, String message) {
        return Future.succeededFuture(false);
    }

    /** HighLevel took this very token. Called for each answer: returns at once, never throws. */
    default void accepted(Tenant tenant, Token token) {}

    /** There is no token to send. */
    final class Unavailable extends Exception {

        private static final long serialVersionUID = 1;

        /** Why there is none. */
        public enum Reason {
            /** None is known. */
            NONE,
            /** It was revoked, or has expired for good. */
            DEAD,
            /** It cannot be had at the moment. */
            TEMPORARY,
            /** The operation takes none of the kind that there is. */
            WRONG_KIND,
            /** It was not given a scope that the operation needs. */
            SCOPE_MISSING
        }

        private final Reason reason;
        private final transient Optional<Duration> retryAfter;

        /** @param message says what is missing and what would mend it; never holds a token */
        public Unavailable(Reason reason, String message) {
            this(reason, message, Optional.empty());
        }

        /** @param retryAfter when it may be had again, where that is known */
        public Unavailable(Reason reason, String message, Optional<Duration> retryAfter) {
            super(message, null, false, false);
            this.reason = reason;
            this.retryAfter = retryAfter;
        }

        public Reason reason() {
            return reason;
        }

        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }
}
