package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.DayLeft;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.TokenBucket;
import io.vertx.core.Future;
import java.util.Optional;
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

    private final RedisBucket shared;
    private final RedisTrust trust;
    private final LocalPart<TokenBucket> local;
    private final Optional<LongSupplier> keptBack;
    private final AtomicLong owed = new AtomicLong();

    /**
     * @param keptBack how many are not granted for now, of one that is charged with what it owes as soon as Redis is back; else it is
     *     with the next take
     */
    FallbackBucket(
            RedisBucket shared,
            RedisTrust trust,
            Supplier<Limit> limit,
            Function<Limit, StrictWindow> windowOf,
            BiFunction<LocalShare, StrictWindow, TokenBucket> maker,
            Optional<LongSupplier> keptBack) {
        this.shared = shared;
        this.keptBack = keptBack;
        this.trust = trust;
        this.local = new LocalPart<>(
                limit,
                (share, part) -> maker.apply(share, windowOf.apply(part)),
                (bucket, part) -> bucket.become(windowOf.apply(part)));
    }

    /** Alone, nothing is left over: what this replica may take is a part already. */
    @Override
    public Future<Integer> take(int wanted, long leaving) {
        var share = trust.share();
        return share.isEmpty()
                ? payDebt().compose(done -> shared.take(wanted, Math.max(leaving, keptBack())))
                : local.of(share.get()).compose(bucket -> bucket.take(wanted)).onSuccess(this::owe);
    }

    private long keptBack() {
        return keptBack.isPresent() ? keptBack.get().getAsLong() : 0;
    }

    private void owe(long granted) {
        if (granted > 0) {
            owed.addAndGet(granted);
            if (keptBack.isPresent()) {
                trust.repayment().debtors().add(this);
            }
        }
    }

    private Future<Void> payDebt() {
        long debt = owed.get() == 0 ? 0 : owed.getAndSet(0);
        if (debt == 0) {
            return Future.succeededFuture();
        }
        return shared.take((int) Math.min(Integer.MAX_VALUE, debt))
                .onFailure(unheard -> owe(debt)) // charged again, where Redis did take it
                .mapEmpty();
    }

    @Override
    public Future<Void> repay() {
        return tellEarly();
    }

    @Override
    public Future<Void> tellEarly() {
        trust.repayment().debtors().remove(this);
        return payDebt();
    }

    @Override
    public Future<Outlook> outlook(long position) {
        var share = trust.share();
        if (share.isPresent()) {
            return local.of(share.get()).compose(bucket -> bucket.outlook(position));
        }
        long kept = keptBack();
        return kept == 0
                ? shared.outlook(position)
                : shared.outlook(position)
                        .compose(all -> shared.outlook(position + kept).map(less -> lessKept(all, less, kept)));
    }

    private static Outlook lessKept(Outlook all, Outlook less, long kept) {
        return new Outlook(Math.max(0, less.available() - kept), Aftermath.whenGiven(all, less), less.byPace());
    }

    @Override
    public Future<Long> tighten(DayLeft left) {
        var share = trust.share();
        return share.isEmpty()
                ? payDebt().compose(done -> shared.tighten(left)) // what this replica sent is no foreign spend
                : local.of(share.get()).compose(bucket -> bucket.tighten(left));
    }

    /** A local bucket follows the quota by itself, at its next use. */
    @Override
    public Future<Void> become(StrictWindow next) {
        return shared.become(next);
    }

    @Override
    public boolean letGo() {
        boolean forgotten = local.letGo(trust.share().isPresent(), TokenBucket::letGo);
        boolean owes = owed.get() > 0;
        if (owes && trust.share().isEmpty()) {
            payDebt();
        }
        return shared.letGo() && forgotten && !owes;
    }
}
