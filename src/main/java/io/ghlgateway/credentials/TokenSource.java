package io.ghlgateway.credentials;

import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;

/**
 * Where tokens come from. Asked again for each attempt, so that a token which changed while a request waited is not
 * sent stale; an implementation therefore answers from memory in the common case.
 */
public interface TokenSource {

    /** The token that speaks for this tenant now, or a failure with {@link Unavailable}. Never throws. */
    Future<Token> token(Tenant tenant);

    /** There is no token to send. */
    final class Unavailable extends Exception {

        private static final long serialVersionUID = 1;

        /** @param message says what is missing and what would mend it; never holds a token */
        public Unavailable(String message) {
            super(message, null, false, false);
        }
    }
}
