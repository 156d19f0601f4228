package io.ghlgateway.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TokenRejection;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps private integration tokens that HighLevel has refused from being sent, so that a rotated one makes no storm of
 * bad requests at its edge. Now and then one request goes out with such a token all the same; its answer tells whether it
 * works again. It is the token that is dead and not the tenant: another one is sent at once.
 */
public final class DeadCredentials implements TokenSource {

    /** What becomes of tokens. Called on any thread: implementations return at once and never throw. */
    public interface Events {

        /** HighLevel refused the token; requests of this tenant are answered here from now on. */
        void died(Tenant tenant);

        void revived(Tenant tenant);
    }

    static final Duration FIRST_PROBE = Duration.ofSeconds(30);
    static final Duration RAREST_PROBE = Duration.ofMinutes(10);
    /** A probe is late by up to this part of its interval, so that not all replicas send theirs together. */
    private static final int JITTER = 5;
    /** A token that nobody has used for so long is forgotten, and sent once more if somebody does. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final long MOST = 100_000;

    private final TokenSource source;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Events events;
    private final Cache<Token, Death> deaths;

    /** @param random safe for use by any thread */
    public DeadCredentials(TokenSource source, Ticker ticker, RandomGenerator random, Events events) {
        this.source = source;
        this.ticker = ticker;
        this.random = random;
        this.events = events;
        this.deaths = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfterAccess(REMEMBERED)
                .maximumSize(MOST)
                .build();
    }

    @Override
    public Future<Token> token(Tenant tenant, Route route) {
        var found = source.token(tenant, route);
        if (found.succeeded() && death(found.result()) == null) {
            return found;
        }
        return found.compose(token -> {
            var death = death(token);
            return death == null || death.letsThrough(ticker.read())
                    ? Future.succeededFuture(token)
                    : Future.failedFuture(refused(tenant));
        });
    }

    /** Asked for each request and each answer, and mostly no token is dead at all. */
    private @Nullable Death death(Token token) {
        return deaths.asMap().isEmpty() ? null : deaths.getIfPresent(token);
    }

    @Override
    public Optional<TokenPeek> peek(Tenant tenant, Route route) {
        return source.peek(tenant, route).map(peek -> {
            boolean mayDie = peek.health() == TokenPeek.Health.GOOD
                    && peek.kind().filter(kind -> kind == Token.Kind.PRIVATE).isPresent();
            // Of a private token to ask is to look: it is never renewed.
            var token = mayDie ? source.token(tenant, route).result() : null;
            var death = token == null ? null : deaths.policy().getIfPresentQuietly(token);
            return death == null
                    ? peek
                    : new TokenPeek(
                            TokenPeek.Health.REFUSED,
                            peek.kind(),
                            peek.whose(),
                            peek.expires(),
                            death.wouldLetThrough(ticker.read()) ? Optional.empty() : Optional.of(refused(tenant)));
        });
    }

    private static Unavailable refused(Tenant tenant) {
        return new Unavailable(
                Reason.DEAD,
                "HighLevel refuses the private integration token of tenant '" + tenant.id()
                        + "': it was rotated or deleted there; configure the new one");
    }

    @Override
    public Future<Boolean> rejected(Tenant tenant, Token token, String message) {
        if (token.kind() == Token.Kind.PRIVATE && TokenRejection.isDead(message)) {
            var death = new Death(ticker.read());
            if (deaths.asMap().putIfAbsent(token, death) == null) {
                events.died(tenant);
            }
        }
        return source.rejected(tenant, token, message);
    }

    @Override
    public void accepted(Tenant tenant, Token token) {
        if (death(token) != null && deaths.asMap().remove(token) != null) {
            events.revived(tenant);
        }
        source.accepted(tenant, token);
    }

    /** When to try again. An attempt counts when it is let through: that it is answered is not certain. */
    private final class Death {

        private Duration interval = FIRST_PROBE;
        private long next;

        Death(long now) {
            next = now + late(interval);
        }

        synchronized boolean wouldLetThrough(long now) {
            return now - next >= 0;
        }

        synchronized boolean letsThrough(long now) {
            if (!wouldLetThrough(now)) {
                return false;
            }
            interval = interval.multipliedBy(2).compareTo(RAREST_PROBE) < 0 ? interval.multipliedBy(2) : RAREST_PROBE;
            next = now + late(interval);
            return true;
        }

        private long late(Duration interval) {
            return interval.toNanos() + random.nextLong(interval.toNanos() / JITTER);
        }
    }
}
