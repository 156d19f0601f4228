package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.BucketStore;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Egress;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.limits.Rests;
import io.ghlgateway.limits.RouteKey;
import io.ghlgateway.limits.SendLog;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.TokenBucket;
import io.ghlgateway.limits.Windows;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.NopeOptimizationListener;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.distributed.proxy.optimization.delay.DelayOptimization;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Buckets in Redis, shared by all replicas that name the same prefix. */
final class RedisStore implements BucketStore {

    /** How far apart replicas may be about a day: below this many a day they never are. */
    private static final long SMALL_DAY = 2_000;

    private final String prefix;
    private final Windows windows;
    private final boolean learn;
    private final Ticker ticker;
    private final RedisCalls redis;
    private final RedisTrust trust;
    private final Rests rests;
    private final SharedClock clock;
    private final Egress egress;
    private final Remembered remembered;
    private final AsyncProxyManager<byte[]> proxies;

    RedisStore(
            String prefix,
            Windows windows,
            boolean learn,
            Ticker ticker,
            RedisCalls redis,
            RedisTrust trust,
            Rests rests,
            SharedClock clock,
            LimitEvents events) {
        this.prefix = prefix;
        this.windows = windows;
        this.learn = learn;
        this.ticker = ticker;
        this.redis = redis;
        this.trust = trust;
        this.rests = rests;
        this.clock = clock;
        this.remembered = new Remembered(redis, this::name);
        this.egress = new Egress(rests, ticker, events);
        this.proxies = new Bucket4jLettuce.LettuceBasedProxyManagerBuilder<byte[]>(redis.forBuckets())
                .clientClock(clock)
                // A lost race is repeated at once; this often only where something is badly wrong.
                .maxRetries(50)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(30)))
                .build()
                .asAsync();
    }

    @Override
    public TimeMeter clock() {
        return clock;
    }

    @Override
    public SendLog burst(BudgetKey key, Supplier<Limit> limit) {
        var home = name(key, "log");
        var terms = new RedisLogTerms(home, key, limit, trust, remembered, windows, learn, clock);
        var shared = new RedisLog(redis, home, clock, ticker, windows.guard(), terms);
        return new FallbackLog(shared, trust, limit, windows.guard(), ticker);
    }

    @Override
    public TokenBucket day(BudgetKey key, Supplier<Limit> limit, Function<Limit, StrictWindow> windowOf) {
        long daily = limit.get().daily();
        var optimization = daily < SMALL_DAY ? Optimizations.batching() : delayed(daily);
        var home = name(key, "day");
        var shared = new RedisBucket(
                ticker,
                () -> DirectLine.open(proxies, optimization, home, () -> newDay(home, key, limit.get(), windowOf)));
        return new FallbackBucket(shared, trust, limit, windowOf, LocalShare::day, Optional.empty());
    }

    /** By our clock, not by the one that {@link Optimizations#delaying} would take: the machine's own. */
    private Optimization delayed(long daily) {
        var little = new DelayParameters(Math.min(50, daily / SMALL_DAY), Duration.ofSeconds(1));
        return new DelayOptimization(little, NopeOptimizationListener.INSTANCE, clock);
    }

    /**
     * What a day begins with that is not in Redis: full, for where Redis forgot nothing is granted for a while anyway. The mark is read
     * again for each, so that none slips through between a loss and its discovery.
     */
    private CompletableFuture<BucketConfiguration> newDay(
            byte[] home, BudgetKey key, Limit limit, Function<Limit, StrictWindow> windowOf) {
        return trust.look()
                .checkEpoch(home)
                .compose(checked -> learn ? remembered(key, limit) : Future.succeededFuture(limit))
                .map(quota -> windowOf.apply(quota).full())
                .toCompletionStage()
                .toCompletableFuture();
    }

    /**
     * Charged with what was granted while Redis was lost: its period may outlast the pause that follows a loss. Until all have
     * done so, what they may have granted is kept back.
     */
    @Override
    public TokenBucket route(RouteKey key) {
        var limit = key.limit().granted();
        var window = windows.burst(limit);
        return new FallbackBucket(
                shortBucket(name(key.owner(), key.name()), window),
                trust,
                () -> limit,
                windows::burst,
                LocalShare::route,
                Optional.of(() -> trust.aftermath().keptBack(limit, window.period())));
    }

    @Override
    public TokenBucket ofClass(BudgetKey key, String kind, Limit limit) {
        var home = name(key, kind + ":" + limit.requests() + "/" + limit.per().toMillis());
        return shortBucket(home, windows.burst(limit));
    }

    private RedisBucket shortBucket(byte[] home, StrictWindow window) {
        return new RedisBucket(
                ticker, () -> DirectLine.open(proxies, Optimizations.batching(), home, () -> newWindow(home, window)));
    }

    /**
     * What a short window begins with that is not in Redis: full if it was merely unused; where Redis forgot, empty until all of
     * it lies after that.
     */
    private CompletableFuture<BucketConfiguration> newWindow(byte[] home, StrictWindow window) {
        return trust.look()
                .checkEpoch(home)
                .map(opensAt -> {
                    long longer = window.period().minus(trust.period()).toNanos();
                    return beginning(window, opensAt + Math.max(0, longer));
                })
                .toCompletionStage()
                .toCompletableFuture();
    }

    private BucketConfiguration beginning(StrictWindow window, long opensAt) {
        return opensAt <= clock.currentTimeNanos()
                ? window.full()
                : window.holding(0, opensAt - window.period().toNanos());
    }

    @Override
    public long closedNanos() {
        return trust.closedNanos();
    }

    @Override
    public List<String> weaknesses() {
        return trust.look().weaknesses();
    }

    @Override
    public Future<Void> opened() {
        return trust.opened();
    }

    @Override
    public boolean isAlone() {
        return trust.share().isPresent();
    }

    @Override
    public Rests rests() {
        return rests;
    }

    @Override
    public Egress egress() {
        return egress;
    }

    @Override
    public int replicas() {
        return trust.look().replicas();
    }

    @Override
    public Future<Limit> remembered(BudgetKey key, Limit otherwise) {
        return remembered.limit(key, otherwise);
    }

    @Override
    public Future<Void> remember(BudgetKey key, Limit learned) {
        return remembered.limitIs(key, learned);
    }

    @Override
    public void restrain(BudgetKey key, long quota, Restraint restraint) {
        remembered.restraintIs(key, quota, restraint);
    }

    /** The braces are Redis Cluster's hash tag: all that one key has lives in one slot. */
    private byte[] name(Object owner, String kind) {
        return (prefix + ":{" + owner + "}:" + kind).getBytes(StandardCharsets.US_ASCII);
    }
}
