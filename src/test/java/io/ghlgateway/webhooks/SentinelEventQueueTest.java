package io.ghlgateway.webhooks;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.TestSentinel;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In the master that a Sentinel names, which has a follower. */
class SentinelEventQueueTest extends SharedEventQueueContract {

    private static TestSentinel redis;

    @BeforeAll
    static void start() throws IOException {
        redis = TestSentinel.started();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Override
    RedisLink unstarted() {
        return RedisLink.to(redis.uri(), Duration.ofSeconds(5), Ticker.systemTicker());
    }
}
