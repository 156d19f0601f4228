package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Budgets kept in Bucket4j buckets; in memory or in Redis they are the same but for where the buckets stand. */
public final class BucketBudgets implements Budgets {

    private final BudgetSettings settings;
    private final BucketStore store;
    private final Windows windows;
    private final Ticker ticker;
    private final LimitEvents events;
    private final Runnable refresh;
    private final Roster roster = new Roster();
    /** The quota of a key that nothing else is known of. */
    private volatile Limit configured;

    /** Weak: a budget that nobody holds, and that has nothing to remember, is as good as a new one. */
    private final LoadingCache<BudgetKey, KeyBudget> known = WhileHeld.by(this::make);

    private BucketBudgets(
            BudgetSettings settings,
            BucketStore store,
            Windows windows,
            Ticker ticker,
            LimitEvents events,
            Runnable refresh) {
        this.settings = settings;
        this.configured = settings.initial();
        this.store = store;
        this.windows = windows;
        this.ticker = ticker;
        this.events = events;
        this.refresh = refresh;
    }

    /**
     * Budgets of this process alone.
     *
     * @param clock what the buckets live by; wall-clock based, see {@link WallClock}
     * @param ticker what {@link Spend#paidAt} and holds are told in
     */
    public static BucketBudgets inMemory(
            BudgetSettings settings, SpendJournal journal, TimeMeter clock, Ticker ticker, LimitEvents events) {
        var windows = new Windows(settings.tuning());
        return new BucketBudgets(
                settings, new HeapStore(windows, clock, journal, ticker, events), windows, ticker, events, () -> {});
    }

    /**
     * Budgets shared by all replicas that use the same Redis and prefix. Until Redis was there once they give nothing
     * and say {@link Cause#DEGRADED}; when it is lost later, each replica goes on with its {@link LocalShare}.
     *
     * @param link started by its owner, before or after
     * @param prefix what all keys in Redis begin with
     * @param replica this process's name, unlike any other's
     */
    public static BucketBudgets inRedis(
            BudgetSettings settings, RedisLink link, String prefix, String replica, Ticker ticker, LimitEvents events) {
        var redis = new RedisCalls(link, ticker, events);
        // Of a Cluster the clock of one node counts for all replicas: of the one that keeps the mark.
        var clock = new RedisClock(
                ticker,
                () -> link.serverOf(name(prefix, "epoch")).compose(server -> redis.call(server, c -> c.time())));
        return inRedis(settings, link, redis, prefix, replica, clock, ticker, events);
    }

    static BucketBudgets inRedis(
            BudgetSettings settings,
            RedisLink link,
            RedisCalls redis,
            String prefix,
            String replica,
            SharedClock clock,
            Ticker ticker,
            LimitEvents events) {
        var windows = new Windows(settings.tuning());
        var period = windows.burst(settings.initial()).period();
        var epoch = new RedisEpoch(
                redis, name(prefix, "epoch"), replica, () -> new RedisPast(link, redis).wasEmptied(), clock, period);
        var replicas = new Replicas(redis, name(prefix, "replicas"), replica, clock);
        Optional<SlotMarks> marks = link.isCluster()
                ? Optional.of(new SlotMarks(redis, name(prefix, "epoch"), clock, period))
                : Optional.empty();
        var repayment = new Repayment(
                redis, name(prefix, "repaid"), replica, epoch, replicas, clock, period, !link.isCluster());
        var busyKeys = new BusyKeys(link, redis, name(prefix, "busy"), replica, replicas, clock, ticker, period);
        var steps = new ClockSteps(clock, ticker, period, RedisTrust.EVERY);
        var look = new RedisLook(link, redis, clock, steps, new MemoryPolicy(events), epoch, marks, replicas);
        var standing = new RedisTrust(link, redis, clock, look, epoch, repayment, busyKeys, period, events);
        var rests = new RedisRests(redis, name(prefix, "rests"), clock);
        var store = new RedisStore(prefix, windows, settings.learn(), ticker, redis, standing, rests, clock, events);
        standing.start();
        busyKeys.listen();
        listen(link, rests);
        return new BucketBudgets(settings, store, windows, ticker, events, standing::refresh);
    }

    private static void listen(RedisLink link, RedisRests rests) {
        link.later(RedisRests.EVERY, () -> {
            listen(link, rests);
            if (link.commands().isPresent()) {
                rests.listen();
            }
        });
    }

    /**
     * These budgets, of which requests to some endpoints must also pay what those are limited to.
     *
     * @param budgets these, or what was made of them
     */
    public RoutedBudgets limiting(List<RouteLimit> limits, Budgets budgets) {
        return new RoutedBudgets(budgets, limits, store, ticker, events);
    }

    /**
     * Has this be the quota of all keys where none is learned, else of those that are not known yet.
     *
     * @param quota in the interval that was said when these were made: the buckets of all keys turn with it
     */
    public void configure(Limit quota) {
        if (!quota.per().equals(settings.initial().per())) {
            throw new IllegalArgumentException(
                    "the interval stays " + settings.initial().per());
        }
        configured = quota;
    }

    /** What rests when all keys do. */
    public Egress egress() {
        return store.egress();
    }

    /**
     * What callers with a quota may take of these, and those who must leave a reserve.
     *
     * @param reserve for interactive requests, in percent of each short window
     */
    public CallerAllowances callers(Optional<Integer> reserve) {
        return new CallerAllowances(store, this, reserve, ticker, events);
    }

    /** How many replicas share these budgets, as last heard. */
    public int replicas() {
        return store.replicas();
    }

    private static byte[] name(String prefix, String what) {
        return (prefix + ":" + what).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether Redis is lost and this replica goes on by itself. */
    public boolean isAlone() {
        return store.isAlone();
    }

    /** Completed once Redis was there and is trusted, so that something can be spent; may never be. */
    public Future<Void> opened() {
        return store.opened();
    }

    /** Has it looked at Redis now, as is done every two seconds anyway. */
    void refresh() {
        refresh.run();
    }

    /** What Redis may do that its budgets must not rely on, a sentence each; mostly none. */
    public List<String> weaknesses() {
        return store.weaknesses();
    }

    @Override
    public Budget of(BudgetKey key) {
        return known.get(key);
    }

    private KeyBudget make(BudgetKey key) {
        var learning = new Learning(key, store, windows, events, () -> configured, settings.learn());
        var budget = new KeyBudget(key, store, windows.guard(), roster, ticker, events, learning);
        learning.begin(budget);
        return budget;
    }
}
