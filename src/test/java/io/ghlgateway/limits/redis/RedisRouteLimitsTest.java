package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.BudgetsContract.LIMIT;
import static io.ghlgateway.limits.BudgetsContract.spend;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In one node. */
class RedisRouteLimitsTest extends SharedRouteLimitsContract {

    @RegisterExtension
    static final RedisOfClass<TestRedis> REDIS = RedisOfClass.node();

    @Override
    RedisLink link() {
        return REDIS.link();
    }

    @Test
    void aRedisThatForgotGrantsNothingOfALimitBeforeItsOwnPeriodIsOver() {
        var budgets = replica(LIMIT, List.of(studio(30)));
        spend(budgets.of(ACME, STUDIO), 30);
        time.advance(Duration.ofSeconds(1));

        Await.result(Future.fromCompletionStage(link().commands().orElseThrow().flushall()));
        assertThat(spend(budgets.of(ACME, STUDIO), 30)).isZero();

        time.advance(BudgetsContract.PERIOD);
        Await.until(() -> Await.result(budgets.of(ACME, CONTACTS).forecast(1)).isNow());
        assertThat(spend(budgets.of(ACME, STUDIO), 30)).isZero();
        time.advance(MINUTE_PERIOD);
        assertThat(spend(budgets.of(ACME, STUDIO), 30)).isEqualTo(30);
        // The next test's budgets begin in a Redis that nobody emptied.
        Await.result(Future.fromCompletionStage(link().commands().orElseThrow().configResetstat()));
    }
}
