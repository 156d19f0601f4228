package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.admin.Activity.Count;
import io.ghlgateway.admin.Activity.Reason;
import io.ghlgateway.admin.Activity.Refused;
import io.ghlgateway.admin.Activity.Spender;
import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentActivityTest {

    private static final BudgetKey KEY = key("loc1");
    private static final Duration TICK = Duration.ofMillis(RecentActivity.EVERY_MILLIS);

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private final RecentActivity recent = new RecentActivity(() -> now);

    private static BudgetKey key(String location) {
        return new BudgetKey(App.PRIVATE, Resource.location(location));
    }

    private void pass(Duration time) {
        for (var end = now.plus(time); now.isBefore(end); ) {
            now = now.plus(TICK);
            recent.tick();
        }
    }

    @Test
    void tellsOfTheLastMinuteAndTheLastDayApart() {
        recent.sent(KEY, "billing");
        assertThat(recent.sends()).isEqualTo(new Count(1, 1, 1));

        pass(Duration.ofSeconds(70));
        recent.sent(KEY, "billing");
        recent.sent(KEY, "reports");
        assertThat(recent.sends()).isEqualTo(new Count(3, 2, 3));
        assertThat(recent.minute()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(65));

        pass(Duration.ofHours(26));
        assertThat(recent.sends()).isEqualTo(new Count(3, 0, 0));
    }

    @Test
    void whatIsReadDuringATickIsWhatItWasBefore() {
        var count = new RollingCount();
        for (int number = 1; number <= 30 * RollingCount.HOUR; number++) {
            count.add();
            var before = count.read(number - 1);
            count.tick(number);
            assertThat(count.read(number - 1)).isEqualTo(before);
        }
    }

    @Test
    void tellsWhoSpentAQuotaAndForgetsWhoHasNotForADay() {
        recent.sent(KEY, "billing");
        recent.sent(KEY, "reports");
        recent.sent(KEY, "reports");

        assertThat(recent.spenders(KEY))
                .containsExactlyInAnyOrder(
                        new Spender("billing", new Count(1, 1, 1)), new Spender("reports", new Count(2, 2, 2)));

        pass(Duration.ofHours(26));
        assertThat(recent.spenders(KEY)).isEmpty();
        assertThat(recent.busiest()).isEmpty();
    }

    @Test
    void keepsNoMoreSpendersThanItsBoundAndStillCountsAllSends() {
        for (int i = 0; i < RecentSpenders.MOST + 100; i++) {
            recent.sent(key("loc" + i), "billing");
        }

        assertThat(recent.spenders(key("loc" + (RecentSpenders.MOST - 1)))).hasSize(1);
        assertThat(recent.spenders(key("loc" + RecentSpenders.MOST))).isEmpty();
        assertThat(recent.sends().total()).isEqualTo(RecentSpenders.MOST + 100);
        assertThat(recent.busiest()).hasSize(RecentActivity.MOST_BUSIEST);
    }

    @Test
    void theBusiestQuotasComeFirst() {
        for (int i = 1; i <= RecentActivity.MOST_BUSIEST + 5; i++) {
            for (int sends = 0; sends < i; sends++) {
                recent.sent(key("loc" + i), "billing");
            }
        }

        assertThat(recent.busiest())
                .hasSize(RecentActivity.MOST_BUSIEST)
                .startsWith(key("loc45"), key("loc44"))
                .doesNotContain(key("loc5"));
    }

    @Test
    void keepsTheLatestRefusalsAndCountsAllByTheirCause() {
        for (int i = 0; i < RecentActivity.LATEST + 10; i++) {
            now = now.plusMillis(1);
            recent.answered(answer("deadline", "window", "tenant" + i));
        }
        recent.answered(answer("ok", "-", "tenant0"));
        recent.answered(answer("upstream_4xx", "-", "tenant0"));

        assertThat(recent.latestRefused())
                .hasSize(RecentActivity.LATEST)
                .first()
                .extracting(Refused::tenant)
                .isEqualTo("tenant" + (RecentActivity.LATEST + 9));
        assertThat(recent.refusals())
                .containsOnlyKeys(new Reason("deadline", "window"))
                .containsValue(new Count(60, 60, 60));
        assertThat(recent.answers()).containsOnlyKeys("deadline", "ok", "upstream_4xx");
    }

    @Test
    void remembersQuotasThatGiveNothingUntilTheyDo() {
        recent.fellShort(KEY, Cause.DAY);
        recent.fellShort(key("loc2"), Cause.WINDOW);
        assertThat(recent.dry()).containsExactly(KEY);

        recent.flows(KEY);
        assertThat(recent.dry()).isEmpty();
    }

    @Test
    void waitsAreToldToAQuarter() {
        for (int millis = 1; millis <= 1_000; millis++) {
            recent.answered(answer("ok", "-", "acme", Duration.ofMillis(millis)));
        }
        recent.answered(answer("ok", "-", "acme", Duration.ofDays(1)));

        var waits = recent.waits();
        assertThat(waits.answers()).isEqualTo(1_001);
        assertThat(waits.median().toMillis()).isBetween(500L, 625L);
        assertThat(waits.p99().toMillis()).isBetween(990L, 1_238L);
    }

    private static Answer answer(String outcome, String cause, String tenant) {
        return answer(outcome, cause, tenant, Duration.ZERO);
    }

    private static Answer answer(String outcome, String cause, String tenant, Duration waited) {
        return new Answer(
                "r1",
                outcome,
                "billing",
                tenant,
                HttpMethod.GET,
                "/contacts/{contactId}",
                429,
                1,
                cause,
                waited,
                Duration.ZERO,
                waited,
                CallTrace.NONE);
    }
}
