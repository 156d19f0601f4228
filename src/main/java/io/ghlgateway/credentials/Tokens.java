package io.ghlgateway.credentials;

import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.tenancy.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A pair of tokens as HighLevel gave it. Its times are to the millisecond, as they are kept.
 *
 * @param refresh single-use; empty for a location's token minted out of its company's, which is minted again instead
 * @param obtained by the wall clock of the replica that got it
 */
public record Tokens(Secret access, Optional<Secret> refresh, Instant obtained, Instant expires) {

    /** A token is not sent in its last two minutes: clocks differ, and requests take time. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private static final double RENEW_FROM = 0.65;
    private static final double RENEW_WITHIN = 0.08;
    private static final double LATEST = 0.9;

    public Tokens {
        obtained = obtained.truncatedTo(ChronoUnit.MILLIS);
        expires = expires.truncatedTo(ChronoUnit.MILLIS);
    }

    static Tokens of(TokenGrant grant, Instant now) {
        return new Tokens(grant.accessToken(), grant.refreshToken(), now, now.plus(grant.expiresIn()));
    }

    /** From when on the access token is not sent any more: two minutes early, less where it lives less than 20. */
    Instant usableUntil() {
        var tenth = life().dividedBy(10);
        return expires.minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
    }

    /**
     * When to renew ahead of need: at 65 to 73 % of its life, so that six hours without a token endpoint go unseen by a
     * token that lives a day.
     *
     * @param share 0 to 1, this installation's place in that stretch
     */
    Instant renewAt(double share) {
        return obtained.plus(part(RENEW_FROM + RENEW_WITHIN * share));
    }

    /** When who uses it sees to its renewal, should nobody have done so ahead of need. */
    Instant overdueAt() {
        return obtained.plus(part(LATEST));
    }

    private Duration life() {
        return Duration.between(obtained, expires);
    }

    private Duration part(double share) {
        return Duration.ofMillis((long) (life().toMillis() * share));
    }
}
