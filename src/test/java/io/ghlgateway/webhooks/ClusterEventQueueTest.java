package io.ghlgateway.webhooks;

import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.TestCluster;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a Cluster of three. */
class ClusterEventQueueTest extends SharedEventQueueContract {

    @RegisterExtension
    static final RedisOfClass<TestCluster> REDIS = RedisOfClass.cluster();

    @Override
    RedisOfClass<?> redis() {
        return REDIS;
    }
}
