package io.ghlgateway.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * New tokens for old, without ever losing one. Any thread.
 *
 * <p>A refresh token is single-use, so each use is written down before it is made and its answer before it is used. In
 * this order, and only one replica at a time (the lease):
 *
 * <ol>
 *   <li>read the store: somebody may have done it;
 *   <li>write down the intent; if that fails, nothing is begun;
 *   <li>ask HighLevel. Where the answer is lost, ask again with the same token: within 30 s of the first time HighLevel
 *       gives the same pair again;
 *   <li>write down the answer, share it, use it;
 *   <li>where HighLevel says that the token is spent: read the store again, then reconnect, and only then give up.
 * </ol>
 *
 * A crash anywhere leaves a refresh token that works, or an intent that says which one to repeat; {@link Recovery} does
 * that. The lease saves work; what keeps a replica that lost it unnoticed from doing harm is {@link
 * Installation#isLaterThan}.
 */
public final class Renewals {

    /** Longer than all that is done under it: repeats begin for 20 s, and the last may take 15 s. */
    static final Duration LEASE = Duration.ofSeconds(40);
    /** Of HighLevel's 30 s, counted from before the first send; a repeat may wait 5 s for its turn and must still be in time. */
    static final Duration REPEAT_WITHIN = Duration.ofSeconds(20);

    /** Of a token's life, in which its renewal cannot wait for the store any more. */
    static final Duration LAST_MINUTES = Duration.ofMinutes(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    private final Vault vault;
    private final Installations installations;
    private final RefreshJournal journal;
    private final Members members;
    private final OAuthApi api;
    private final Reconnects reconnects;
    private final Function<App, Optional<OAuthClient>> clients;
    private final Minting minting;
    private final Pause pause;
    private final Ticker ticker;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CredentialEvents events;
    private final SingleFlight<InstallationKey, Installation> flights = new SingleFlight<>();

    /** What a call with a company's token costs of that company's quota: completes when it is paid for. */
    @FunctionalInterface
    public interface Toll {
        Future<Void> pay(InstallationKey company);
    }

    /**
     * @param clients what an app proves itself with, where it is configured
     * @param random used by any thread: safe for that
     */
    public Renewals(
            Vault vault,
            Installations installations,
            RefreshJournal journal,
            Members members,
            OAuthApi api,
            Function<App, Optional<OAuthClient>> clients,
            Toll toll,
            Pause pause,
            Ticker ticker,
            InstantSource clock,
            RandomGenerator random,
            CredentialEvents events) {
        this.vault = vault;
        this.installations = installations;
        this.journal = journal;
        this.members = members;
        this.api = api;
        this.reconnects = new Reconnects(vault, installations, api, pause, clock, events);
        this.clients = clients;
        this.minting = new Minting(installations, api, reconnects, toll, clock, this::renew);
        this.pause = pause;
        this.ticker = ticker;
        this.clock = clock;
        this.random = random;
        this.events = events;
    }

    /**
     * A later generation than this one: another replica's if it was there first, else a new one. Joined by all who ask
     * while it is under way.
     *
     * @return fails with {@link NotRenewed}
     */
    public Future<Installation> renew(Installation stale) {
        return flights.join(
                stale.key(),
                () -> leased(stale, ticker.read() + LEASE.toNanos(), LOOK_AGAIN)
                        .onSuccess(fresh -> {
                            if (fresh.generation() > stale.generation() && fresh.status() == Status.ACTIVE) {
                                events.renewed(fresh.key(), !fresh.isPrecious());
                            }
                        })
                        .recover(failure -> notRenewed(stale, failure)));
    }

    boolean isUnderWay(InstallationKey key) {
        return flights.isUnderWay(key);
    }

    /** Completes when those that are under way now have ended. */
    public Future<Void> settled() {
        return flights.settled();
    }

    private Future<Installation> notRenewed(Installation stale, Throwable failure) {
        events.renewalFailed(stale.key(), String.valueOf(failure.getMessage()));
        return Future.failedFuture(NotRenewed.of(failure));
    }

    private Future<Installation> leased(Installation stale, long giveUpAt, Duration rest) {
        return vault.store().lease(stale.key().name(), journal.owner(), LEASE).transform((lease, unreachable) -> {
            if (unreachable != null) {
                return alone(stale, unreachable);
            }
            return lease.isPresent()
                    ? underLease(stale, lease.get().fence())
                            .eventually(() -> vault.store().release(lease.get()).otherwiseEmpty())
                    : byAnother(stale, giveUpAt, rest);
        });
    }

    /**
     * Without the store nobody can be kept from doing the same, so nothing is begun that can wait; what cannot is one
     * replica's business, the same one in everybody's eyes.
     */
    private Future<Installation> alone(Installation stale, Throwable unreachable) {
        boolean canWait = stale.tokens()
                .filter(tokens -> clock.instant().plus(LAST_MINUTES).isBefore(tokens.usableUntil()))
                .isPresent();
        if (canWait || !members.isMine(stale.key().name(), journal.owner())) {
            return failed("the store cannot be asked: " + unreachable.getMessage());
        }
        var current = installations.find(stale.key()).orElse(stale);
        if (current.generation() > stale.generation() || current.isRevoked()) {
            return Future.succeededFuture(current);
        }
        return current.isPrecious() ? refresh(current, 0) : minting.mint(current);
    }

    /** Another replica is at it: what it does is as good. */
    private Future<Installation> byAnother(Installation stale, long giveUpAt, Duration rest) {
        return pause.of(rest.plusMillis(random.nextInt(100)))
                .compose(rested -> installations.reread(stale.key()))
                .compose(found -> {
                    if (isDone(found, stale)) {
                        return Future.succeededFuture(found.orElseThrow());
                    }
                    return ticker.read() - giveUpAt > 0
                            ? failed("another replica has been renewing it for too long")
                            : leased(stale, giveUpAt, doubled(rest, LONGEST_LOOK));
                });
    }

    private static boolean isDone(Optional<Installation> found, Installation stale) {
        return found.filter(current -> current.hasOtherTokensThan(stale)).isPresent();
    }

    private Future<Installation> underLease(Installation stale, long fence) {
        return installations.reread(stale.key()).compose(found -> {
            var current = found.orElse(stale);
            if (isDone(found, stale) || current.isRevoked()) {
                return Future.succeededFuture(current);
            }
            if (members.isCatchingUp() && !members.isMine(current.key().name(), journal.owner())) {
                return failed(
                        "the store was away, and the replica that could renew it without is given time to say so");
            }
            return current.isPrecious() ? refresh(current, fence) : minting.mint(current);
        });
    }

    /** By a refresh token, which is used up by it. */
    private Future<Installation> refresh(Installation current, long fence) {
        var client = clients.apply(current.key().app());
        var token = current.tokens().flatMap(Tokens::refresh);
        if (client.isEmpty()) {
            return failed("the app '" + current.key().app() + "' is not configured");
        }
        if (token.isEmpty()) {
            return reconnects.reconnect(current, client.get());
        }
        return journal.intend(new RefreshJournal.Intent(
                        current.key().name(),
                        current.generation(),
                        KeyHash.of(token.get()).bytes(),
                        fence,
                        clock.instant()))
                .recover(unwritable ->
                        failed("not begun, for its intent cannot be written down: " + unwritable.getMessage()))
                .compose(intended -> new Use(current, client.get(), token.get()).asked(FIRST_PAUSE, false));
    }

    /** One use of a refresh token, however often HighLevel has to be asked what came of it. */
    private final class Use {

        private final Installation current;
        private final OAuthClient client;
        private final Secret token;
        private final long begun = ticker.read();

        Use(Installation current, OAuthClient client, Secret token) {
            this.current = current;
            this.client = client;
            this.token = token;
        }

        /** @param inDoubt whether it was asked before, and the answer lost: the token may be used up by now */
        Future<Installation> asked(Duration nextPause, boolean inDoubt) {
            return api.refresh(client, current.key().resource().kind(), token)
                    .compose(grant -> reconnects.kept(current, grant, installations::keep))
                    .recover(failure -> {
                        if (failure instanceof Unanswered unanswered) {
                            return askedAgain(nextPause, inDoubt || unanswered.wasSent(), failure);
                        }
                        if (failure instanceof Refused refused) {
                            return inDoubt && !refused.speaksOfToken()
                                    ? askedAgain(nextPause, true, failure)
                                    : refused(current, client, refused);
                        }
                        return Future.failedFuture(failure);
                    });
        }

        private Future<Installation> askedAgain(Duration rest, boolean inDoubt, Throwable failure) {
            var length = rest.dividedBy(2).plusMillis(random.nextLong(rest.toMillis()));
            if (ticker.read() - begun + length.toNanos() > REPEAT_WITHIN.toNanos()) {
                // The intent stays: whoever tries next knows that this token may have been used.
                return failed("HighLevel's token endpoint gave no answer: " + failure.getMessage());
            }
            return pause.of(length).compose(rested -> asked(doubled(rest, LONGEST_PAUSE), inDoubt));
        }
    }

    private static Duration doubled(Duration rest, Duration most) {
        var twice = rest.multipliedBy(2);
        return twice.compareTo(most) > 0 ? most : twice;
    }

    private Future<Installation> refused(Installation current, OAuthClient client, Refused refused) {
        // HighLevel has said what became of the token: nothing is in doubt any more.
        journal.abandoned(current.key().name(), current.generation());
        return switch (refused.reason()) {
            case INVALID_GRANT ->
                installations
                        .reread(current.key())
                        .compose(found -> isDone(found, current)
                                ? Future.succeededFuture(found.orElseThrow())
                                : reconnects
                                        .reconnect(found.orElse(current), client)
                                        .recover(failure -> Future.failedFuture(NotRenewed.denied(failure))));
            case LOCATION_NOT_ACTIVE -> reconnects.standing(current, Status.PAUSED, refused.getMessage());
            case TOKEN_INVALID, THROTTLED, OTHER ->
                failed("HighLevel's token endpoint refused: " + refused.getMessage());
        };
    }

    static <T> Future<T> failed(String why) {
        return Future.failedFuture(new NotRenewed(why));
    }
}
