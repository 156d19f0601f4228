package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may reconnect when, over all replicas: HighLevel limits reconnects in terms that it does not publish. An
 * installation's claim comes first, so that nobody takes a second's place without being able to use it. Any thread.
 */
final class ReconnectTurns {

    static final Duration EVERY = Duration.ofMinutes(10);

    /** An outage may leave all tokens spent at once; the rest are tried again by the schedule. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    /** Longer than clocks differ. */
    private static final Duration SECOND_IS_KEPT = Duration.ofMinutes(1);

    private final TokenStore store;
    private final Pause pause;
    private final InstantSource clock;

    /** Claims that came to nothing, and so are as good as new until they end. */
    private final Map<InstallationKey, Unused> unused = new ConcurrentHashMap<>();

    ReconnectTurns(TokenStore store, Pause pause, InstantSource clock) {
        this.store = store;
        this.pause = pause;
        this.clock = clock;
    }

    /** @param until when its claim ends */
    record Turn(InstallationKey key, Instant until) {}

    private record Unused(Turn turn, Instant from) {}

    /** For one who asks about an installation at a time. Fails with {@link NotRenewed} where it is not now. */
    Future<Turn> take(InstallationKey key) {
        return claim(key)
                .compose(turn -> place(clock.instant().plus(LONGEST_WAIT))
                        .map(free -> turn)
                        .onFailure(noPlace -> giveBack(turn, Duration.ZERO)));
    }

    /** It was not used; it may be taken again after this time. */
    void giveBack(Turn turn, Duration rest) {
        unused.put(turn.key(), new Unused(turn, clock.instant().plus(rest)));
    }

    private Future<Turn> claim(InstallationKey key) {
        var now = clock.instant();
        var mine = unused.get(key);
        if (mine != null && now.isBefore(mine.turn().until())) {
            if (now.isBefore(mine.from())) {
                return Renewals.failed("HighLevel refused a reconnect for now; it is tried again at " + mine.from());
            }
            unused.remove(key);
            return Future.succeededFuture(mine.turn());
        }
        unused.remove(key);
        return store.claim("reconnect/" + key, EVERY)
                .compose(first -> first
                        ? Future.succeededFuture(new Turn(key, now.plus(EVERY)))
                        : Renewals.failed("a reconnect was tried within the last " + EVERY.toMinutes()
                                + " minutes; it is tried again after that"));
    }

    private Future<Void> place(Instant last) {
        var now = clock.instant();
        return store.claim("reconnect-second/" + now.getEpochSecond(), SECOND_IS_KEPT)
                .compose(free -> {
                    if (free) {
                        return Future.succeededFuture();
                    }
                    if (!now.isBefore(last)) {
                        return Renewals.failed("not now: too many reconnects wait for their turn, one in a second");
                    }
                    return pause.of(Duration.ofMillis(1_000 - now.toEpochMilli() % 1_000))
                            .compose(rested -> place(last));
                });
    }
}
