package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.TokenGrant;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What is left when a refresh token is spent: a reconnect, and where HighLevel refuses that, the admission that the
 * installation is lost. Also writes down how an installation stands. Any thread.
 */
final class Reconnects {

    /** HighLevel did not look at one that it throttled, so that one need not wait for as long as one that it refused. */
    private static final Duration THROTTLED_FOR = Duration.ofMinutes(1);

    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ReconnectTurns turns;
    private final Installations installations;
    private final OAuthApi api;
    private final Pause pause;
    private final InstantSource clock;
    private final CredentialEvents events;

    Reconnects(
            Vault vault,
            Installations installations,
            OAuthApi api,
            Pause pause,
            InstantSource clock,
            CredentialEvents events) {
        this.turns = new ReconnectTurns(vault.store(), pause, clock);
        this.installations = installations;
        this.api = api;
        this.pause = pause;
        this.clock = clock;
        this.events = events;
    }

    /** The last resort: HighLevel gives a new code to who proves to be the app, and no customer need click. */
    Future<Installation> reconnect(Installation current, OAuthClient client) {
        return turns.take(current.key())
                .compose(turn -> reconnected(current, client, TRIES)
                        .recover(failure -> failure instanceof Refused refused
                                ? refused(current, turn, refused)
                                : Future.failedFuture(failure)));
    }

    private Future<Installation> reconnected(Installation current, OAuthClient client, int tries) {
        return api.reconnect(client, current.key().resource())
                .compose(code -> api.exchange(client, code))
                .compose(grant -> kept(current, grant, installations::replace))
                .onSuccess(kept -> events.reconnected(kept.key()))
                .recover(failure -> {
                    if (failure instanceof Unanswered && tries > 1) {
                        return pause.of(PAUSE).compose(rested -> reconnected(current, client, tries - 1));
                    }
                    return Future.failedFuture(failure);
                });
    }

    private Future<Installation> refused(Installation current, ReconnectTurns.Turn turn, Refused refused) {
        return switch (refused.reason()) {
            case THROTTLED -> {
                turns.giveBack(turn, THROTTLED_FOR);
                yield Renewals.failed("HighLevel refused a reconnect for now: " + refused.getMessage());
            }
            case LOCATION_NOT_ACTIVE -> standing(current, Status.PAUSED, refused.getMessage());
            default -> {
                var why = "its refresh token is spent and a reconnect was refused: " + refused.getMessage();
                events.lost(current.key(), why);
                yield standing(current, Status.LOST, why);
            }
        };
    }

    /** Its tokens stay as they are: nothing is thrown away by an error. What waits for approval still does. */
    Future<Installation> standing(Installation current, Status found, String why) {
        var status = current.isPending() ? Status.PENDING : found;
        var next = current.status() == status && current.reason().equals(why)
                ? Future.succeededFuture(current)
                : installations.keep(current.with(status, why, clock.instant()));
        return next.compose(kept -> Renewals.failed(why));
    }

    Future<Installation> kept(
            Installation current, TokenGrant grant, Function<Installation, Future<Installation>> keep) {
        if (!grant.canBeOf(current.key().resource())) {
            return Future.failedFuture(new Unanswered("HighLevel answered with the token of " + grant.resource()));
        }
        var now = clock.instant();
        return keep.apply(current.with(Tokens.of(grant, now), grant.companyId(), grant.scopes(), now));
    }
}
