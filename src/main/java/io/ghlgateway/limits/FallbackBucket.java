package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A bucket in Redis, and while Redis is lost one of this replica's share: what that gave is taken from Redis too, once it is
 * back, as far as there is as much.
 */
final class FallbackBucket implements TokenBucket, Repayment.Debtor {

    /** What is kept back is soon free: not to be asked again and again until then. */
    private static final long SOON_NANOS = Duration.ofMillis(100).toNanos();

    private final RedisBucket shared;
    private final RedisStanding standing;
    private final LocalPart<TokenBucket> local;
    private final LongSupplier keptBack;
    private final AtomicLong owed = new AtomicLong();

    FallbackBucket(
            RedisBucket shared,
            RedisStanding standing,
            Supplier<Limit> limit,
            Function<Limit, StrictWindow> windowOf,
            BiFunction<LocalShare, StrictWindow, TokenBucket> maker,
            LongSupplier keptBack) {
        this.shared = shared;
        this.keptBack = keptBack;
        this.standing = standing;
        this.local = new LocalPart<>(
                limit,
                (share, part) -> maker.apply(share, windowOf.apply(part)),
                (bucket, part) -> bucket.become(windowOf.apply(part)));
    }

    @Override
    public Future<Integer> take(int wanted) {
        var share = standing.share();
        if (share.isEmpty()) {
            return settled().compose(done -> shared.take(wanted, keptBack.getAsLong()));
        }
        return local.of(share.get())
                .map(bucket -> bucket.take(wanted).onSuccess(this::owes))
                .orElseGet(() -> Future.failedFuture(LocalShare.NONE_LEFT));
    }

    /** Alone, nothing is left over: what this replica may take is a part already. */
    @Override
    public Future<Integer> take(int wanted, long leaving) {
        return standing.share().isEmpty()
                ? settled().compose(done -> shared.take(wanted, Math.max(leaving, keptBack.getAsLong())))
                : take(wanted);
    }

    private void owes(long granted) {
        owed.addAndGet(granted);
        standing.repayment().debtors().add(this);
    }

    private Future<Void> settled() {
        long debt = owed.get() == 0 ? 0 : owed.getAndSet(0);
        if (debt == 0) {
            return Future.succeededFuture();
        }
        return shared.take((int) Math.min(Integer.MAX_VALUE, debt))
                .onFailure(unheard -> owes(debt)) // charged twice at worst
                .mapEmpty();
    }

    @Override
    public Future<Void> repay() {
        return tellEarly();
    }

    @Override
    public Future<Void> tellEarly() {
        standing.repayment().debtors().remove(this);
        return settled();
    }

    @Override
    public Future<Outlook> outlook(long position) {
        var share = standing.share();
        if (share.isPresent()) {
            return local.of(share.get())
                    .map(bucket -> bucket.outlook(position))
                    .orElseGet(() -> Future.failedFuture(LocalShare.NONE_LEFT));
        }
        long kept = keptBack.getAsLong();
        return kept == 0
                ? shared.outlook(position)
                : shared.outlook(position + kept).map(told -> lessKept(told, kept));
    }

    private static Outlook lessKept(Outlook told, long kept) {
        return new Outlook(Math.max(0, told.available() - kept), Math.min(told.nanos(), SOON_NANOS), told.paced());
    }

    @Override
    public Future<Long> tighten(DayLeft left) {
        var share = standing.share();
        if (share.isEmpty()) {
            return settled().compose(done -> shared.tighten(left)); // what this replica sent is no foreign spend
        }
        return local.of(share.get())
                .<Future<Long>>map(bucket -> bucket.tighten(left))
                .orElseGet(() -> Future.succeededFuture(0L));
    }

    /** A local bucket follows the quota by itself, at its next use. */
    @Override
    public Future<Void> become(StrictWindow next) {
        return shared.become(next);
    }

    @Override
    public boolean letGo() {
        boolean forgotten = local.letGo(standing.share().isPresent(), TokenBucket::letGo);
        boolean owes = owed.get() > 0;
        if (owes && standing.share().isEmpty()) {
            settled();
        }
        return shared.letGo() && forgotten && !owes;
    }
}
