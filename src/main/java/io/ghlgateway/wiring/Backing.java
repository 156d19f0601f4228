package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.CallerAllowances;
import io.ghlgateway.limits.Egress;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.ProbingBudgets;
import io.ghlgateway.limits.RoutedBudgets;
import io.ghlgateway.limits.SpendJournal;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.WallClock;
import io.ghlgateway.limits.redis.RedisBudgets;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.settings.Settings;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where budgets are kept: in this process, or in a Redis that all replicas share.
 *
 * @param plain the same budgets, without probing keys that were never heard of: for calls whose replies teach nothing
 * @param callers what callers with a quota may take of them, and those who must leave a reserve
 * @param close lets go of what it holds
 */
record Backing(RoutedBudgets budgets, BucketBudgets plain, CallerAllowances callers, Supplier<Future<Void>> close)
        implements Reload.Part {

    /** Reads the journal of an embedded gateway: call it off the event loops. */
    static Backing open(Settings settings, Ticker ticker, LimitEvents events) throws IOException {
        var limits = settings.limits();
        var budgets = new BudgetSettings(
                limits.quota(),
                limits.learn(),
                new StrictWindow.Tuning(limits.windows(), limits.guard()),
                settings.upstream().baseUrl());
        if (settings.redis().isPresent()) {
            var redis = settings.redis().get();
            var link = RedisLink.to(redis.address(), redis.commandTimeout(), ticker);
            var replica = UUID.randomUUID().toString();
            var shared = RedisBudgets.open(budgets, link, redis.prefix(), replica, ticker, events);
            link.start();
            return new Backing(whole(shared, limits, ticker), shared, shared.callers(limits.reserve()), link::close);
        }
        var clock = WallClock.starting(InstantSource.system(), ticker);
        var journal = limits.journal().isPresent()
                ? SpendJournal.open(limits.journal().get(), budgets, limits.routes(), clock)
                : SpendJournal.none();
        var own = BucketBudgets.inMemory(budgets, journal, clock, ticker, events);
        return new Backing(whole(own, limits, ticker), own, own.callers(limits.reserve()), Future::succeededFuture);
    }

    /** What rests when all budgets do. */
    Egress egress() {
        return plain.egress();
    }

    @Override
    public void become(Settings before, Settings now) {
        var limits = now.limits();
        var longest = Stream.of(before.limits().maxWait(), limits.maxWait())
                .max(Comparator.naturalOrder())
                .get();
        plain.configure(limits.quota());
        budgets.limitTo(limits.routes(), longest);
        callers.reserve(limits.reserve());
    }

    private static RoutedBudgets whole(BucketBudgets budgets, Settings.Limits limits, Ticker ticker) {
        return budgets.limiting(limits.routes(), limits.learn() ? new ProbingBudgets(budgets, ticker) : budgets);
    }
}
