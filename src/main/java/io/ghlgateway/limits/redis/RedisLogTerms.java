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
    private final RedisTrust standing;
    private final Remembered remembered;
    private final Windows windows;
    private final boolean learn;
    private final SharedClock clock;

    /** @param home the log's own key in Redis */
    RedisLogTerms(
            byte[] home,
            BudgetKey key,
            Supplier<Limit> limit,
            RedisTrust standing,
            Remembered remembered,
            Windows windows,
            boolean learn,
            SharedClock clock) {
        this.home = home;
        this.key = key;
        this.limit = limit;
        this.standing = standing;
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
        return standing.share().isEmpty();
    }

    /** Nothing sent if it was merely unused, and closed for a while where Redis forgot, as the mark says that is read again. */
    @Override
    public Future<SlidingLog> beginning() {
        return standing.look()
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
        return longer(limit.get()) > 0 ? Openings.NONE : standing.repayment().openAlready();
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
                        - standing.period().toMillis());
    }

    @Override
    public byte[] channel() {
        return standing.busyKeys().channel();
    }

    @Override
    public void busy() {
        standing.busyKeys().busy(home);
    }

    @Override
    public int keptBack() {
        return standing.aftermath().keptBack(limit.get());
    }

    @Override
    public Set<Repayment.Debtor> debtors() {
        return standing.repayment().debtors();
    }
}
