package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back from one key's short window what its replies give reason to. Any thread.
 *
 * <p><b>Foreign spend.</b> A reply says how many of the quota are used; those beyond what all replicas can have sent in that
 * time were sent by others. As many, and a margin for their chance, are left to them until they have been fewer for
 * {@value #INTERVALS} intervals: to react is too late once a burst has left. The upstream counts arrivals, of which none is older than what
 * {@link Reading#spent} covers (see {@link StrictWindow}); so the sole spender of a quota never sees any.
 *
 * <p><b>Pace.</b> An unexpected 429 halves what may be sent at once; each half minute without one gives a little back
 * (additive increase, multiplicative decrease: RFC 5681). So an upstream that only estimates its window, or has another beside it, is
 * met within a few refusals. Those under way when the bound was lowered are the same mistake.
 *
 * <p>All replicas share it: it is part of the bucket's own configuration, which each payment tells.
 */
final class Restrainer {

    private static final long RESTORE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long AT_ONCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int INTERVALS = 3;
    /** Up to a fiftieth of the quota may be arrivals that were late. */
    private static final int NOISE = 50;

    private final BudgetKey key;
    private final TokenBucket burst;
    private final Supplier<Limit> limit;
    private final Windows windows;
    private final BucketStore store;
    private final Ticker ticker;
    private final LimitEvents events;

    // All below is guarded by this.
    private final PayLog log = new PayLog();
    private final long[] mostForeign = new long[INTERVALS];
    private Restraint restraint = Restraint.NONE; // as last seen
    private long changedAt;
    private long halvedAt;
    private long intervalBegan;
    private @Nullable Claim next;
    private boolean asking;

    /**
     * What a reply said.
     *
     * @param used of the quota
     * @param foreignAtMost of them, for all that this replica knows
     */
    private record Claim(long used, long foreignAtMost, Reading reading) {}

    Restrainer(
            BudgetKey key,
            TokenBucket burst,
            Supplier<Limit> limit,
            Windows windows,
            BucketStore store,
            Ticker ticker,
            LimitEvents events) {
        this.key = key;
        this.burst = burst;
        this.limit = limit;
        this.windows = windows;
        this.store = store;
        this.ticker = ticker;
        this.events = events;
        long now = ticker.read();
        this.changedAt = now;
        this.halvedAt = now;
        this.intervalBegan = now;
    }

    synchronized Restraint restraint() {
        return restraint;
    }

    /** See {@link TokenBucket#pay}. */
    Future<Integer> pay(int wanted, long readAt) {
        relax(readAt);
        return burst.pay(wanted, limit.get()).map(payment -> {
            note(payment, readAt);
            return payment.count();
        });
    }

    private synchronized void note(Payment payment, long readAt) {
        var reading = payment.reading();
        if (reading == null) {
            return;
        }
        if (payment.count() > 0) {
            log.add(readAt, reading, payment.count());
        }
        if (!reading.restraint().equals(restraint)) {
            restraint = reading.restraint(); // another replica's doing
            changedAt = ticker.read();
        }
    }

    /** @param paidAt when what was replied to was paid for */
    void observe(RateHeaders said, long paidAt) {
        var quota = limit.get();
        if (said.remaining().isEmpty() || said.max().orElse(0) != quota.requests()) {
            return;
        }
        long used = quota.requests() - said.remaining().getAsInt();
        synchronized (this) {
            var entry = log.at(paidAt);
            if (entry == null) {
                return;
            }
            long foreignAtMost = used - entry.reading().spent() - log.takenSince(entry);
            if (foreignAtMost <= 0 && restraint.foreign() == 0) {
                return; // nearly always
            }
            var claim = new Claim(used, foreignAtMost, entry.reading());
            if (next == null || next.foreignAtMost() < foreignAtMost) {
                next = claim;
            }
        }
        examine();
    }

    /** One claim at a time; of those made meanwhile the greatest. */
    private void examine() {
        Claim claim;
        synchronized (this) {
            if (asking || next == null) {
                return;
            }
            claim = next;
            next = null;
            asking = true;
        }
        burst.ownUntilNow(claim.reading()).onComplete((own, failure) -> {
            synchronized (this) {
                asking = false;
            }
            if (failure == null && own.isPresent()) {
                saw(claim.used() - own.getAsLong());
            }
            examine();
        });
    }

    /** @param foreign how many of the quota's last interval were others' */
    private void saw(long foreign) {
        Restraint now;
        Restraint wanted;
        synchronized (this) {
            roll(ticker.read());
            mostForeign[0] = Math.max(mostForeign[0], foreign);
            now = restraint;
            wanted = now.leaving(Math.max(now.foreign(), leftTo(foreign)));
        }
        if (!wanted.equals(now)) {
            events.foreign(key, wanted.foreign() - now.foreign());
            become(now, wanted);
        }
    }

    /** What is left to others who spent so many: as many again, and more by chance. */
    private int leftTo(long foreign) {
        int quota = limit.get().requests();
        return foreign * NOISE <= quota
                ? 0
                : (int) Math.min(quota - 1L, foreign + (long) Math.ceil(Math.sqrt(foreign)));
    }

    /** The key's quota was refused. */
    void refused() {
        Restraint now;
        int sent;
        synchronized (this) {
            halvedAt = ticker.read();
            now = restraint;
            sent = log.count(halvedAt - AT_ONCE_NANOS);
        }
        become(now, now.halved(limit.get(), sent));
    }

    /** Whether what was paid for then was paid for under the bound that holds now. */
    synchronized boolean isNews(long paidAt) {
        return paidAt - halvedAt >= 0;
    }

    /** Takes back a little of what was kept back, where it is time. */
    void relax(long now) {
        Restraint before;
        Restraint after;
        synchronized (this) {
            before = restraint;
            if (before.equals(Restraint.NONE)) {
                return;
            }
            boolean rolled = roll(now);
            after = rolled ? before.leaving(Math.min(before.foreign(), leftTo(most()))) : before;
            if (now - changedAt >= RESTORE_NANOS && before.isPaced()) {
                after = after.restored(limit.get());
            }
            if (after.equals(before)) {
                return;
            }
            changedAt = now; // whether it succeeds or not: not again at once
        }
        become(before, after);
    }

    private long most() {
        long most = 0;
        for (long each : mostForeign) {
            most = Math.max(most, each);
        }
        return most;
    }

    /** @return whether a new interval began */
    private boolean roll(long now) {
        long length = limit.get().per().toNanos();
        boolean rolled = false;
        for (int i = 0; now - intervalBegan >= length && i < INTERVALS; i++) {
            System.arraycopy(mostForeign, 0, mostForeign, 1, INTERVALS - 1);
            mostForeign[0] = 0;
            intervalBegan += length;
            rolled = true;
        }
        if (now - intervalBegan >= length) {
            intervalBegan = now;
        }
        return rolled;
    }

    private void become(Restraint before, Restraint after) {
        var quota = limit.get();
        burst.restrain(windows.burst(quota, before), windows.burst(quota, after))
                .onSuccess(done -> {
                    if (done) {
                        synchronized (this) {
                            restraint = after;
                            changedAt = ticker.read();
                        }
                        store.restrain(key, after);
                        events.restrained(key, after.foreign(), after.allowance());
                    }
                });
    }
}
