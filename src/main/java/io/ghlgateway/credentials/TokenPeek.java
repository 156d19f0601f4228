package io.ghlgateway.credentials;

import io.ghlgateway.credentials.TokenSource.Unavailable;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a look at a credential tells without using it. Holds no secret.
 *
 * @param health whether it would be sent as it is
 * @param kind empty where there is none
 * @param whose in words: a tenant's configured token, or an installation's
 * @param expires empty where it does not, or that is not known
 * @param refusal what {@link TokenSource#token} would fail with now, as far as is known beforehand
 */
public record TokenPeek(
        Health health,
        Optional<Token.Kind> kind,
        String whose,
        Optional<Instant> expires,
        Optional<Unavailable> refusal) {

    /** How it stands. */
    public enum Health {
        /** As far as is known it works. */
        GOOD,
        /** It works, and the next request has it renewed behind its back. */
        DUE,
        /** There is none that works: the next request waits until one is renewed or minted. */
        ENDED,
        /** HighLevel refuses it. Now and then one request tries it all the same. */
        REFUSED,
        /** There is none, or it does not open this operation. */
        NONE;

        /** As operators see it. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static TokenPeek none(String whose, Unavailable why) {
        return new TokenPeek(Health.NONE, Optional.empty(), whose, Optional.empty(), Optional.of(why));
    }
}
