package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.Windows;
import io.ghlgateway.redis.RedisLink;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Wires budgets whose buckets stand in Redis. */
public final class RedisBudgets {

    private RedisBudgets() {}

    /**
     * Budgets shared by all replicas that use the same Redis and prefix. Until Redis was there once they give nothing
     * and say {@link Cause#DEGRADED}; when it is lost later, each replica goes on with its {@link LocalShare}.
     *
     * @param link started by its owner, before or after
     * @param prefix what all keys in Redis begin with
     * @param replica this process's name, unlike any other's
     */
    public static BucketBudgets open(
            BudgetSettings settings, RedisLink link, String prefix, String replica, Ticker ticker, LimitEvents events) {
        var redis = new RedisCalls(link, ticker, events);
        // Of a Cluster the clock of one node counts for all replicas: of the one that keeps the mark.
        var clock = new RedisClock(
                ticker,
                () -> link.serverOf(name(prefix, "epoch")).compose(server -> redis.call(server, c -> c.time())));
        return wire(settings, link, redis, prefix, replica, clock, ticker, events)
                .start()
                .budgets();
    }

    /** Put together; it hears of Redis, and looks at it, once it is started. */
    record Wired(RedisLink link, BucketBudgets budgets, RedisTrust trust, BusyKeys busyKeys, RedisRests rests) {

        Wired start() {
            trust.start();
            busyKeys.listen();
            listen();
            return this;
        }

        private void listen() {
            link.later(RedisRests.EVERY, () -> {
                listen();
                if (link.commands().isPresent()) {
                    rests.listen();
                }
            });
        }
    }

    static Wired wire(
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
        var trust = new RedisTrust(link, redis, clock, look, epoch, repayment, busyKeys, period, events);
        var rests = new RedisRests(redis, name(prefix, "rests"), clock);
        var store = new RedisStore(prefix, windows, settings.learn(), ticker, redis, trust, rests, clock, events);
        return new Wired(link, new BucketBudgets(settings, store, windows, ticker, events), trust, busyKeys, rests);
    }

    private static byte[] name(String prefix, String what) {
        return (prefix + ":" + what).getBytes(StandardCharsets.US_ASCII);
    }
}
