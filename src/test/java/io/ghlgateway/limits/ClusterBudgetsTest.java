package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In a Cluster of three. */
class ClusterBudgetsTest extends SharedBudgetsContract {

    private static TestCluster redis;
    private static RedisLink link;

    @BeforeAll
    static void start() throws IOException {
        redis = TestCluster.started();
        link = connected(RedisLink.to(redis.address(), PATIENT, Ticker.systemTicker()));
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
