package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Openings;
import io.ghlgateway.limits.SlidingLog;
import io.ghlgateway.limits.Windows;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Supplier;

/** What one key's log in Redis depends on: its quota, as it is remembered, and how Redis stands. */
final class RedisLogTerms implements LogTerms {

    private final byte[] home;
    private final BudgetKey key;
    private final Supplier<Limit> limit;
    private final RedisTrust trust;
    private final Remembered remembered;
    private final Windows windows;
    private final boolean learn;
    private final SharedClock clock;

    /** @param home the log's own key in Redis */
    RedisLogTerms(
            byte[] home,
            BudgetKey key,
            Supplier<Limit> limit,
            RedisTrust trust,
            Remembered remembered,
            Windows windows,
            boolean learn,
            SharedClock clock) {
        this.home = home;
        this.key = key;
        this.limit = limit;
        this.trust = trust;
        this.remembered = remembered;
        this.windows = windows;
        this.learn = learn;
        this.clock = clock;
    }

    @Override
    public Limit limit() {
        return limit.get();
    }

    @Override
    public boolean isRedisInUse() {
        return trust.share().isEmpty();
    }

    /** Nothing sent if it was merely unused, and closed for a while where Redis forgot, as the mark says that is read again. */
    @Override
    public Future<SlidingLog> beginning() {
        return trust.look()
                .checkEpoch(home)
                .compose(opensAt -> (learn ? remembered.limit(key, limit()) : Future.succeededFuture(limit()))
                        .compose(quota -> remembered
                                .restraint(key, quota.requests())
                                .map(kept -> SlidingLog.begun(
                                        quota,
                                        kept,
                                        windows.guard(),
                                        opens(Math.floorDiv(opensAt, 1_000_000L), quota),
                                        clock.millis()))));
    }

    /** None where what is sent counts for longer than the pause lasts: so far back nobody tells. */
    @Override
    public Openings openings() {
        return longer(limit.get()) > 0 ? Openings.NONE : trust.repayment().openAlready();
    }

    private long opens(long millis, Limit quota) {
        return millis == 0 ? 0 : millis + longer(quota);
    }

    /** How much longer than the pause that follows a loss a window is that was learned, in milliseconds. */
    private long longer(Limit quota) {
        return Math.max(
                0,
                quota.per().toMillis()
                        + windows.guard().toMillis()
                        - trust.period().toMillis());
    }

    @Override
    public byte[] channel() {
        return trust.busyKeys().channel();
    }

    @Override
    public void busy() {
        trust.busyKeys().busy(home);
    }

    @Override
    public int keptBack() {
        return trust.aftermath().keptBack(limit.get());
    }

    @Override
    public Set<Repayment.Debtor> debtors() {
        return trust.repayment().debtors();
    }
}
