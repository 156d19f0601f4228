package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One key's quota: a strict short window and a day, shared by all replicas where there is a Redis.
 *
 * <p>Any thread may call. Methods never block and never throw; their futures complete on any thread, at once (and on
 * the calling thread) when the budget lives in memory. A store that did not answer is a value too ({@link Cause#DEGRADED}):
 * then nothing may be sent, and what may have been spent there counts as spent.
 */
public interface Budget {

    BudgetKey key();

    /** The quota in force. */
    Limit limit();

    /**
     * Pays for as many of {@code wanted} sends as are free now, day first and burst last. A burst permit is never
     * given back; see {@link StrictWindow} for why.
     *
     * @param wanted at least 1
     */
    Future<Spend> trySpend(int wanted);

    /**
     * When the send that stands at {@code position} (1 = the next) could be paid for if nobody else spent.
     *
     * @param position at least 1
     */
    Future<Forecast> forecast(int position);

    /**
     * As {@link #forecast(int)}, for one that others of other queues go before.
     *
     * @param position in its own queue, at least 1
     */
    default Future<Forecast> forecast(int position, Rivals rivals) {
        return forecast(position + rivals.forKey());
    }

    /** The limits beside the key's own quota that are paid here too. */
    default List<RouteKey> routes() {
        return List.of();
    }

    /** What all its windows together let through in the longest of the short ones. */
    default Limit pace() {
        return limit();
    }

    /** How many replicas spend it, as last heard; this one is one of them. */
    default int replicas() {
        return 1;
    }

    /** What is kept back of the short window, as last known; for those who look, not for those who decide. */
    default Restraint restraint() {
        return Restraint.NONE;
    }

    /** When the day's quota will be gone if it is spent on as in the last quarter of an hour; empty when nobody can tell. */
    default Optional<Duration> dayExhaustedIn() {
        return Optional.empty();
    }

    /**
     * Where this budget stands, as last known: what the store said within the last second of use, of the day within the
     * last ten, less what was spent here since. May ask the store, and waits for no answer.
     */
    Standing standing();

    /** What is left of {@link #routes}, asked anew. Never fails: of one that cannot be asked nothing is told. */
    default Future<List<Standing.Left>> routesLeft() {
        return Future.succeededFuture(List.of());
    }

    /**
     * Takes to heart what the upstream said of this key's quota in a reply to what was paid for at {@code paidAt}; so it can
     * tell what others spent.
     *
     * @param headers {@link RateHeaders#NONE} where it answered and said nothing
     * @param paidAt its {@link Spend#paidAt}
     */
    void observe(RateHeaders headers, long paidAt);

    /**
     * The upstream answered 429 to what was paid for at {@code paidAt}: gives nothing for {@code pause} from now on, here at
     * once and on all replicas within half a second, and is more careful thereafter; a longer hold already in force stays.
     *
     * @param said what the reply says of the quota
     * @param paidAt its {@link Spend#paidAt}
     */
    void upstreamRefused(Duration pause, RateHeaders said, long paidAt);

    /**
     * HighLevel's edge refused a send that was paid for here, and all others from the same address with it: no key gives
     * anything for a while; see {@link Egress}.
     *
     * @param asked for how long it asks to stay away, if it does
     */
    void blocked(Optional<Duration> asked);

    /** How much longer it gives nothing for a hold or a rest; zero when it is not held. */
    default Duration held() {
        return Duration.ZERO;
    }

    /** An operator's word: gives nothing for {@code pause}, on all replicas. Fails where the others cannot be told. */
    Future<Void> rest(Duration pause);

    /** Ends all holds and rests, on all replicas but for those a 429 of their own made. Fails as {@link #rest} does. */
    default Future<Void> wake() {
        return Future.succeededFuture();
    }
}
