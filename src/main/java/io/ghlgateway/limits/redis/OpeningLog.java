package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.HeapLog;
import io.ghlgateway.limits.Ledger;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.limits.Payment;
import io.ghlgateway.limits.WindowLog;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * A log in this process that gives half of its quota at once, and all of it from a later moment on, until which the other half may
 * still count elsewhere. Answers at once, on the caller's thread; its futures never fail.
 */
final class OpeningLog implements WindowLog {

    private final TimeMeter clock;
    private final long opensAt;
    private final HeapLog half;
    private final HeapLog whole; // knows what the half gave

    /**
     * @param quota two at least
     * @param opensAt when all of it is given, epoch milliseconds
     */
    OpeningLog(Limit quota, Duration guard, TimeMeter clock, long opensAt) {
        this.clock = clock;
        this.opensAt = opensAt;
        this.half = new HeapLog(half(quota), guard, clock, Ledger.NONE);
        this.whole = new HeapLog(quota, guard, clock, Ledger.NONE, opensAt);
    }

    private static Limit half(Limit quota) {
        return new Limit(Math.max(1, quota.requests() / 2), quota.per(), quota.daily());
    }

    private boolean isOpen() {
        return Math.floorDiv(clock.currentTimeNanos(), 1_000_000L) >= opensAt;
    }

    @Override
    public synchronized Future<Payment> pay(int wanted) {
        return isOpen() ? whole.pay(wanted) : half.pay(wanted).onSuccess(payment -> whole.charge(payment.count()));
    }

    /** What the half does not give the whole may give sooner. */
    @Override
    public synchronized Future<Outlook> outlook(long position, long idle) {
        var later = whole.outlook(position, idle);
        return isOpen()
                ? later
                : half.outlook(position, idle)
                        .compose(now -> later.map(all -> all.nanos() < now.nanos()
                                ? new Outlook(now.available(), all.nanos(), all.byPace())
                                : now));
    }

    @Override
    public synchronized Future<Void> become(Limit next) {
        return half.become(half(next)).compose(done -> whole.become(next));
    }

    @Override
    public synchronized boolean letGo() {
        return half.letGo() & whole.letGo();
    }
}
