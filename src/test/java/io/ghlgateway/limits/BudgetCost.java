package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.redis.RedisBudgets;
import io.ghlgateway.limits.redis.SharedBudgets;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Not a test: prints what a budget costs. Argument: {@code redis}, or none for budgets in memory. */
final class BudgetCost {

    private static final Limit LIMIT = new Limit(100, Duration.ofSeconds(10), 200_000);
    private static final BudgetSettings SETTINGS = BudgetsContract.settings(LIMIT, true);

    private BudgetCost() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 1) {
            try (var redis = TestRedis.started()) {
                redis(redis.uri());
            }
        } else {
            heap();
        }
    }

    private static void heap() throws IOException {
        var ticker = Ticker.systemTicker();
        var clock = WallClock.starting(InstantSource.system(), ticker);
        var journal = SpendJournal.open(Files.createTempDirectory("cost"), SETTINGS, List.of(), clock);
        var plenty =
                BudgetsContract.settings(new Limit(1_000_000_000, Duration.ofSeconds(10), 1_000_000_000_000L), true);
        var granting = BucketBudgets.inMemory(plenty, journal, clock, ticker, LimitEvents.NONE)
                .of(key(0));
        var refusing = BucketBudgets.inMemory(SETTINGS, journal, clock, ticker, LimitEvents.NONE)
                .of(key(0));
        refusing.trySpend(100);
        for (int round = 0; round < 3; round++) {
            time("trySpend(1), granted, journalled", 3_000_000, () -> granting.trySpend(1));
            time("trySpend(1), refused", 3_000_000, () -> refusing.trySpend(1));
            time("forecast(250)", 3_000_000, () -> refusing.forecast(250));
            time(
                    "observe",
                    3_000_000,
                    () -> refusing.observe(BudgetsContract.says(100, 10_000, 200_000), BudgetsContract.LONG_AGO));
        }
        var budgets = BucketBudgets.inMemory(SETTINGS, journal, clock, ticker, LimitEvents.NONE);
        long before = used();
        for (int i = 0; i < 10_000; i++) {
            budgets.of(key(i)).trySpend(1);
        }
        System.out.printf("%d bytes for each active key%n", (used() - before) / 10_000);
        if (budgets.of(key(1)).limit().requests() != 100) {
            throw new IllegalStateException();
        }
    }

    private static void redis(String uri) throws InterruptedException {
        var link = RedisLink.to(uri, Duration.ofSeconds(1), Ticker.systemTicker());
        link.start();
        Await.result(link.seen());
        var plenty =
                BudgetsContract.settings(new Limit(1_000_000_000, Duration.ofSeconds(10), 1_000_000_000_000L), true);
        var budgets = RedisBudgets.open(plenty, link, "cost", "one", Ticker.systemTicker(), LimitEvents.NONE);
        SharedBudgets.untilOpen(budgets);
        for (int round = 0; round < 3; round++) {
            concurrent("64 at once, one key", budgets, 1, 64, 200_000);
            concurrent("32 at once, 1000 keys", budgets, 1_000, 32, 40_000);
            concurrent("1 at once, one key", budgets, 1, 1, 10_000);
        }
        Await.result(link.close());
    }

    private static void concurrent(String what, Budgets budgets, int keys, int atOnce, int operations)
            throws InterruptedException {
        var slots = new Semaphore(atOnce);
        var cpu = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        long cpuBefore = cpu.getProcessCpuTime();
        long begin = System.nanoTime();
        var missed = new AtomicInteger();
        for (int i = 0; i < operations; i++) {
            slots.acquire();
            budgets.of(key(i % keys)).trySpend(1).onComplete((spend, failure) -> {
                if (failure != null || spend.granted() != 1) {
                    missed.incrementAndGet();
                }
                slots.release();
            });
        }
        slots.acquire(atOnce);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = (cpu.getProcessCpuTime() - cpuBefore) / 1e9;
        System.out.printf(
                "%-24s %8.0f ops/s %8.1f us each, %.3f CPU-s/10k, %d not granted%n",
                what,
                operations / seconds,
                seconds * 1e6 * atOnce / operations,
                cpuSeconds * 10_000 / operations,
                missed.get());
    }

    private static void time(String what, int times, Runnable operation) {
        for (int i = 0; i < times / 10; i++) {
            operation.run();
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            operation.run();
        }
        System.out.printf(
                "%-34s %6d ns %5d B%n",
                what,
                (System.nanoTime() - begin) / times,
                (threads.getCurrentThreadAllocatedBytes() - allocated) / times);
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static BudgetKey key(int i) {
        return new BudgetKey(App.PRIVATE, Resource.location("location" + i));
    }
}
