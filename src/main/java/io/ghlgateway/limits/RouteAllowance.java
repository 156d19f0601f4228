package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * One endpoint's limit for one owner: its bucket, the hold after a 429, and what was taken and not used yet. Any thread
 * may call; futures fail when the bucket's keeper did not answer.
 */
final class RouteAllowance extends Roster.Guest implements AllowancePart {
    /*
     * A send pays here first and at the key's quota last (a burst permit ages fastest). When the key denies, what was paid
     * here cannot go back into the bucket, for StrictWindow's tokens never do; it is kept as credit for the next send, of
     * whichever queue, for a time L = min(1 s, per / 20), and lost then.
     *
     * Claim: no stretch of `per` sees more than `requests` arrivals at the upstream.
     * Proof: each send stands for one grant of the bucket, none for two. Of a grant read off the clock at g the send is
     * paid in full at some r with g <= r <= g + L (RoutedBudget dates a later one back to g + L, so that its permit ages
     * from there), and arrives by r + guard. So arrivals in [x, x + per) come from grants in [x - L - guard, x + per), a
     * stretch of per + L + guard; and the bucket is a StrictWindow of requests in per + L, which gives no more than
     * `requests` in any stretch of per + L + guard. QED.
     */

    private final RouteKey key;
    private final TokenBucket bucket;
    private final Ticker ticker;
    private final LimitEvents events;
    private final long creditNanos;
    private final Hold hold;
    private final ArrayDeque<Taken> credits = new ArrayDeque<>(); // guarded by itself

    RouteAllowance(RouteKey key, TokenBucket bucket, Roster roster, Ticker ticker, LimitEvents events) {
        super(roster);
        this.key = key;
        this.bucket = bucket;
        this.ticker = ticker;
        this.events = events;
        this.creditNanos = key.limit().credit().toNanos();
        this.hold = new Hold(ticker);
    }

    RouteKey key() {
        return key;
    }

    RouteLimit limit() {
        return key.limit();
    }

    @Override
    public Cause cause() {
        return limit().scope() == RouteLimit.Scope.CALLER ? Cause.CALLER_SHARE : Cause.ROUTE;
    }

    @Override
    public Future<Taken> take(int wanted) {
        long now = ticker.read();
        if (heldNanos(now) > 0) {
            return Future.succeededFuture(new Taken(0, now));
        }
        int ask = Math.min(wanted, limit().requests());
        var credit = takeCredit(ask, now);
        if (credit.count() == ask) {
            return Future.succeededFuture(credit);
        }
        return bucket.take(ask - credit.count()).transform((fresh, failure) -> {
            if (failure != null) {
                giveBack(credit.count(), credit.paidAt());
                return Future.failedFuture(failure);
            }
            stay();
            roster.tidy(now);
            return Future.succeededFuture(new Taken(credit.count() + fresh, credit.paidAt()));
        });
    }

    @Override
    public void giveBack(int count, long paidAt) {
        if (count > 0) {
            synchronized (credits) {
                credits.add(new Taken(count, paidAt));
            }
        }
    }

    /** Until when what was taken at {@code paidAt} is good for a send. */
    long goodUntil(long paidAt) {
        return paidAt + creditNanos;
    }

    @Override
    public Future<Forecast> forecast(int position) {
        int credited = credited(ticker.read());
        return bucket.outlook(Math.max(1, position - credited)).map(told -> {
            long held = heldNanos(ticker.read());
            long nanos = Math.max(held, position <= credited ? 0 : told.nanos());
            return new Forecast(
                    held > 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, told.available() + credited),
                    Duration.ofNanos(nanos),
                    nanos == 0 ? Cause.NONE : nanos == held ? Cause.HOLD : cause(),
                    Optional.of(key));
        });
    }

    void hold(Duration pause) {
        hold.lengthen(pause);
        stay();
    }

    private long heldNanos(long now) {
        return hold.nanosLeft(now);
    }

    private Taken takeCredit(int most, long now) {
        int taken = 0;
        long oldest = now;
        synchronized (credits) {
            expire(now);
            while (taken < most && !credits.isEmpty()) {
                var next = credits.remove();
                int some = Math.min(next.count(), most - taken);
                if (some < next.count()) {
                    credits.addFirst(new Taken(next.count() - some, next.paidAt()));
                }
                oldest = next.paidAt() - oldest < 0 ? next.paidAt() : oldest;
                taken += some;
            }
        }
        return new Taken(taken, oldest);
    }

    private int credited(long now) {
        synchronized (credits) {
            expire(now);
            return credits.stream().mapToInt(Taken::count).sum();
        }
    }

    private void expire(long now) {
        int before = credits.stream().mapToInt(Taken::count).sum();
        if (credits.removeIf(credit -> now - goodUntil(credit.paidAt()) > 0)) {
            events.routeCreditLost(
                    before - credits.stream().mapToInt(Taken::count).sum());
        }
    }

    @Override
    boolean letGo() {
        long now = ticker.read();
        return bucket.letGo() && credited(now) == 0 && heldNanos(now) == 0;
    }
}
