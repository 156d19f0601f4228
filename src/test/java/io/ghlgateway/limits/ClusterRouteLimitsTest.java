package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In a Cluster of three. */
class ClusterRouteLimitsTest extends SharedRouteLimitsContract {

    private static TestCluster redis;
    private static RedisLink link;

    @BeforeAll
    static void start() throws IOException {
        redis = TestCluster.started();
        link = SharedBudgetsContract.connected(
                RedisLink.to(redis.address(), SharedBudgetsContract.PATIENT, Ticker.systemTicker()));
    }

    @AfterAll
    static void stop() throws IOException {
        Await.result(link.close());
        redis.close();
    }

    @Override
    RedisLink link() {
        return link;
    }
}
