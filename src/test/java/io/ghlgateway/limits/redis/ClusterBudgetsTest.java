package io.ghlgateway.limits.redis;

import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestCluster;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a Cluster of three. */
class ClusterBudgetsTest extends SharedBudgetsContract {

    @RegisterExtension
    static final RedisOfClass<TestCluster> REDIS = RedisOfClass.cluster();

    @Override
    RedisLink link() {
        return REDIS.link();
    }
}
