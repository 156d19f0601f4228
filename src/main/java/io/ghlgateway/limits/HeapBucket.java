package io.ghlgateway.limits;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketListener;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.ThreadUnsafeBucket;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Tokens in this process. Answers at once, on the caller's thread; its futures never fail.
 *
 * <p>One monitor rather than Bucket4j's lock-free kind: that one copies its whole state (1.5 KB with 64 windows) for
 * each call, and cannot change its window without losing what is spent meanwhile.
 */
public final class HeapBucket implements TokenBucket {

    private final TimeMeter clock;
    private final Ledger ledger;
    private StrictWindow window; // guarded by this
    private @Nullable LocalBucket bucket; // guarded by this; absent while it would be full

    public HeapBucket(StrictWindow window, TimeMeter clock, Ledger ledger) {
        this.window = window;
        this.clock = clock;
        this.ledger = ledger;
    }

    @Override
    public synchronized Future<Integer> take(int wanted, long leaving) {
        long most = leaving == 0 ? wanted : Math.min(wanted, bucket().getAvailableTokens() - leaving);
        int count = most <= 0 ? 0 : (int) bucket().tryConsumeAsMuchAsPossible(most);
        if (count > 0) {
            ledger.spending(count);
        }
        return Future.succeededFuture(count);
    }

    @Override
    public synchronized Future<Outlook> outlook(long position) {
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
        window = next;
        // The configuration that all keys share, not one of its own: a learned quota stays for long.
        var made = make(next.full());
        if (left < next.requests()) {
            made.tryConsumeAsMuchAsPossible(next.requests() - left);
        }
        bucket = made;
        return Future.succeededFuture();
    }

    @Override
    public synchronized boolean letGo() {
        // Full in each of its windows is what a new one would be.
        if (bucket != null && bucket.estimateAbilityToConsume(window.requests()).canBeConsumed()) {
            bucket = null;
        }
        return bucket == null;
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
