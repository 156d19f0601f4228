package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In the master that a Sentinel names. */
class SentinelRouteLimitsTest extends SharedRouteLimitsContract {

    private static TestSentinel redis;
    private static RedisLink link;

    @BeforeAll
    static void start() throws IOException {
        redis = TestSentinel.started();
        link = SharedBudgetsContract.connected(
                RedisLink.to(redis.uri(), SharedBudgetsContract.PATIENT, Ticker.systemTicker()));
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
