package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens in Redis, shared by all replicas. One proxy for each key, kept while the key is in use: Bucket4j merges the
 * calls that wait for one proxy into one exchange with Redis. Completes on Lettuce's threads.
 */
final class RedisBucket implements TokenBucket {

    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    private final TimeMeter clock;
    private final Ticker ticker;
    private final Supplier<AsyncBucketProxy> proxies;
    private volatile StrictWindow window;
    private volatile long usedAt;
    private volatile @Nullable AsyncBucketProxy proxy;

    /** @param proxies makes this key's proxy */
    RedisBucket(StrictWindow window, TimeMeter clock, Ticker ticker, Supplier<AsyncBucketProxy> proxies) {
        this.window = window;
        this.clock = clock;
        this.ticker = ticker;
        this.proxies = proxies;
        this.usedAt = ticker.read();
    }

    @Override
    public Future<Integer> take(int wanted) {
        return call(p -> p.tryConsumeAsMuchAsPossible(wanted)).map(Long::intValue);
    }

    @Override
    public Future<Outlook> outlook(long position) {
        var current = window;
        long near = Reconciliation.withinCapacity(position, current.requests());
        return call(p -> p.estimateAbilityToConsume(near)).map(probe -> Outlook.of(probe, position - near, current));
    }

    @Override
    public Future<Long> tighten(long available) {
        return call(AsyncBucketProxy::getAvailableTokens).compose(held -> {
            long excess = Reconciliation.excess(held, available);
            return excess == 0 ? Future.succeededFuture(0L) : call(p -> p.tryConsumeAsMuchAsPossible(excess));
        });
    }

    /**
     * Empties the bucket and fills the next one with what is to be left: nobody can spend in between. Should this
     * replica die there, the bucket stays empty for a period, which is harmless.
     */
    @Override
    public Future<Void> become(StrictWindow next) {
        return call(p -> p.asVerbose().getAvailableTokens())
                .compose(held -> next.isOf(held.getConfiguration())
                        ? Future.<Void>succeededFuture()
                        : call(p -> p.asVerbose().tryConsumeAsMuchAsPossible()).compose(taken -> {
                            long left = Reconciliation.carriedOver(
                                    capacity(taken.getConfiguration()), taken.getValue(), next.requests());
                            var filled = next.holding(left, clock.currentTimeNanos());
                            return call(p -> p.replaceConfiguration(filled, TokensInheritanceStrategy.RESET));
                        }))
                .onSuccess(done -> window = next);
    }

    /** The window turned out to be another when the bucket was made. */
    void isUnder(StrictWindow actual) {
        window = actual;
    }

    @Override
    public boolean rest() {
        var idle = proxy;
        if (idle != null && ticker.read() - usedAt > IDLE_NANOS) {
            proxy = null;
            // What this replica took and has not told Redis yet; if it can't be told now it was little.
            idle.getOptimizationController().syncImmediately();
        }
        return proxy == null;
    }

    private <T extends @Nullable Object> Future<T> call(Function<AsyncBucketProxy, CompletableFuture<T>> command) {
        usedAt = ticker.read();
        try {
            return Future.fromCompletionStage(command.apply(proxy()));
        } catch (RuntimeException e) {
            return Future.failedFuture(new CompletionException(e));
        }
    }

    private AsyncBucketProxy proxy() {
        var existing = proxy;
        return existing != null ? existing : makeProxy();
    }

    private synchronized AsyncBucketProxy makeProxy() {
        var existing = proxy;
        if (existing == null) {
            existing = proxies.get();
            proxy = existing;
        }
        return existing;
    }

    private static long capacity(BucketConfiguration configuration) {
        return configuration.getBandwidths()[0].getCapacity();
    }
}
