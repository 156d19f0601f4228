package io.ghlgateway.limits;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketListener;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.ThreadUnsafeBucket;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tokens in this process. Answers at once, on the caller's thread; its futures never fail.
 *
 * <p>One monitor rather than Bucket4j's lock-free kind: that one copies its whole state (1.5 KB with 64 windows) for
 * each call, and cannot change its window without losing what is spent meanwhile.
 */
final class HeapBucket implements TokenBucket {

    private final TimeMeter clock;
    private final Ledger ledger;
    private StrictWindow window; // guarded by this
    private StrictWindow.Shape shape; // guarded by this: the window's
    private long taken; // guarded by this: since the beginning
    private @Nullable LocalBucket bucket; // guarded by this; absent while it would be full

    HeapBucket(StrictWindow window, TimeMeter clock, Ledger ledger) {
        this.window = window;
        this.shape = StrictWindow.shape(window.full());
        this.clock = clock;
        this.ledger = ledger;
    }

    @Override
    public synchronized Future<Integer> take(int wanted) {
        int count = (int) bucket().tryConsumeAsMuchAsPossible(wanted);
        if (count > 0) {
            taken += count;
            ledger.spending(count);
        }
        return Future.succeededFuture(count);
    }

    @Override
    public synchronized Future<Integer> take(int wanted, long leaving) {
        long most = Math.min(wanted, bucket().getAvailableTokens() - leaving);
        return most <= 0 ? Future.succeededFuture(0) : take((int) most);
    }

    @Override
    public synchronized Future<Payment> pay(int wanted) {
        int count = take(wanted).result();
        long left = window.isPaced() ? shape.left(state()) : bucket().getAvailableTokens();
        var reading =
                new Reading(shape.quota(), shape.requests(), shape.requests() - left, shape.restraint(), 0, -taken, 0);
        return Future.succeededFuture(new Payment(count, count < wanted && left > 0, reading));
    }

    /** Nobody but this process takes any. */
    @Override
    public synchronized Future<OptionalLong> ownUntilNow(Reading reading) {
        return Future.succeededFuture(
                reading.capacity() != window.requests()
                        ? OptionalLong.empty()
                        : OptionalLong.of(reading.spent() + reading.left() + taken));
    }

    @Override
    public synchronized Future<Optional<Restraint>> restrain(
            long quota, UnaryOperator<Restraint> step, Function<Restraint, StrictWindow> windowOf) {
        if (shape.quota() != quota) {
            return Future.succeededFuture(Optional.empty());
        }
        var after = step.apply(shape.restraint());
        if (!after.equals(shape.restraint())) {
            var next = windowOf.apply(after);
            var made = make(next.carrying(state(), clock.currentTimeNanos()));
            stand(next);
            bucket = made;
        }
        return Future.succeededFuture(Optional.of(after));
    }

    private BucketState state() {
        return bucket().asVerbose().getAvailableTokens().getState();
    }

    @Override
    public synchronized Future<Outlook> outlook(long position) {
        if (window.isPaced()) {
            return Future.succeededFuture(Outlook.of(state(), position, clock.currentTimeNanos()));
        }
        long near = Reconciliation.withinCapacity(position, window.requests());
        var probe = bucket().estimateAbilityToConsume(near);
        return Future.succeededFuture(Outlook.of(probe, position - near, window.full()));
    }

    @Override
    public synchronized Future<Long> tighten(DayLeft left) {
        long excess = left.excess(bucket().getAvailableTokens(), window.requests());
        return Future.succeededFuture(excess == 0 ? 0 : bucket().tryConsumeAsMuchAsPossible(excess));
    }

    @Override
    public synchronized Future<Void> become(StrictWindow next) {
        if (next.isOf(window.full())) {
            return Future.succeededFuture();
        }
        long left = Reconciliation.carriedOver(window.requests(), bucket().getAvailableTokens(), next.requests());
        stand(next);
        // The configuration that all keys share, not one of its own: a learned quota stays for long.
        var made = make(next.full());
        if (left < next.requests()) {
            made.tryConsumeAsMuchAsPossible(next.requests() - left);
        }
        bucket = made;
        return Future.succeededFuture();
    }

    @Override
    public synchronized boolean rest() {
        // Full in each of its windows is what a new one would be.
        if (bucket != null
                && !window.isPaced()
                && bucket.estimateAbilityToConsume(window.requests()).canBeConsumed()) {
            bucket = null;
        }
        return bucket == null;
    }

    private void stand(StrictWindow next) {
        window = next;
        shape = StrictWindow.shape(next.full());
    }

    private LocalBucket bucket() {
        var existing = bucket;
        if (existing == null) {
            var past = ledger.past();
            existing = past.spent() == 0
                    ? make(window.full())
                    : make(window.holding(Math.max(0, window.requests() - past.spent()), past.asOfNanos()));
            bucket = existing;
        }
        return existing;
    }

    private LocalBucket make(BucketConfiguration configuration) {
        return new ThreadUnsafeBucket(configuration, MathType.INTEGER_64_BITS, clock, BucketListener.NOPE);
    }
}
