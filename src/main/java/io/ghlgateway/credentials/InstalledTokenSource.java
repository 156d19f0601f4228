package io.ghlgateway.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TokenKind;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
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
            var kind = key.resource().kind() == Resource.Kind.COMPANY ? Token.Kind.COMPANY : Token.Kind.LOCATION;
            boolean opens = now.status() != Status.PENDING && now.status() != Status.REVOKED;
            var held = now.tokens()
                    .filter(tokens -> opens)
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
            return unavailable(
                    Unavailable.Reason.NONE,
                    "the app '" + key.app() + "' is not installed at " + key.resource() + "; "
                            + howToInstall.apply(key));
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
        var installation = known.installation;
        var kind = installation.key().resource().kind();
        if (route.tokenKind() == TokenKind.AGENCY && kind == Resource.Kind.LOCATION) {
            return Optional.of(new Unavailable(
                    Unavailable.Reason.WRONG_KIND,
                    "this operation takes an agency's token, and "
                            + installation.key().resource() + " is a location; name its company"));
        }
        if (route.tokenKind() == TokenKind.LOCATION && kind == Resource.Kind.COMPANY) {
            return Optional.of(new Unavailable(
                    Unavailable.Reason.WRONG_KIND,
                    "this operation takes a location's token, and "
                            + installation.key().resource() + " is an agency; name one of its locations"));
        }
        var missing = route.missing(installation.scopes());
        if (missing.isEmpty() || installation.scopes().isEmpty()) {
            known.fitting = route;
            return Optional.empty();
        }
        events.scopeMissing(installation.key(), route, missing);
        return enforceScopes
                ? Optional.of(new Unavailable(
                        Unavailable.Reason.SCOPE_MISSING,
                        "the installation of the app '" + installation.key().app() + "' at "
                                + installation.key().resource() + " lacks the scope " + String.join(", ", missing)
                                + "; add it to the app and install it again"))
                : Optional.empty();
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
        var key = installation.key();
        return switch (installation.status()) {
            case PENDING -> unavailable(Unavailable.Reason.NONE, whyClosed(installation, howToInstall));
            case REVOKED -> unavailable(Unavailable.Reason.DEAD, whyClosed(installation, howToInstall));
            case LOST -> unavailable(Unavailable.Reason.DEAD, installation.reason() + "; " + howToInstall.apply(key));
            case PAUSED, ACTIVE -> {
                if (hasJustFailed(key) && !renewals.isUnderWay(key)) {
                    yield temporarily(installation, installation.reason());
                }
                yield renew(installation).transform((renewed, failure) -> {
                    var now = held.get(key);
                    return failure == null && now != null && now.isUsable(ticker.read())
                            ? now.token
                            : temporarily(installation, failure == null ? "revoked" : failure.getMessage());
                });
            }
        };
    }

    private Future<Token> temporarily(Installation installation, @Nullable String why) {
        return Future.failedFuture(new Unavailable(
                Unavailable.Reason.TEMPORARY,
                "the token of " + installation.key().resource() + " has ended and no new one is to be had"
                        + (why == null || why.isEmpty() ? "" : ": " + why),
                Optional.of(AFTER_FAILURE)));
    }

    private static Future<Token> unavailable(Unavailable.Reason reason, String message) {
        return Future.failedFuture(new Unavailable(reason, message));
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
            return first[0] ? now : before;
        });
        return first[0];
    }
}
