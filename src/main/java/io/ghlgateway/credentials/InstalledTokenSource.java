package io.ghlgateway.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Installations' access tokens, from memory as long as they are good: a token that works costs a look into a map. One
 * that nears its end is still handed out while its renewal is under way; one that has ended is waited for. Any thread.
 */
public final class InstalledTokenSource implements TokenSource {

    /** After a renewal came to nothing, before another is begun by a request. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    /** A token that HighLevel refuses though it was renewed for that less than this ago is not the cause. */
    private static final Duration REFUSED_AGAIN = Duration.ofSeconds(30);

    /** All that a request asks of an installation, in one place: the rest is touched by those alone who need more. */
    private static final class Held {
        private final Installation installation;
        /** Null where there is none to send. */
        private final @Nullable Future<Token> token;
        /** Monotonic, as {@code usableUntil}: a clock that is set forward or back ends no token. */
        private final long overdueAt;

        private final long usableUntil;
        /** HighLevel refuses the token itself: then it has ended, whatever the clock says. */
        private volatile boolean refused;
        /** An operation that the token opens, the last that was asked for. */
        private volatile @Nullable Route fitting;

        Held(Installation installation, @Nullable Future<Token> token, long overdueAt, long usableUntil) {
            this.installation = installation;
            this.token = token;
            this.overdueAt = overdueAt;
            this.usableUntil = usableUntil;
        }

        boolean isUsable(long now) {
            return token != null && now - usableUntil < 0 && !refused;
        }

        boolean hasToken(Secret bearer) {
            return token != null && token.result().bearer().equals(bearer);
        }
    }

    private final Installations installations;
    private final Renewals renewals;
    private final boolean enforceScopes;
    private final Function<InstallationKey, String> howToInstall;
    private final Ticker ticker;
    private final InstantSource clock;
    private final CredentialEvents events;
    private final ConcurrentHashMap<InstallationKey, Held> held = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InstallationKey, Long> failedAt = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InstallationKey, Long> refusedAt = new ConcurrentHashMap<>();

    /** @param howToInstall a sentence that says where its customer installs the app */
    public InstalledTokenSource(
            Installations installations,
            Renewals renewals,
            boolean enforceScopes,
            Function<InstallationKey, String> howToInstall,
            Ticker ticker,
            InstantSource clock,
            CredentialEvents events) {
        this.installations = installations;
        this.renewals = renewals;
        this.enforceScopes = enforceScopes;
        this.howToInstall = howToInstall;
        this.ticker = ticker;
        this.clock = clock;
        this.events = events;
        installations.listen(this::hold);
    }

    private void hold(Installation installation) {
        held.compute(installation.key(), (key, before) -> {
            // Listeners may be told out of order: what is known counts, not what was said last.
            var now = installations.find(key).orElse(installation);
            var kind = key.resource().isCompany() ? Token.Kind.COMPANY : Token.Kind.LOCATION;
            var held = now.tokens()
                    .filter(tokens -> now.stands())
                    .map(tokens -> new Held(
                            now,
                            Future.succeededFuture(new Token(kind, tokens.access())),
                            ticks(tokens.overdueAt()),
                            ticks(tokens.usableUntil())))
                    .orElseGet(() -> new Held(now, null, 0, 0));
            held.refused = before != null
                    && before.refused
                    && now.tokens()
                            .filter(same -> before.hasToken(same.access()))
                            .isPresent();
            return held;
        });
    }

    private long ticks(Instant at) {
        return ticker.read() + Duration.between(clock.instant(), at).toNanos();
    }

    @Override
    public Future<Token> token(Tenant tenant, Route route) {
        var key = InstallationKey.of(tenant);
        var known = held.get(key);
        if (known == null) {
            return Future.failedFuture(notInstalled(key));
        }
        if (known.fitting != route) {
            var misfit = misfit(known, route);
            if (misfit.isPresent()) {
                return Future.failedFuture(misfit.get());
            }
        }
        long now = ticker.read();
        if (known.isUsable(now)) {
            if (now - known.overdueAt >= 0) {
                renewBehind(known.installation);
            }
            return known.token;
        }
        return renewed(known.installation);
    }

    private Optional<Unavailable> misfit(Held known, Route route) {
        var wrong = Fitting.wrongKind(known.installation, route);
        if (wrong.isPresent()) {
            return wrong;
        }
        var missing = Fitting.missing(known.installation, route);
        if (missing.isEmpty()) {
            known.fitting = route;
            return Optional.empty();
        }
        events.scopeMissing(known.installation.key(), route, missing);
        return enforceScopes ? Optional.of(Fitting.lacking(known.installation, missing)) : Optional.empty();
    }

    @Override
    public Optional<TokenPeek> peek(Tenant tenant, Route route) {
        var key = InstallationKey.of(tenant);
        var known = held.get(key);
        if (known == null) {
            return Optional.of(TokenPeek.none("nobody's", notInstalled(key)));
        }
        var installation = known.installation;
        long now = ticker.read();
        boolean usable = known.isUsable(now);
        var missing = enforceScopes ? Fitting.missing(installation, route) : Set.<String>of();
        var refusal = Fitting.wrongKind(installation, route)
                .or(() -> missing.isEmpty() ? Optional.empty() : Optional.of(Fitting.lacking(installation, missing)))
                .or(() -> usable ? Optional.empty() : whyNone(installation));
        var health = refusal.isPresent()
                ? TokenPeek.Health.NONE
                : !usable
                        ? TokenPeek.Health.ENDED
                        : now - known.overdueAt >= 0 ? TokenPeek.Health.DUE : TokenPeek.Health.GOOD;
        return Optional.of(new TokenPeek(
                health,
                known.token == null
                        ? Optional.empty()
                        : Optional.of(known.token.result().kind()),
                (installation.isPrecious() ? "the installation of the app '" : "minted for the app '") + key.app()
                        + "' at " + key.resource(),
                installation.tokens().map(Tokens::expires),
                refusal));
    }

    /** Of one that is pending or revoked: what is to be said to its callers. */
    public static String whyClosed(Installation installation, Function<InstallationKey, String> howToInstall) {
        var key = installation.key();
        var which = "the installation of the app '" + key.app() + "' at " + key.resource();
        return installation.isPending()
                ? which + " waits for the operator's approval"
                : which + " was revoked (" + installation.reason() + "); " + howToInstall.apply(key);
    }

    private void renewBehind(Installation installation) {
        if (!renewals.isUnderWay(installation.key()) && !hasJustFailed(installation.key())) {
            renew(installation);
        }
    }

    private Future<Installation> renew(Installation installation) {
        return renewals.renew(installation)
                .onFailure(failure -> failedAt.put(installation.key(), ticker.read()))
                .onSuccess(renewed -> failedAt.remove(installation.key()));
    }

    private boolean hasJustFailed(InstallationKey key) {
        var at = failedAt.get(key);
        return at != null && ticker.read() - at < AFTER_FAILURE.toNanos();
    }

    private Future<Token> renewed(Installation installation) {
        var why = whyNone(installation);
        if (why.isPresent()) {
            return Future.failedFuture(why.get());
        }
        return renew(installation).transform((renewed, failure) -> {
            var now = held.get(installation.key());
            return failure == null && now != null && now.isUsable(ticker.read())
                    ? now.token
                    : Future.failedFuture(
                            temporarily(installation, failure == null ? "revoked" : failure.getMessage()));
        });
    }

    /** Why no token is to be had now, where that is known before one is asked for. */
    private Optional<Unavailable> whyNone(Installation installation) {
        var key = installation.key();
        return switch (installation.status()) {
            case PENDING ->
                Optional.of(new Unavailable(Unavailable.Reason.NONE, whyClosed(installation, howToInstall)));
            case REVOKED ->
                Optional.of(new Unavailable(Unavailable.Reason.DEAD, whyClosed(installation, howToInstall)));
            case LOST ->
                Optional.of(new Unavailable(
                        Unavailable.Reason.DEAD, installation.reason() + "; " + howToInstall.apply(key)));
            case PAUSED, ACTIVE ->
                hasJustFailed(key) && !renewals.isUnderWay(key)
                        ? Optional.of(temporarily(installation, installation.reason()))
                        : Optional.empty();
        };
    }

    private static Unavailable temporarily(Installation installation, @Nullable String why) {
        return new Unavailable(
                Unavailable.Reason.TEMPORARY,
                "the token of " + installation.key().resource() + " has ended and no new one is to be had"
                        + (why == null || why.isEmpty() ? "" : ": " + why),
                Optional.of(AFTER_FAILURE));
    }

    private Unavailable notInstalled(InstallationKey key) {
        return new Unavailable(
                Unavailable.Reason.NONE,
                "the app '" + key.app() + "' is not installed at " + key.resource() + "; " + howToInstall.apply(key));
    }

    /** Only the two messages that mean an expired token come here; see the dispatcher. */
    @Override
    public Future<Boolean> rejected(Tenant tenant, Token token, String message) {
        var known = held.get(InstallationKey.of(tenant));
        if (known == null || known.token == null) {
            return Future.succeededFuture(false);
        }
        if (!known.hasToken(token.bearer())) {
            return Future.succeededFuture(true); // another is here already
        }
        var key = known.installation.key();
        if (hasJustFailed(key) || !renewals.isUnderWay(key) && !isFirstRefusal(key)) {
            return Future.succeededFuture(false);
        }
        known.refused = true;
        return renew(known.installation).transform((renewed, failure) -> {
            var now = held.get(key);
            return Future.succeededFuture(
                    failure == null && now != null && now.token != null && !now.hasToken(token.bearer()));
        });
    }

    /** Whether none was renewed for such a refusal lately; then this one counts. */
    private boolean isFirstRefusal(InstallationKey key) {
        long now = ticker.read();
        boolean[] first = new boolean[1];
        refusedAt.compute(key, (same, before) -> {
            first[0] = before == null || now - before >= REFUSED_AGAIN.toNanos();
            return first[0] ? Long.valueOf(now) : before;
        });
        return first[0];
    }
}
