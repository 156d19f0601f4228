package io.ghlgateway.limits.redis;

import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisBudgetsTest extends SharedBudgetsContract {

    @RegisterExtension
    static final RedisOfClass<TestRedis> REDIS = RedisOfClass.node();

    @Override
    RedisLink link() {
        return REDIS.link();
    }
}
