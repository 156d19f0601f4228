package io.ghlgateway.limits;

import io.ghlgateway.redis.RedisLink;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the master that a Sentinel names. */
class SentinelBudgetsTest extends SharedBudgetsContract {

    @RegisterExtension
    static final RedisOfClass<TestSentinel> REDIS = RedisOfClass.sentinel();

    @Override
    RedisLink link() {
        return REDIS.link();
    }
}
