package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import java.nio.charset.StandardCharsets;

/** Budgets kept in Bucket4j buckets; in memory or in Redis they are the same but for where the buckets stand. */
public final class BucketBudgets implements Budgets {

    private final BudgetSettings settings;
    private final BucketStore store;
    private final Windows windows;
    private final Ticker ticker;
    private final LimitEvents events;
    private final Roster roster = new Roster();

    /** Weak: a budget that nobody holds, and that has nothing to remember, is as good as a new one. */
    private final LoadingCache<BudgetKey, KeyBudget> known =
            Caffeine.newBuilder().weakValues().build(this::make);

    private BucketBudgets(
            BudgetSettings settings, BucketStore store, Windows windows, Ticker ticker, LimitEvents events) {
        this.settings = settings;
        this.store = store;
        this.windows = windows;
        this.ticker = ticker;
        this.events = events;
    }

    /**
     * Budgets of this process alone.
     *
     * @param clock what the buckets live by; wall-clock based, see {@link WallClock}
     * @param ticker what {@link Spend#readAt} and holds are told in
     */
    public static BucketBudgets inMemory(
            BudgetSettings settings, SpendJournal journal, TimeMeter clock, Ticker ticker, LimitEvents events) {
        var windows = new Windows(settings.tuning());
        return new BucketBudgets(settings, new HeapStore(windows, clock, journal), windows, ticker, events);
    }

    /**
     * Budgets shared by all replicas that use the same Redis and prefix. Until Redis is there, and whenever it can't be
     * trusted, they give nothing and say {@link Cause#STORE}.
     *
     * @param link started by its owner, before or after
     * @param prefix what all keys in Redis begin with
     */
    public static BucketBudgets inRedis(
            BudgetSettings settings, RedisLink link, String prefix, Ticker ticker, LimitEvents events) {
        var redis = new RedisCalls(link, ticker, (latency, failure) -> events.storeAnswered(latency, failure == null));
        return inRedis(
                settings, link, redis, prefix, new RedisClock(ticker, () -> redis.call(c -> c.time())), ticker, events);
    }

    static BucketBudgets inRedis(
            BudgetSettings settings,
            RedisLink link,
            RedisCalls redis,
            String prefix,
            SharedClock clock,
            Ticker ticker,
            LimitEvents events) {
        var windows = new Windows(settings.tuning());
        var period = windows.burst(settings.initial()).period();
        var epoch = new RedisEpoch(redis, (prefix + ":epoch").getBytes(StandardCharsets.US_ASCII), clock, period);
        var standing = new RedisStanding(link, redis, clock, epoch, ticker, period);
        standing.start();
        var store = new RedisStore(prefix, windows, settings.learn(), ticker, redis, standing, clock);
        return new BucketBudgets(settings, store, windows, ticker, events);
    }

    @Override
    public Budget of(BudgetKey key) {
        return known.get(key);
    }

    private KeyBudget make(BudgetKey key) {
        var learning = new Learning(key, store, windows, events, settings);
        var budget = new KeyBudget(key, store, roster, ticker, events, learning);
        learning.begin(budget);
        return budget;
    }
}
