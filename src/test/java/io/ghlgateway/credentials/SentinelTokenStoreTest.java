package io.ghlgateway.credentials;

import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.TestSentinel;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the master that a Sentinel names. */
class SentinelTokenStoreTest extends SharedTokenStoreContract {

    @RegisterExtension
    static final RedisOfClass<TestSentinel> REDIS = RedisOfClass.sentinel();

    @Override
    RedisOfClass<?> redis() {
        return REDIS;
    }
}
