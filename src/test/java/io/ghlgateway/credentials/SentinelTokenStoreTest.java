package io.ghlgateway.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.TestSentinel;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In the master that a Sentinel names. */
class SentinelTokenStoreTest extends SharedTokenStoreContract {

    private static TestSentinel redis;
    private static RedisLink control;

    @BeforeAll
    static void start() throws IOException {
        redis = TestSentinel.started();
        control = connected(RedisLink.to(redis.uri(), PATIENT, Ticker.systemTicker()));
    }

    @AfterAll
    static void stop() throws IOException {
        Await.result(control.close());
        redis.close();
    }

    @Override
    RedisLink control() {
        return control;
    }

    @Override
    RedisLink link(Duration commandTimeout) {
        return RedisLink.to(redis.uri(), commandTimeout, Ticker.systemTicker());
    }
}
