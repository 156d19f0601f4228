package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One key's budget: a day bucket and a log of its short window, with the hold and the quota in force. */
final class KeyBudget extends Roster.Guest implements Budget {
    /*
     * Day first, burst last: a burst token lives only for permit-ttl, a day token all day. Day tokens that the burst was
     * too short for are the key's credit for its next spend: never spent twice.
     */

    /** What to tell those who ask when a store that doesn't answer will: nobody knows. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final BudgetKey key;
    private final BucketStore store;
    private final Ticker ticker;
    private final LimitEvents events;
    private final Learning learning;
    private final SendLog burst;
    private final TokenBucket day;
    private final DayCredit credit;
    private final AtomicLong heldUntil;
    private final LastSeen seen;
    private final Duration guard;
    private final Restrainer restrainer;

    KeyBudget(
            BudgetKey key,
            BucketStore store,
            Duration guard,
            Roster roster,
            Ticker ticker,
            LimitEvents events,
            Learning learning) {
        super(roster);
        this.key = key;
        this.store = store;
        this.ticker = ticker;
        this.events = events;
        this.learning = learning;
        this.burst = store.burst(key, learning::limit);
        this.day = store.day(key, learning::limit, learning::day);
        this.heldUntil = new AtomicLong(ticker.read());
        this.credit = new DayCredit(ticker);
        this.guard = guard;
        this.seen = new LastSeen(burst, day, credit, ticker);
        this.restrainer =
                new Restrainer(key, burst, learning::limit, guard, store, ticker, () -> learning.logDiffers(this));
    }

    @Override
    public BudgetKey key() {
        return key;
    }

    @Override
    public Limit limit() {
        return learning.limit();
    }

    @Override
    public int replicas() {
        return store.replicas();
    }

    @Override
    public Future<Spend> trySpend(int wanted) {
        long readAt = ticker.read();
        var obstacle = heldNanos(readAt) > 0 ? Cause.HOLD : store.closedNanos() > 0 ? Cause.DEGRADED : Cause.NONE;
        if (obstacle != Cause.NONE) {
            return Future.succeededFuture(told(wanted, new Spend(0, obstacle, readAt)));
        }
        if (learning.settled() || store.degraded()) {
            return spend(wanted, readAt);
        }
        // Under the old quota the buckets would still give what the new one does not have.
        return learning.settle(this)
                .transform((done, failure) -> failure == null
                        ? trySpend(wanted)
                        : Future.succeededFuture(told(wanted, new Spend(0, Cause.DEGRADED, readAt))));
    }

    private Future<Spend> spend(int wanted, long readAt) {
        int ask = Math.min(wanted, limit().requests()); // the burst cannot give more, and the day should not
        int credited = credit.take(ask);
        return (credited == ask ? spendBurst(ask, wanted, ask, readAt) : spendDay(credited, wanted, ask, readAt))
                .map(spend -> told(wanted, spend));
    }

    private Future<Spend> spendDay(int credited, int wanted, int ask, long readAt) {
        int needed = ask - credited;
        return day.take(needed + credit.more(limit().daily(), seen.dayLeft())).transform((fresh, failure) -> {
            seen.dayMoved();
            if (failure != null) {
                credit.add(credited);
                return Future.succeededFuture(new Spend(0, Cause.DEGRADED, readAt));
            }
            if (fresh > needed) {
                credit.addAhead(fresh - needed, learning.untilReset());
            }
            return spendBurst(credited + Math.min(fresh, needed), wanted, ask, readAt);
        });
    }

    private Future<Spend> spendBurst(int paid, int wanted, int ask, long readAt) {
        if (paid == 0) {
            return Future.succeededFuture(new Spend(0, Cause.DAY, readAt));
        }
        long askedAt = ticker.read(); // the day may have taken its time
        return restrainer.pay(paid, askedAt).transform((payment, failure) -> {
            if (failure != null) {
                credit.add(paid);
                return Future.succeededFuture(new Spend(0, Cause.DEGRADED, askedAt));
            }
            int sends = payment.count();
            credit.add(paid - sends);
            seen.paid(payment, limit(), guard, restrainer.restraint(), ticker.read());
            var lacking = payment.paced() ? Cause.PACE : Cause.WINDOW;
            var cause = sends == wanted ? Cause.NONE : sends == paid && paid < ask ? Cause.DAY : lacking;
            return Future.succeededFuture(new Spend(sends, cause, askedAt + payment.waited()));
        });
    }

    private Spend told(int wanted, Spend spend) {
        stay();
        roster.tidy(spend.readAt());
        if (spend.granted() > 0) {
            seen.spent(spend.granted());
            events.spent(key, spend.granted());
        }
        seen.look(limit(), restrainer.restraint(), !store.degraded());
        if (spend.granted() < wanted) {
            events.refused(key, spend.cause());
        }
        return spend;
    }

    @Override
    public Future<Forecast> forecast(int position) {
        return look(position)
                .compose(forecast -> forecast.cause() == Cause.DAY && learning.believesResetNow()
                        ? learning.settle(this).transform(done -> look(position))
                        : Future.succeededFuture(forecast));
    }

    private Future<Forecast> look(int position) {
        long closed = store.closedNanos();
        if (closed > 0) {
            return Future.succeededFuture(Forecast.closed(closed, position, limit(), guard));
        }
        int credited = credit.get();
        boolean alone = store.degraded();
        return day.outlook(Math.max(1, position - credited))
                .compose(d -> forecast(position, position > credited ? d : d.now(), credited))
                .recover(failure -> store.degraded() && !alone // it was just lost
                        ? look(position)
                        : Future.succeededFuture(new Forecast(0, ASK_AGAIN, Cause.DEGRADED)))
                .onComplete(told -> stay());
    }

    /** What the window gives, it gives after all that rests: who stands behind a window's worth waits for both. */
    private Future<Forecast> forecast(int position, Outlook day, int credited) {
        long held = heldNanos(ticker.read());
        long rest = Math.max(held, day.nanos());
        return burst.outlook(position, rest).map(window -> {
            seen.counted(window.available(), day.available() + credited, ticker.read());
            int free = held > 0 ? 0 : (int) Math.min(window.available(), day.available() + credited);
            long delay = window.nanosAfter(rest);
            // A rest as long as the interval outlasts all that counts now: what comes after it is its doing.
            boolean rests = delay == rest || rest >= limit().per().toNanos();
            var cause = !rests ? window.cause() : rest == held ? Cause.HOLD : Cause.DAY;
            return new Forecast(free, Duration.ofNanos(delay), delay == 0 ? Cause.NONE : cause);
        });
    }

    @Override
    public Standing standing() {
        if (seen.isKnown()) {
            seen.look(limit(), restrainer.restraint(), !store.degraded()); // it may have come back while nobody spent
        }
        long now = ticker.read();
        var lefts = store.closedNanos() > 0 ? List.<Standing.Left>of() : seen.lefts(limit(), heldNanos(now), now);
        return new Standing(seen.policies(limit()), lefts);
    }

    @Override
    public Restraint restraint() {
        return store.degraded() ? Restraint.NONE : restrainer.restraint();
    }

    @Override
    public Optional<Duration> dayExhaustedIn() {
        return store.degraded() ? Optional.empty() : seen.dayExhaustedIn(ticker.read());
    }

    @Override
    public void observe(RateHeaders headers) {
        learning.observe(headers, this);
    }

    @Override
    public void observe(RateHeaders headers, long paidAt) {
        observe(headers);
        if (learning.isOn() && !store.degraded()) {
            restrainer.observe(headers, paidAt);
        }
    }

    /** A 429 because the day is used up does not slow the pace. */
    @Override
    public void refused(Duration pause, RateHeaders said, long paidAt) {
        if (said.isDayLeft() && !store.degraded()) {
            restrainer.refused(paidAt);
        }
        hold(pause);
    }

    @Override
    public void hold(Duration pause) {
        long until = ticker.read() + pause.toNanos();
        heldUntil.accumulateAndGet(until, (old, next) -> next - old > 0 ? next : old);
        store.rest(key, pause); // where nobody hears of it the others get a 429 of their own
        stay();
        events.held(key, pause);
    }

    @Override
    public void blocked(Optional<Duration> asked) {
        store.egress().refused(asked);
    }

    private long heldNanos(long now) {
        return Math.max(Math.max(0, heldUntil.get() - now), store.restNanos(key));
    }

    @Override
    public Duration held() {
        return Duration.ofNanos(heldNanos(ticker.read()));
    }

    @Override
    public Future<Void> rest(Duration pause) {
        return store.rest(key, pause);
    }

    @Override
    public Future<Void> wake() {
        heldUntil.set(ticker.read());
        return store.wake(key);
    }

    boolean settled() {
        return learning.settled();
    }

    SendLog burst() {
        return burst;
    }

    TokenBucket day() {
        return day;
    }

    LastSeen seen() {
        return seen;
    }

    /** The credit, of which what is beyond {@code remaining} is thrown away. */
    int creditWithin(long remaining) {
        return credit.within(remaining);
    }

    @Override
    boolean letGo() {
        // Both are asked: nothing is left of a burst long before that is so of its day.
        long now = ticker.read();
        restrainer.relax(now);
        boolean burstIsGone = burst.letGo();
        boolean dayIsGone = day.letGo();
        return burstIsGone && dayIsGone && heldNanos(now) == 0;
    }
}
