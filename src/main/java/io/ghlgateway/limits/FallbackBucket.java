package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** A bucket in Redis, and while Redis is lost one of this replica's share: what that gave is taken from Redis too, once it is back. */
final class FallbackBucket implements TokenBucket {

    private final RedisBucket shared;
    private final RedisStanding standing;
    private final LocalPart<TokenBucket> local;
    private final AtomicLong owed = new AtomicLong();

    FallbackBucket(
            RedisBucket shared,
            RedisStanding standing,
            Supplier<Limit> limit,
            Function<Limit, StrictWindow> windowOf,
            BiFunction<LocalShare, StrictWindow, TokenBucket> maker) {
        this.shared = shared;
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
            return settled().compose(done -> shared.take(wanted));
        }
        return local.of(share.get())
                .<Future<Integer>>map(bucket -> bucket.take(wanted).onSuccess(owed::addAndGet))
                .orElseGet(() -> Future.failedFuture(LocalShare.NONE_LEFT));
    }

    /** Alone, nothing is left over: what this replica may take is a part already. */
    @Override
    public Future<Integer> take(int wanted, long leaving) {
        return standing.share().isEmpty() ? settled().compose(done -> shared.take(wanted, leaving)) : take(wanted);
    }

    private Future<Void> settled() {
        long debt = owed.get() == 0 ? 0 : owed.getAndSet(0);
        return debt == 0
                ? Future.succeededFuture()
                : shared.take((int) Math.min(Integer.MAX_VALUE, debt))
                        .onFailure(unheard -> owed.addAndGet(debt)) // charged twice at worst
                        .mapEmpty();
    }

    @Override
    public Future<Outlook> outlook(long position) {
        return current()
                .<Future<Outlook>>map(bucket -> bucket.outlook(position))
                .orElseGet(() -> Future.failedFuture(LocalShare.NONE_LEFT));
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
    public boolean rest() {
        boolean forgotten = local.rest(standing.share().isPresent(), TokenBucket::rest);
        return shared.rest() && forgotten && owed.get() == 0;
    }

    private Optional<TokenBucket> current() {
        var share = standing.share();
        return share.isEmpty() ? Optional.of(shared) : local.of(share.get());
    }
}
