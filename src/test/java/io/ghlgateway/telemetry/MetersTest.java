package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.limits.Standing;
import io.ghlgateway.redis.RedisFailure;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {

    private static final BudgetKey KEY = new BudgetKey(App.PRIVATE, Resource.location("loc1"));
    private static final Budgets SEVEN_FREE = key -> (Budget) Proxy.newProxyInstance(
            MetersTest.class.getClassLoader(), new Class<?>[] {Budget.class}, MetersTest::answer);

    private static Object answer(Object proxy, Method method, Object... args) {
        return switch (method.getName()) {
            case "forecast" -> Future.succeededFuture(new Forecast(7, Duration.ZERO, Cause.NONE));
            case "limit" -> new Limit(100, Duration.ofSeconds(10), 200_000);
            case "restraint" -> new Restraint(12, 25);
            case "dayExhaustedIn" -> Optional.of(Duration.ofHours(2));
            case "standing" -> new Standing(List.of(), List.of(new Standing.Left("day", 5, Duration.ofHours(3))));
            default -> throw new AssertionError(method);
        };
    }

    private final Meters meters = new Meters(false);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void showsEveryPromisedNameAfterOneAnswer() {
        meters.watch(() -> 3, SEVEN_FREE, List.of());
        meters.answered(answer("/contacts/{contactId}", "billing"));
        meters.spent(KEY, 2);
        meters.fellShort(KEY, Cause.WINDOW);
        meters.storeFailed(RedisFailure.AUTH);
        meters.storeMayEvict(true);

        assertThat(meters.scrape())
                .contains(
                        "ghl_gateway_requests_total{caller=\"billing\",outcome=\"ok\",route=\"/contacts/{contactId}\"} 1.0",
                        "ghl_gateway_wait_seconds_count 1",
                        "ghl_gateway_upstream_seconds_count 0",
                        "ghl_gateway_paid_to_write_seconds_count 0",
                        "ghl_gateway_attempts_total 0.0",
                        "ghl_gateway_upstream_429_total 0.0",
                        "ghl_gateway_budget_spent_total{budget=\"private:location:loc1\"} 2.0",
                        "ghl_gateway_budget_remaining{budget=\"private:location:loc1\"} 7.0", // from its first send
                        "ghl_gateway_budget_left_to_others{budget=\"private:location:loc1\"} 12.0",
                        "ghl_gateway_budget_at_once{budget=\"private:location:loc1\"} 25.0",
                        "ghl_gateway_budget_day_lasts_seconds{budget=\"private:location:loc1\"} 7200.0",
                        "ghl_gateway_budget_day_back_seconds{budget=\"private:location:loc1\"} 10800.0",
                        "ghl_gateway_budget_refused_total{cause=\"window\"} 1.0",
                        "ghl_gateway_budget_refused_total{cause=\"day\"} 0.0",
                        "ghl_gateway_budget_foreign_total 0.0",
                        "ghl_gateway_queue_depth 3.0",
                        "ghl_gateway_redis_seconds_count 0",
                        "ghl_gateway_redis_failures_total{cause=\"timeout\"} 0.0",
                        "ghl_gateway_redis_failures_total{cause=\"auth\"} 1.0",
                        "ghl_gateway_redis_may_evict 1.0",
                        "ghl_gateway_degraded 0.0");
    }

    @Test
    void countsWhatIsBeyondTheBoundUnderOther() {
        for (int i = 0; i < 6_000; i++) {
            meters.answered(answer("/r" + i, "billing"));
        }

        var series = meters.scrape()
                .lines()
                .filter(line -> line.startsWith("ghl_gateway_requests_total{"))
                .toList();

        assertThat(series).hasSize(5_001);
        assertThat(series).anyMatch(line -> line.contains("route=\"other\"") && line.endsWith(" 1000.0"));
    }

    @Test
    void namesNoMoreThanTwoHundredBudgets() {
        for (int i = 0; i < 300; i++) {
            meters.spent(new BudgetKey(App.PRIVATE, Resource.location("loc" + i)), 1);
        }

        var series = meters.scrape()
                .lines()
                .filter(line -> line.startsWith("ghl_gateway_budget_spent_total{"))
                .toList();

        assertThat(series).hasSize(201);
        assertThat(series).anyMatch(line -> line.contains("budget=\"other\"") && line.endsWith(" 100.0"));
    }

    private static Answer answer(String route, String caller) {
        return new Answer(
                "id-1",
                "ok",
                caller,
                "acme",
                HttpMethod.GET,
                route,
                200,
                1,
                "-",
                Duration.ofMillis(1),
                Duration.ofMillis(40),
                Duration.ofMillis(42),
                CallTrace.NONE);
    }
}
