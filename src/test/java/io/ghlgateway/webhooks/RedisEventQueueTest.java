package io.ghlgateway.webhooks;

import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.TestRedis;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In one Redis. */
class RedisEventQueueTest extends SharedEventQueueContract {

    @RegisterExtension
    static final RedisOfClass<TestRedis> REDIS = RedisOfClass.node();

    @Override
    RedisOfClass<?> redis() {
        return REDIS;
    }
}
