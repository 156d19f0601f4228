package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisBudgetsTest extends BudgetsContract {

    private static TestRedis redis;
    private static RedisLink link;
    private static int prefixes;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.started();
        link = RedisLink.to(redis.uri(), Duration.ofSeconds(10), Ticker.systemTicker());
        link.start();
        Await.result(link.seen());
    }

    @AfterAll
    static void stop() throws IOException {
        Await.result(link.close());
        redis.close();
    }

    @Override
    Budgets budgets(BudgetSettings settings) {
        return SharedBudgets.on(link, "test" + prefixes++, settings, time);
    }
}
