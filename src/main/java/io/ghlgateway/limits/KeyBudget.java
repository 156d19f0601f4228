package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One key's budget: a day bucket and a log of its short window, with the hold and the quota in force. */
final class KeyBudget extends Roster.Guest implements Budget {
    /*
     * Day first, burst last: a burst permit lives only for permit-ttl, a day permit all day. Day permits that the burst was
     * too short for are the key's credit for its next spend: never spent twice.
     */

    private final BudgetKey key;
    private final BucketStore store;
    private final Ticker ticker;
    private final LimitEvents events;
    private final Learning learning;
    private final SendLog burst;
    private final TokenBucket day;
    private final DayCredit credit;
    private final Hold hold;
    private final Rests rests;
    private final Optional<BudgetKey> who; // rests, and not all
    private final LastSeen seen;
    private final Duration guard;
    private final Restrainer restrainer;

    /**
     * @param configured the quota that holds where nothing is learned, also when it changes, and else until something is
     * @param learns whether replies teach anything
     */
    KeyBudget(
            BudgetKey key,
            BucketStore store,
            Windows windows,
            Roster roster,
            Ticker ticker,
            LimitEvents events,
            Supplier<Limit> configured,
            boolean learns) {
        super(roster);
        this.key = key; // first: others ask this for it as they are made
        this.store = store;
        this.ticker = ticker;
        this.events = events;
        this.learning = new Learning(this, store, windows, events, configured, learns);
        this.burst = store.burst(key, learning::limit);
        this.day = store.day(key, learning::limit, learning::day);
        this.hold = new Hold(ticker);
        this.rests = store.rests();
        this.who = Optional.of(key);
        this.credit = new DayCredit(ticker);
        this.guard = windows.guard();
        this.seen = new LastSeen(burst, day, credit, ticker);
        this.restrainer = new Restrainer(key, burst, learning::limit, guard, store, ticker, learning::logDiffers);
    }

    /** To be called once, first. */
    void begin() {
        learning.begin();
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
            return Future.succeededFuture(account(wanted, new Spend(0, obstacle, readAt)));
        }
        if (learning.isInForce() || store.isAlone()) {
            return spend(wanted, readAt);
        }
        // Under the old quota the buckets would still give what the new one does not have.
        return learning.settle()
                .transform((done, failure) -> failure == null
                        ? trySpend(wanted)
                        : Future.succeededFuture(account(wanted, new Spend(0, Cause.DEGRADED, readAt))));
    }

    private Future<Spend> spend(int wanted, long readAt) {
        int ask = Math.min(wanted, limit().requests()); // the burst cannot give more, and the day should not
        int credited = credit.take(ask);
        return (credited == ask ? spendBurst(ask, wanted, ask, readAt) : spendDay(credited, wanted, ask, readAt))
                .map(spend -> account(wanted, spend));
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

    private Future<Spend> spendBurst(int dayPaid, int wanted, int asked, long readAt) {
        if (dayPaid == 0) {
            return Future.succeededFuture(new Spend(0, Cause.DAY, readAt));
        }
        long burstAt = ticker.read(); // the day may have taken its time
        return restrainer.pay(dayPaid, burstAt).transform((payment, failure) -> {
            if (failure != null) {
                credit.add(dayPaid);
                return Future.succeededFuture(new Spend(0, Cause.DEGRADED, burstAt));
            }
            int sends = payment.count();
            credit.add(dayPaid - sends);
            seen.windowPaid(payment, limit(), guard, restrainer.restraint(), ticker.read());
            var lacking = payment.byPace() ? Cause.PACE : Cause.WINDOW;
            var cause = sends == wanted ? Cause.NONE : sends == dayPaid && dayPaid < asked ? Cause.DAY : lacking;
            return Future.succeededFuture(new Spend(sends, cause, burstAt + payment.waited()));
        });
    }

    private Spend account(int wanted, Spend spend) {
        stay();
        roster.tidy(spend.paidAt());
        if (spend.granted() > 0) {
            seen.daySpent(spend.granted());
            events.spent(key, spend.granted());
        }
        seen.look(limit(), restrainer.restraint(), !store.isAlone());
        if (spend.granted() < wanted) {
            events.fellShort(key, spend.cause());
        }
        return spend;
    }

    @Override
    public Future<Forecast> forecast(int position) {
        return look(position)
                .compose(forecast -> forecast.cause() == Cause.DAY && learning.believesResetNow()
                        ? learning.settle().transform(done -> look(position))
                        : Future.succeededFuture(forecast));
    }

    private Future<Forecast> look(int position) {
        long closed = store.closedNanos();
        if (closed > 0) {
            return Future.succeededFuture(Forecast.closed(closed, position, limit(), guard));
        }
        int credited = credit.get();
        boolean alone = store.isAlone();
        return day.outlook(Math.max(1, position - credited))
                .compose(d -> forecast(position, position > credited ? d : d.now(), credited))
                .recover(failure -> store.isAlone() && !alone // it was just lost
                        ? look(position)
                        : Future.succeededFuture(Forecast.SILENT))
                .onComplete(done -> stay());
    }

    /** What the window gives, it gives once neither a hold nor the day is in the way: who stands behind a window's worth waits for both. */
    private Future<Forecast> forecast(int position, Outlook day, int credited) {
        long held = heldNanos(ticker.read());
        long idle = Math.max(held, day.nanos());
        return burst.outlook(position, idle).map(window -> {
            seen.counted(window.available(), day.available() + credited, ticker.read());
            int free = held > 0 ? 0 : (int) Math.min(window.available(), day.available() + credited);
            long delay = window.nanosAfter(idle);
            // What lasts as long as the interval outlasts all that counts now: what comes after it is its doing.
            boolean idleDecides = delay == idle || idle >= limit().per().toNanos();
            var cause = !idleDecides ? window.cause() : idle == held ? Cause.HOLD : Cause.DAY;
            return new Forecast(free, Duration.ofNanos(delay), delay == 0 ? Cause.NONE : cause);
        });
    }

    @Override
    public Standing standing() {
        if (seen.isKnown()) {
            seen.look(limit(), restrainer.restraint(), !store.isAlone()); // it may have come back while nobody spent
        }
        long now = ticker.read();
        var lefts = store.closedNanos() > 0 ? List.<Standing.Left>of() : seen.lefts(limit(), heldNanos(now), now);
        return new Standing(seen.policies(limit()), lefts);
    }

    @Override
    public Restraint restraint() {
        return store.isAlone() ? Restraint.NONE : restrainer.restraint();
    }

    @Override
    public Optional<Duration> dayExhaustedIn() {
        return store.isAlone() ? Optional.empty() : seen.dayExhaustedIn(ticker.read());
    }

    @Override
    public void observe(RateHeaders headers, long paidAt) {
        learning.observe(headers);
        if (learning.isOn() && !store.isAlone()) {
            restrainer.observe(headers, paidAt);
        }
    }

    /** A 429 because the day is used up does not slow the pace. */
    @Override
    public void upstreamRefused(Duration pause, RateHeaders said, long paidAt) {
        if (said.isDayLeft() && !store.isAlone()) {
            restrainer.upstreamRefused(paidAt);
        }
        hold.lengthen(pause);
        rests.rest(who, pause); // where nobody hears of it the others get a 429 of their own
        stay();
        events.held(key, pause);
    }

    @Override
    public void blocked(Optional<Duration> asked) {
        store.egress().barred(asked);
    }

    private long heldNanos(long now) {
        return Math.max(
                hold.nanosLeft(now), Math.max(rests.nanos(who), store.egress().nanos(now)));
    }

    @Override
    public Duration held() {
        return Duration.ofNanos(heldNanos(ticker.read()));
    }

    @Override
    public Future<Void> rest(Duration pause) {
        return rests.rest(who, pause);
    }

    @Override
    public Future<Void> wake() {
        hold.end();
        return rests.wake(who);
    }

    boolean isQuotaInForce() {
        return learning.isInForce();
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
