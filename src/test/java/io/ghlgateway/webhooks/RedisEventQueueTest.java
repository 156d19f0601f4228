package io.ghlgateway.webhooks;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.TestRedis;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In one Redis. */
class RedisEventQueueTest extends SharedEventQueueContract {

    private static TestRedis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.started();
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
