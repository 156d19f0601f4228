package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one key's replies teach: the quota in force, when its day begins, and what others spend of the day.
 *
 * <p>A lower quota is believed at once, a higher one after two replies in a row that say the same. The day's beginning
 * is believed when two replies, minutes apart, agree on it, or from one reply once somebody has to wait for it.
 */
final class Learning {

    private static final Logger LOG = LoggerFactory.getLogger(Learning.class);

    private final KeyBudget budget;
    private final BudgetKey key;
    private final BucketStore store;
    private final Windows windows;
    private final LimitEvents events;
    private final boolean on;
    private final DayStart dayStart = new DayStart();
    private final Supplier<Limit> configured;
    private final AtomicReference<Limit> limit;
    private volatile boolean newLimit; // the buckets, and other replicas, have not been told of it
    private volatile boolean newDay; // the day's bucket has not been told when it begins
    private final AtomicReference<@Nullable Promise<Void>> settling = new AtomicReference<>();
    private final AtomicBoolean tightening = new AtomicBoolean();
    private final AtomicReference<@Nullable DayLeft> left = new AtomicReference<>();
    private @Nullable Limit raise; // guarded by this: said once
    private long loweredAt; // guarded by this: by the store's clock; zero when long ago
    private long differedAt; // guarded by this: by the store's clock
    private long distrust; // guarded by this: for how many nanoseconds from then on no raise is believed

    /**
     * @param budget whose buckets are brought under what is learned
     * @param configured the quota that holds where nothing is learned, also when it changes, and else until something is
     * @param on whether replies teach anything
     */
    Learning(
            KeyBudget budget,
            BucketStore store,
            Windows windows,
            LimitEvents events,
            Supplier<Limit> configured,
            boolean on) {
        this.budget = budget;
        this.key = budget.key();
        this.store = store;
        this.windows = windows;
        this.events = events;
        this.configured = configured;
        this.on = on;
        this.limit = new AtomicReference<>(configured.get());
    }

    Limit limit() {
        var known = limit.get();
        if (on) {
            return known;
        }
        var written = configured.get();
        if (!written.equals(known) && limit.compareAndSet(known, written)) {
            newLimit = true;
        }
        return limit.get();
    }

    /** Whether replies teach anything. */
    boolean isOn() {
        return on;
    }

    /** The day of a quota, with its beginning once that is known. */
    StrictWindow day(Limit quota) {
        return dayStart.of(quota.daily()).orElseGet(() -> windows.day(quota));
    }

    /** Nanoseconds until the day begins anew, as far as is known. */
    long untilReset() {
        return dayStart.untilReset(store.clock().currentTimeNanos());
    }

    /** Takes over what other replicas know, or makes them forget it where nothing is to be learned. */
    void begin() {
        var initial = limit();
        if (on) {
            store.remembered(key, initial).onSuccess(known -> limit.compareAndSet(initial, known));
        } else {
            newLimit = true;
            settle().onFailure(failure -> LOG.warn("{} is not yet under the configured quota", key, failure));
        }
    }

    void observe(RateHeaders headers) {
        if (!on || headers == RateHeaders.NONE) {
            return;
        }
        learn(headers);
        if (!isInForce()) {
            settle();
        }
        var remaining = headers.dailyRemaining();
        if (remaining.isPresent() && !budget.seen().dayHoldsAtMost(remaining.getAsLong())) {
            long credit = budget.creditWithin(remaining.getAsLong());
            var said = new DayLeft(headers.dailyMax().orElse(limit().daily()), remaining.getAsLong() - credit);
            left.accumulateAndGet(said, (one, other) -> one == null || other == null ? said : one.lower(other));
            tighten();
        }
    }

    /**
     * The log of payments is under another quota: another replica knows another, or the log was begun by one that did. It is
     * looked up what replicas are to know, or told again, once an interval at most: replicas that are configured otherwise
     * would go on with that for ever.
     */
    void logDiffers() {
        long now = store.clock().currentTimeNanos();
        synchronized (this) {
            if (now - differedAt < limit().per().toNanos()) {
                return;
            }
            differedAt = now;
        }
        var known = limit();
        (on ? store.remembered(key, known) : Future.succeededFuture(known)).onSuccess(remembered -> {
            if (remembered.equals(known) || !limit.compareAndSet(known, remembered)) {
                newLimit = true;
                settle();
            }
        });
    }

    /** Whether the buckets stand under all that is known. Until then nothing may be spent from them. */
    boolean isInForce() {
        limit(); // it may have been configured anew
        return !newLimit && !newDay && settling.get() == null;
    }

    /**
     * Brings the buckets under what is known; who comes while that is under way waits for its end. Fails when the store
     * did not answer: what is known is still to be settled then.
     */
    Future<Void> settle() {
        Promise<Void> mine = Promise.promise();
        var running = settling.compareAndExchange(null, mine);
        if (running != null) {
            return running.future();
        }
        apply().onComplete(done -> {
            settling.set(null);
            mine.handle(done);
        });
        return mine.future();
    }

    /** Somebody has to wait for the next day: true when its beginning is believed only now, and to be settled. */
    boolean believesResetNow() {
        if (!on || !dayStart.believe()) {
            return false;
        }
        newDay = true;
        return true;
    }

    private void learn(RateHeaders headers) {
        Limit before;
        Limit next;
        synchronized (this) {
            before = limit();
            next = next(before, headers);
            if (!next.equals(before)) {
                limit.set(next);
                newLimit = true;
            }
        }
        if (!next.equals(before)) {
            LOG.info("{}: the upstream states {}; it was {}", key, next, before);
            events.learned(key, before, next);
        }
        if (headers.dailyReset().isPresent()
                && dayStart.learns(headers.dailyReset().get(), now())) {
            newDay = true;
        }
    }

    private Limit next(Limit current, RateHeaders headers) {
        var stated = Reconciliation.stated(current, headers);
        boolean raises = Reconciliation.raises(current, stated);
        var next = !raises || stated.equals(raise) && !distrusts() ? stated : Reconciliation.strictest(current, stated);
        raise = raises && !next.equals(stated) ? stated : null;
        if (Reconciliation.raises(next, current)) {
            loweredAt = store.clock().currentTimeNanos();
            distrust = windows.burst(current).period().toNanos();
        }
        return next;
    }

    /**
     * For a period after a lower quota came, replies that were on their way state the higher one, two in a row and more.
     * To believe them would give again what was spent beyond the lower one, which knows no debt.
     */
    private boolean distrusts() {
        return store.clock().currentTimeNanos() - loweredAt < distrust;
    }

    private Future<Void> apply() {
        if (newLimit) {
            newLimit = false; // what is learned from here on is new again
            newDay = false;
            var next = limit();
            return store.remember(key, next)
                    .compose(done -> Future.all(budget.burst().become(next), become(next)))
                    .onFailure(failure -> newLimit = true)
                    .compose(done -> apply());
        }
        if (newDay) {
            newDay = false;
            // Of the quota that all replicas agree on: this one may not have heard a reply since it changed.
            return (on ? store.remembered(key, limit()) : Future.succeededFuture(limit()))
                    .compose(quota -> become(quota))
                    .onFailure(failure -> newDay = true)
                    .compose(done -> apply());
        }
        return Future.succeededFuture();
    }

    private Future<Void> become(Limit quota) {
        return budget.day().become(day(quota)).onComplete(done -> budget.seen().dayMoved());
    }

    /**
     * What others spent is charged once: a reply that comes late says a higher number than ours is by then. One at a
     * time; what is said meanwhile waits, the lowest of it.
     */
    private void tighten() {
        if (!tightening.compareAndSet(false, true)) {
            return;
        }
        var lowest = left.getAndSet(null);
        if (lowest == null) {
            tightening.set(false);
            if (left.get() != null) {
                tighten(); // it was said between the two
            }
            return;
        }
        budget.day().tighten(lowest).onComplete((gone, failure) -> {
            tightening.set(false);
            budget.seen().dayMoved();
            if (failure == null && gone > 0) {
                events.foreign(key, gone);
            }
            if (left.get() != null) {
                tighten();
            }
        });
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(store.clock().currentTimeNanos());
    }
}
