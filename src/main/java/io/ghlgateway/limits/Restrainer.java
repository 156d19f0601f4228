package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.RateHeaders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back from one key's short window what its replies give reason to. Any thread.
 *
 * <p><b>Foreign spend.</b> A reply says how many of the quota are used; those beyond what all replicas can have sent in that
 * time were sent by others. As many, and a margin for their chance, are left to them until they have been fewer for
 * three intervals ({@link RecentMost}): it is too late to react once a burst has left. The upstream counts arrivals, of which none is older than what
 * {@link Reading#spent} covers (see {@link SlidingLog}); so the sole spender of a quota never sees any.
 *
 * <p><b>Pace.</b> An unexpected 429 halves what may be sent at once; each half minute without one gives a little back
 * (additive increase, multiplicative decrease: RFC 5681). So an upstream that only estimates its window, or has another beside it, is
 * met within a few refusals. A 429 to what was paid for under a higher bound than is in force changes nothing: that was halved already.
 *
 * <p><b>Lateness.</b> A 429 that comes though the window was kept to is of requests that arrived later than the guard allows
 * for. As long as there is a bound on what is sent at once, a reply that is later than most, by more than the guard, has its
 * request count for so much longer.
 *
 * <p>All replicas share it: it is part of the log itself, and each payment tells it.
 */
final class Restrainer {

    private static final long RESTORE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long REMEMBER_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long AT_ONCE_NANOS = Duration.ofMillis(500).toNanos();
    /** After so many intervals without a reply what is left to others is given up. */
    private static final int SILENT_INTERVALS = 10;
    /** Up to a fiftieth of the quota may be arrivals that were late. */
    private static final int NOISE = 50;

    private final BudgetKey key;
    private final SendLog burst;
    private final Supplier<Limit> limit;
    private final long guardNanos;
    private final BucketStore store;
    private final Ticker ticker;
    private final Runnable otherQuota;

    // All below is guarded by this.
    private final PayLog log = new PayLog();
    private final TypicalTime replies = new TypicalTime();
    private final RecentMost foreign;
    private Restraint restraint = Restraint.NONE; // as last seen
    private long changedAt;
    private long rememberedAt;
    private long sawAt;
    private boolean mayRelax; // an interval began since it was looked at last
    private @Nullable Claim next;
    private boolean asking;

    /**
     * What a reply said.
     *
     * @param used of the quota
     * @param foreignAtMost of them, for all that this replica knows
     */
    private record Claim(long used, long foreignAtMost, Reading reading) {}

    /** @param otherQuota told of each payment from a log that is kept under another quota than the one in force */
    Restrainer(
            BudgetKey key,
            SendLog burst,
            Supplier<Limit> limit,
            Duration guard,
            BucketStore store,
            Ticker ticker,
            Runnable otherQuota) {
        this.otherQuota = otherQuota;
        this.key = key;
        this.burst = burst;
        this.limit = limit;
        this.guardNanos = guard.toNanos();
        this.store = store;
        this.ticker = ticker;
        long now = ticker.read();
        this.changedAt = now;
        this.rememberedAt = now;
        this.foreign = new RecentMost(now);
        this.sawAt = now;
    }

    synchronized Restraint restraint() {
        return restraint;
    }

    /** See {@link SendLog#pay}. */
    Future<Payment> pay(int wanted, long readAt) {
        relax(readAt);
        return burst.pay(wanted).onSuccess(payment -> note(payment, readAt + payment.waited()));
    }

    private void note(Payment payment, long readAt) {
        var reading = payment.reading();
        var quota = limit.get();
        if (reading == null || reading.quota() != quota.requests()) {
            synchronized (this) {
                log.clear(); // whatever replies tell now, this was not in the log that they are held against
            }
            if (reading != null) {
                otherQuota.run();
            }
            return;
        }
        boolean tells;
        synchronized (this) {
            if (payment.count() > 0) {
                log.add(readAt, reading, payment.count(), quota.per().toNanos() * 2);
            }
            adopt(reading.restraint());
            tells = !restraint.equals(Restraint.NONE) && readAt - rememberedAt >= REMEMBER_NANOS;
            if (tells) {
                rememberedAt = readAt;
            }
        }
        if (tells) {
            store.restrain(key, reading.quota(), reading.restraint());
        }
    }

    /** What another replica has seen counts as seen here. */
    private void adopt(Restraint found) {
        if (!found.equals(restraint)) {
            long now = ticker.read();
            roll(now);
            foreign.saw(found.foreign());
            restraint = found;
            changedAt = now;
        }
    }

    /** @param paidAt when what was replied to was paid for */
    void observe(RateHeaders said, long paidAt) {
        var quota = limit.get();
        if (said.remaining().isEmpty() || said.max().orElse(0) != quota.requests()) {
            return;
        }
        long used = quota.requests() - said.remaining().getAsInt();
        retard(paidAt);
        synchronized (this) {
            var entry = log.at(paidAt);
            if (entry == null || entry.reading().quota() != quota.requests()) {
                return;
            }
            long foreignAtMost = used - entry.reading().spent() - log.takenSince(entry);
            if (foreignAtMost <= 0 && restraint.foreign() == 0) {
                return; // nearly always
            }
            if (next == null || next.foreignAtMost() < foreignAtMost) {
                next = new Claim(used, foreignAtMost, entry.reading());
            }
        }
        examine();
    }

    private void retard(long paidAt) {
        long took = ticker.read() - paidAt;
        long late;
        synchronized (this) {
            late = took - replies.median();
            replies.add(took);
            if (!restraint.isPaced() || late <= guardNanos) {
                return;
            }
        }
        long when = Math.floorDiv(store.clock().currentTimeNanos() - took, 1_000_000L);
        burst.late(when, Duration.ofNanos(late));
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
        int left = leftTo(foreign);
        synchronized (this) {
            sawAt = ticker.read();
            roll(sawAt);
            this.foreign.saw(foreign);
            if (left <= restraint.foreign()) {
                return;
            }
        }
        become(now -> now.leaving(Math.max(now.foreign(), left)));
    }

    /** What is left to others who spent so many: as many again, and more by chance. */
    private int leftTo(long foreign) {
        int quota = limit.get().requests();
        return foreign * NOISE <= quota
                ? 0
                : (int) Math.min(quota - 1L, foreign + (long) Math.ceil(Math.sqrt(foreign)));
    }

    /** The key's quota was refused to what was paid for then. */
    void upstreamRefused(long paidAt) {
        int quota = limit.get().requests();
        int sent;
        int bound; // in force when it was paid for
        synchronized (this) {
            var entry = log.at(paidAt);
            if (entry == null && paidAt - changedAt < 0) {
                return;
            }
            bound = entry == null
                    ? restraint.allowance()
                    : entry.reading().restraint().allowance();
            int around = entry == null ? 0 : log.around(paidAt, AT_ONCE_NANOS) * store.replicas();
            sent = around == 0 ? quota : around;
        }
        become(now -> now.allowance() < bound ? now : now.halved(quota, sent));
    }

    /** Takes back a little of what was kept back, where it is time. */
    void relax(long now) {
        var quota = limit.get();
        Restraint before;
        Restraint after;
        synchronized (this) {
            before = restraint;
            if (before.equals(Restraint.NONE)) {
                return;
            }
            roll(now);
            long interval = quota.per().toNanos();
            boolean informed = now - sawAt <= 2 * interval || now - changedAt >= interval * SILENT_INTERVALS;
            after = mayRelax && informed ? before.leaving(Math.min(before.foreign(), leftTo(foreign.most()))) : before;
            mayRelax &= !informed;
            if (now - changedAt >= RESTORE_NANOS && before.isPaced()) {
                after = after.restored(quota.requests());
            }
            if (after.equals(before)) {
                return;
            }
            changedAt = now; // whether it succeeds or not: not again at once
        }
        var relaxed = after;
        become(found -> found.equals(before) ? relaxed : found); // of several replicas one
    }

    private void roll(long now) {
        mayRelax |= foreign.roll(now, limit.get().per().toNanos());
    }

    private void become(UnaryOperator<Restraint> step) {
        int quota = limit.get().requests();
        burst.restrain(quota, step)
                .onSuccess(found -> found.ifPresent(now -> {
                    synchronized (this) {
                        if (now.equals(restraint)) {
                            return;
                        }
                        adopt(now);
                        rememberedAt = changedAt;
                    }
                    store.restrain(key, quota, now);
                }));
    }
}
