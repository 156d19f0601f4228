package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A log in this process. Answers at once, on the caller's thread; its futures never fail. */
public final class HeapLog implements SendLog {

    private final Duration guard;
    private final TimeMeter clock;
    private final Ledger ledger;
    private final long opensAt;
    private Limit quota; // guarded by this
    private @Nullable SlidingLog log; // guarded by this; absent while nothing in it would count

    public HeapLog(Limit quota, Duration guard, TimeMeter clock, Ledger ledger) {
        this(quota, guard, clock, ledger, 0);
    }

    /** @param opensAt nothing is given before, epoch milliseconds */
    public HeapLog(Limit quota, Duration guard, TimeMeter clock, Ledger ledger, long opensAt) {
        this.quota = quota;
        this.opensAt = opensAt;
        this.guard = guard;
        this.clock = clock;
        this.ledger = ledger;
    }

    @Override
    public synchronized Future<Payment> pay(int wanted) {
        var payment = log().pay(wanted, now());
        if (payment.count() > 0) {
            ledger.spending(payment.count());
        }
        return Future.succeededFuture(payment);
    }

    @Override
    public synchronized Future<OptionalLong> ownUntilNow(Reading reading) {
        return Future.succeededFuture(log().ownUntilNow(reading));
    }

    @Override
    public synchronized Future<Optional<Restraint>> restrain(long of, UnaryOperator<Restraint> step) {
        if (quota.requests() != of) {
            return Future.succeededFuture(Optional.empty());
        }
        var before = log().restraint();
        var after = step.apply(before);
        if (!after.equals(before)) {
            log().restrain(after, now());
        }
        return Future.succeededFuture(Optional.of(after));
    }

    @Override
    public synchronized Future<Void> late(long paidAtMillis, Duration by) {
        log().late(paidAtMillis, by.toMillis(), now());
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Outlook> outlook(long position, long idle) {
        return Future.succeededFuture(log().outlook(position, idle, clock.currentTimeNanos()));
    }

    /** So many were sent just now that this did not give. */
    public synchronized void charge(int count) {
        if (count > 0) {
            log().charge(count, now());
        }
    }

    @Override
    public synchronized Future<Void> become(Limit next) {
        if (!log().isOf(next)) {
            log().become(next, now());
        }
        quota = next;
        return Future.succeededFuture();
    }

    @Override
    public synchronized boolean letGo() {
        if (log != null && log.isSpent(now())) {
            log = null;
        }
        return log == null;
    }

    private long now() {
        return Math.floorDiv(clock.currentTimeNanos(), 1_000_000L);
    }

    private SlidingLog log() {
        var existing = log;
        if (existing == null) {
            long now = now();
            existing = SlidingLog.begun(quota, Restraint.NONE, guard, opensAt, now);
            var past = ledger.past();
            if (past.spent() > 0) {
                existing.charge(past.spent(), Math.floorDiv(past.asOfNanos(), 1_000_000L));
            }
            log = existing;
        }
        return existing;
    }
}
