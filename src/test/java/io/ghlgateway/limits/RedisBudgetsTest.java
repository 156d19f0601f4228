package io.ghlgateway.limits;

import io.ghlgateway.redis.RedisLink;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisBudgetsTest extends SharedBudgetsContract {

    @RegisterExtension
    static final RedisOfClass<TestRedis> REDIS = RedisOfClass.node();

    @Override
    RedisLink link() {
        return REDIS.link();
    }
}
