package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What of one key's short window is left to its interactive requests by all others, on all replicas. Any thread; futures
 * never fail: while it cannot be asked it keeps nothing back.
 */
final class ClassReserve extends Roster.Guest implements AllowancePart {
    /*
     * In a strict window a token that is kept back all the time is lost: there is no later moment at which it could be lent.
     * So no more is kept back than interactive requests have been using. Two buckets on the grid of the key's own:
     *
     *     asked: one token for each interactive request that came; what it lacks is u, those of the last period.
     *     open:  one for each send of the others, which must leave  held = min(r, u + 2 sqrt(u))  of its N.
     *
     * Claim: with `held` and u steady, an interactive send finds a token of the key's at once, as long as u < held.
     * Proof: a bandwidth of `open` gave at most N - held since it was filled; the key's bandwidth beside it, filled at the
     * same moment, gave those and at most u interactive ones: it has held - u left, or more. So has each. QED.
     *
     * What others outside spend of the quota is kept back from the key's bucket already, so it is left over here as well.
     * Nothing upstream is promised here, so what the key denied may be sent for a little later without harm.
     */

    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
    private static final long CREDIT_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * Of one quota.
     *
     * @param percent of it that are reserved
     * @param most r, the reserve in requests
     */
    private record Buckets(Limit limit, int percent, int most, TokenBucket asked, TokenBucket open) {}

    private record Look(long at, Future<Integer> held) {}

    private final Budget budget;
    private final IntSupplier percent;
    private final BucketStore store;
    private final Ticker ticker;

    // All below is guarded by this.
    private @Nullable Buckets buckets;
    private @Nullable Look look;
    private int credit;
    private long creditUntil;

    /**
     * @param budget the key's
     * @param percent of its quota that are reserved, as it is in force
     */
    ClassReserve(Budget budget, IntSupplier percent, BucketStore store, Roster roster, Ticker ticker) {
        super(roster);
        this.budget = budget;
        this.percent = percent;
        this.store = store;
        this.ticker = ticker;
    }

    /** An interactive request came. Completes when it has been counted, or could not be. */
    Future<Void> asked() {
        if (store.isAlone()) {
            return Future.succeededFuture();
        }
        stay();
        return buckets().asked().take(1).otherwise(0).mapEmpty();
    }

    @Override
    public Future<Taken> take(int wanted) {
        long now = ticker.read();
        int credited = takeCredit(wanted, now);
        if (credited == wanted || store.isAlone()) {
            return Future.succeededFuture(new Taken(wanted, now));
        }
        stay();
        roster.tidy(now);
        return leaving()
                .compose(leaving -> buckets().open().take(wanted - credited, leaving))
                .otherwise(wanted - credited)
                .map(fresh -> new Taken(credited + fresh, now));
    }

    @Override
    public void giveBack(int count, long paidAt) {
        if (count > 0) {
            synchronized (this) {
                long now = ticker.read();
                credit = creditUntil - now > 0 ? credit + count : count;
                creditUntil = now + CREDIT_NANOS;
            }
        }
    }

    private synchronized int takeCredit(int wanted, long now) {
        int taken = creditUntil - now > 0 ? Math.min(credit, wanted) : 0;
        credit -= taken;
        return taken;
    }

    private synchronized int credited() {
        return creditUntil - ticker.read() > 0 ? credit : 0;
    }

    @Override
    public Cause cause() {
        return Cause.WINDOW;
    }

    /** Of those who leave the reserve alone. */
    @Override
    public Future<Forecast> forecast(int position) {
        int credited = credited();
        if (position <= credited || store.isAlone()) {
            return Future.succeededFuture(Forecast.OPEN);
        }
        return leaving()
                .compose(leaving -> forecast(position - credited, leaving, credited))
                .otherwise(Forecast.OPEN);
    }

    private Future<Forecast> forecast(int position, int leaving, int credited) {
        var of = buckets();
        long whole = of.limit().requests();
        long room = whole - leaving; // so many of each period
        long periods = (position - 1) / room;
        return of.open()
                .outlook(periods * whole + position - periods * room + leaving)
                .map(told -> new Forecast(
                        (int) Math.max(0, told.available() - leaving) + credited,
                        Duration.ofNanos(told.nanos()),
                        told.nanos() == 0 ? Cause.NONE : Cause.WINDOW));
    }

    /** How many the others must leave now; not all. */
    private Future<Integer> leaving() {
        return look().held()
                .map(held -> Math.min(
                        budget.limit().requests() - 1, held + budget.restraint().foreign()));
    }

    private synchronized Look look() {
        long now = ticker.read();
        var last = look;
        if (last == null || now - last.at() >= LOOK_NANOS) {
            var of = buckets();
            last = new Look(
                    now,
                    of.asked()
                            .outlook(1)
                            .map(told -> held(of.most(), of.most() - told.available()))
                            .otherwise(0));
            look = last;
        }
        return last;
    }

    private static int held(int most, long used) {
        return (int) Math.min(most, used + Math.ceil(2 * Math.sqrt(used)));
    }

    /** Those of a quota that was learned, or of another reserve, begin anew. */
    private synchronized Buckets buckets() {
        var quota = budget.limit();
        int part = percent.getAsInt();
        var known = buckets;
        if (known == null || !known.limit().equals(quota) || known.percent() != part) {
            int most = Math.max(1, (int) ((long) quota.requests() * part / 100));
            known = new Buckets(
                    quota,
                    part,
                    most,
                    store.ofClass(budget.key(), "asked", new Limit(most, quota.per(), quota.daily())),
                    store.ofClass(budget.key(), "open", quota));
            buckets = known;
            look = null;
        }
        return known;
    }

    @Override
    boolean letGo() {
        var of = buckets();
        return of.asked().letGo() & of.open().letGo();
    }
}
