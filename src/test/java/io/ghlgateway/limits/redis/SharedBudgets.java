package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;

/** Budgets in a real Redis that live by a fake time. */
public final class SharedBudgets {

    private static final BudgetKey PROBE = BudgetsContract.OTHER;

    private SharedBudgets() {}

    /** Once Redis is in use. */
    public static BucketBudgets on(RedisLink link, String prefix, BudgetSettings settings, FakeTime time) {
        var budgets = notYet(link, prefix, settings, time, LimitEvents.NONE);
        untilOpen(budgets);
        return budgets;
    }

    static BucketBudgets notYet(
            RedisLink link, String prefix, BudgetSettings settings, FakeTime time, LimitEvents events) {
        return wired(link, prefix, settings, time, events).start().budgets();
    }

    static RedisBudgets.Wired wired(
            RedisLink link, String prefix, BudgetSettings settings, FakeTime time, LimitEvents events) {
        var redis = new RedisCalls(link, time, events);
        var replica = "replica" + System.identityHashCode(redis);
        return RedisBudgets.wire(settings, link, redis, prefix, replica, new Clock(time), time, events);
    }

    /** A clock that all replicas agree on. */
    static SharedClock clock(FakeTime time) {
        return new Clock(time);
    }

    public static void untilOpen(Budgets budgets) {
        var probe = budgets.of(PROBE);
        Await.until(() -> Await.result(probe.forecast(1)).cause() != Cause.DEGRADED);
    }

    private record Clock(FakeTime time) implements SharedClock {

        @Override
        public long currentTimeNanos() {
            return time.currentTimeNanos();
        }

        @Override
        public long errorNanos() {
            return time.errorNanos();
        }

        @Override
        public Future<Void> measure() {
            return Future.succeededFuture();
        }
    }
}
