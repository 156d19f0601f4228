package io.ghlgateway.limits;

import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one key's replies teach: the quota in force, when its day begins, and what others spend of the day.
 *
 * <p>A lower quota is believed at once, a higher one after two replies in a row that say the same. The day's beginning
 * is believed when two replies, minutes apart, agree on it.
 */
final class Learning {

    private static final Logger LOG = LoggerFactory.getLogger(Learning.class);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration APART = Duration.ofMinutes(2);
    private static final Duration AGREEING = Duration.ofMinutes(1);

    private final BudgetKey key;
    private final BucketStore store;
    private final Windows windows;
    private final LimitEvents events;
    private final boolean on;
    private final AtomicBoolean changing = new AtomicBoolean();
    private volatile boolean untold; // others have not been told of the quota in force
    private final AtomicBoolean tightening = new AtomicBoolean();
    private final AtomicLong lowestRemaining = new AtomicLong(Long.MAX_VALUE);
    private final AtomicReference<Limit> limit;
    private @Nullable Limit raise; // guarded by this: said once
    private @Nullable Instant saidAt; // guarded by this: when a reply first named the reset below
    private @Nullable Instant reset; // guarded by this
    private @Nullable Instant anchor; // guarded by this: the reset that is believed

    Learning(BudgetKey key, BucketStore store, Windows windows, LimitEvents events, BudgetSettings settings) {
        this.key = key;
        this.store = store;
        this.windows = windows;
        this.events = events;
        this.on = settings.learn();
        this.limit = new AtomicReference<>(settings.initial());
    }

    Limit limit() {
        return limit.get();
    }

    boolean changing() {
        return changing.get();
    }

    /** Takes over what other replicas know, or makes them forget it where nothing is to be learned. */
    void begin(KeyBudget budget) {
        var initial = limit();
        if (on) {
            store.remembered(key, initial).onSuccess(known -> limit.compareAndSet(initial, known));
        } else {
            store.remember(key, initial)
                    .compose(mine -> mine ? become(budget, initial) : Future.succeededFuture())
                    .onFailure(failure -> LOG.warn("{} may go on under an earlier configuration", key, failure));
        }
    }

    void observe(RateHeaders headers, KeyBudget budget) {
        if (!on || headers == RateHeaders.NONE) {
            return;
        }
        if (changing.compareAndSet(false, true)) {
            change(headers, budget).onComplete(done -> changing.set(false));
        }
        headers.dailyRemaining().ifPresent(remaining -> {
            lowestRemaining.accumulateAndGet(remaining, Math::min);
            tighten(budget);
        });
    }

    /**
     * What others spent is charged once: a reply that comes late says a higher number than ours is by then. One at a
     * time, since Redis is asked and told in two steps; what is said meanwhile waits, the lowest of it.
     */
    private void tighten(KeyBudget budget) {
        if (!tightening.compareAndSet(false, true)) {
            return;
        }
        long remaining = lowestRemaining.getAndSet(Long.MAX_VALUE);
        if (remaining == Long.MAX_VALUE) {
            tightening.set(false);
            return;
        }
        budget.day().tighten(Math.max(0, remaining - budget.credit())).onComplete((gone, failure) -> {
            tightening.set(false);
            if (failure == null && gone > 0) {
                events.foreign(key, gone);
            }
            if (lowestRemaining.get() != Long.MAX_VALUE) {
                tighten(budget);
            }
        });
    }

    private Future<Void> change(RateHeaders headers, KeyBudget budget) {
        var before = limit();
        var next = next(before, headers);
        boolean anchored = headers.dailyReset().isPresent()
                && anchors(
                        headers.dailyReset().get(),
                        Instant.EPOCH.plusNanos(store.clock().currentTimeNanos()));
        if (next.equals(before) && !untold) {
            return anchored ? budget.day().become(day(next)) : Future.succeededFuture();
        }
        limit.set(next);
        if (!next.equals(before)) {
            events.learned(key, before, next);
        }
        untold = true;
        return store.remember(key, next)
                .onSuccess(mine -> untold = false)
                .compose(mine -> mine ? become(budget, next) : Future.succeededFuture());
    }

    private Future<Void> become(KeyBudget budget, Limit next) {
        return Future.all(
                        budget.burst().become(windows.burst(next)), budget.day().become(day(next)))
                .mapEmpty();
    }

    private synchronized Limit next(Limit current, RateHeaders headers) {
        var stated = Reconciliation.stated(current, headers);
        if (!Reconciliation.raises(current, stated) || stated.equals(raise)) {
            raise = null;
            return stated;
        }
        raise = stated;
        return Reconciliation.strictest(current, stated);
    }

    private synchronized boolean anchors(Duration untilReset, Instant now) {
        var named = now.plus(untilReset);
        if (anchor != null && agree(named, anchor)) {
            return false;
        }
        if (reset == null || saidAt == null || !agree(named, reset)) {
            reset = named;
            saidAt = now;
            return false;
        }
        if (Duration.between(saidAt, now).compareTo(APART) < 0) {
            return false;
        }
        // Up to the next whole minute: all replicas mean the same instant, and none an earlier one than the upstream.
        anchor = Instant.ofEpochSecond((Math.floorDiv(named.getEpochSecond() + 1, 60L) + 1) * 60L);
        return true;
    }

    /** Instants of the same time of day, near enough. */
    private static boolean agree(Instant one, Instant other) {
        long apart = Math.floorMod(Duration.between(one, other).toMillis(), DAY.toMillis());
        return Math.min(apart, DAY.toMillis() - apart)
                <= AGREEING.toMillis() + Duration.ofSeconds(1).toMillis();
    }

    private synchronized StrictWindow day(Limit limit) {
        var known = anchor;
        return known == null ? windows.day(limit) : StrictWindow.anchored(limit.daily(), DAY, known);
    }
}
