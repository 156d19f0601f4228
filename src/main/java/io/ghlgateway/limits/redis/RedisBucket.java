package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.DayLeft;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.TokenBucket;
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

    private final Ticker ticker;
    private final Supplier<DirectLine> lines;
    private volatile long usedAt;
    private volatile @Nullable DirectLine line;

    /** @param lines makes this key's line to Redis */
    RedisBucket(Ticker ticker, Supplier<DirectLine> lines) {
        this.ticker = ticker;
        this.lines = lines;
        this.usedAt = ticker.read();
    }

    @Override
    public Future<Integer> take(int wanted, long leaving) {
        return leaving == 0
                ? call(l -> l.proxy().tryConsumeAsMuchAsPossible(wanted)).map(Long::intValue)
                : call(l -> l.run(BucketCommand.taking(wanted, leaving)));
    }

    @Override
    public Future<Outlook> outlook(long position) {
        return call(l -> l.run(BucketCommand.outlook(position)));
    }

    /** Looks first, which for a day mostly takes no exchange with Redis, since most replies say nothing new. */
    @Override
    public Future<Long> tighten(DayLeft left) {
        return call(l -> l.proxy().asVerbose().getAvailableTokens())
                .compose(held -> left.excess(held.getValue(), StrictWindow.requests(held.getConfiguration())) == 0
                        ? Future.succeededFuture(0L)
                        : call(l -> l.ifThere(BucketCommand.tightening(left))).map(gone -> gone.orElse(0L)));
    }

    /** A bucket that does not exist needs no change: it will be made for the quota that is remembered by then. */
    @Override
    public Future<Void> become(StrictWindow next) {
        return call(l -> l.ifThere(BucketCommand.becoming(next))).mapEmpty();
    }

    @Override
    public boolean letGo() {
        var idle = line;
        if (idle != null && ticker.read() - usedAt > IDLE_NANOS) {
            line = null;
            // What this replica took and has not told Redis yet; if it can't be told now it was little.
            idle.proxy().getOptimizationController().syncImmediately();
        }
        return line == null;
    }

    private <T extends @Nullable Object> Future<T> call(Function<DirectLine, CompletableFuture<T>> command) {
        usedAt = ticker.read();
        try {
            return Future.fromCompletionStage(command.apply(line()));
        } catch (RuntimeException e) {
            return Future.failedFuture(new CompletionException(e));
        }
    }

    private DirectLine line() {
        var existing = line;
        return existing != null ? existing : open();
    }

    private synchronized DirectLine open() {
        var existing = line;
        if (existing == null) {
            existing = lines.get();
            line = existing;
        }
        return existing;
    }
}
