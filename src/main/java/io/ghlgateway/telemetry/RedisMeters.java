package io.ghlgateway.telemetry;

import io.ghlgateway.redis.RedisFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What is wrong with the Redis of the budgets. Any thread. */
final class RedisMeters {

    private final Map<RedisFailure, Counter> failures = new EnumMap<>(RedisFailure.class);
    private volatile boolean mayEvict;

    RedisMeters(String prefix, MeterRegistry registry) {
        for (var failure : RedisFailure.values()) {
            failures.put(
                    failure,
                    Counter.builder(prefix + "redis_failures")
                            .description("Commands to Redis for budgets, and attempts to connect to it, that failed")
                            .tag("cause", failure.wire())
                            .register(registry));
        }
        Gauge.builder(prefix + "redis_may_evict", () -> mayEvict ? 1 : 0)
                .description("1 where Redis forgets what was spent when its memory is short")
                .register(registry);
    }

    void failed(RedisFailure failure) {
        var counter = failures.get(failure);
        if (counter != null) {
            counter.increment();
        }
    }

    void mayEvict(boolean may) {
        mayEvict = may;
    }
}
