package io.ghlgateway.webhooks;

import io.ghlgateway.limits.RedisOfClass;
import io.ghlgateway.limits.TestCluster;
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
