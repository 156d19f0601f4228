package io.ghlgateway.limits;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A bucket in Redis, and while Redis is lost a bucket of this replica's share. */
final class FallbackBucket implements TokenBucket {

    private static final String NO_SHARE = "Redis is lost, and this replica's share of the quota is less than one";

    private final RedisBucket shared;
    private final RedisStanding standing;
    private final Supplier<Limit> limit;
    private final Function<Limit, StrictWindow> windowOf;
    private final BiFunction<LocalShare, StrictWindow, TokenBucket> maker;
    private final boolean owes;
    private final AtomicLong owed = new AtomicLong();
    private @Nullable Local local; // guarded by this

    /** @param owes whether what was taken locally is to be taken from Redis too, once it is back */
    FallbackBucket(
            RedisBucket shared,
            RedisStanding standing,
            Supplier<Limit> limit,
            Function<Limit, StrictWindow> windowOf,
            BiFunction<LocalShare, StrictWindow, TokenBucket> maker,
            boolean owes) {
        this.shared = shared;
        this.standing = standing;
        this.limit = limit;
        this.windowOf = windowOf;
        this.maker = maker;
        this.owes = owes;
    }

    @Override
    public Future<Integer> take(int wanted) {
        var share = standing.share();
        if (share.isEmpty()) {
            return settled().compose(done -> shared.take(wanted));
        }
        return local(share.get())
                .<Future<Integer>>map(bucket -> bucket.take(wanted).onSuccess(taken -> {
                    if (owes) {
                        owed.addAndGet(taken);
                    }
                }))
                .orElseGet(() -> Future.failedFuture(NO_SHARE));
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

    /** Of a local bucket there is no reading: what the other replicas spend meanwhile is not known. */
    @Override
    public Future<Payment> pay(int wanted) {
        return standing.share().isEmpty()
                ? settled().compose(done -> shared.pay(wanted))
                : take(wanted).map(count -> new Payment(count, false, null));
    }

    @Override
    public Future<OptionalLong> ownUntilNow(Reading reading) {
        return standing.share().isEmpty() ? shared.ownUntilNow(reading) : Future.succeededFuture(OptionalLong.empty());
    }

    @Override
    public Future<Optional<Restraint>> restrain(
            long quota, UnaryOperator<Restraint> step, Function<Restraint, StrictWindow> windowOfQuota) {
        return standing.share().isEmpty()
                ? shared.restrain(quota, step, windowOfQuota)
                : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Outlook> outlook(long position) {
        return current()
                .<Future<Outlook>>map(bucket -> bucket.outlook(position))
                .orElseGet(() -> Future.failedFuture(NO_SHARE));
    }

    @Override
    public Future<Long> tighten(DayLeft left) {
        var share = standing.share();
        if (share.isEmpty()) {
            return settled().compose(done -> shared.tighten(left)); // what this replica sent is no foreign spend
        }
        return local(share.get())
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
        boolean forgotten;
        synchronized (this) {
            var made = local;
            if (made != null && (standing.share().isEmpty() || made.bucket().rest())) {
                local = null;
            }
            forgotten = local == null;
        }
        return shared.rest() && forgotten && owed.get() == 0;
    }

    private Optional<TokenBucket> current() {
        var share = standing.share();
        return share.isEmpty() ? Optional.of(shared) : local(share.get());
    }

    private synchronized Optional<TokenBucket> local(LocalShare share) {
        var made = local;
        var whole = limit.get();
        var part = share.of(whole);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        var window = windowOf.apply(part.get());
        if (made == null || made.share() != share) {
            made = new Local(share, whole, maker.apply(share, window));
        } else if (!made.whole().equals(whole)) {
            made.bucket().become(window); // at once: it is in the heap
            made = new Local(share, whole, made.bucket());
        }
        local = made;
        return Optional.of(made.bucket());
    }

    private record Local(LocalShare share, Limit whole, TokenBucket bucket) {}
}
