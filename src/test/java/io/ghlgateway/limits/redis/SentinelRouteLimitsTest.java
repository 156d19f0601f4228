package io.ghlgateway.limits.redis;

import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestSentinel;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the master that a Sentinel names. */
class SentinelRouteLimitsTest extends SharedRouteLimitsContract {

    @RegisterExtension
    static final RedisOfClass<TestSentinel> REDIS = RedisOfClass.sentinel();

    @Override
    RedisLink link() {
        return REDIS.link();
    }
}
