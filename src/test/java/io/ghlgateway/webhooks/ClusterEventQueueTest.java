package io.ghlgateway.webhooks;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.TestCluster;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In a Cluster of three. */
class ClusterEventQueueTest extends SharedEventQueueContract {

    private static TestCluster redis;

    @BeforeAll
    static void start() throws IOException {
        redis = TestCluster.started();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Override
    RedisLink unstarted() {
        return RedisLink.to(redis.address(), Duration.ofSeconds(5), Ticker.systemTicker());
    }
}
