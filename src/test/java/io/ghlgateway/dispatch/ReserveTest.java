package io.ghlgateway.dispatch;

import static io.ghlgateway.dispatch.RealBudgets.ENDLESS;
import static io.ghlgateway.dispatch.RealBudgets.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Limit;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.Callers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** A part of each quota for interactive calls, while others want all of it. Real budgets. */
class ReserveTest {

    private static final Urgency INTERACTIVE = new Urgency(1);

    private static final Caller JOB = RealBudgets.caller("job");
    private static final Caller DESK = RealBudgets.caller("desk");
    private static final Caller PART =
            Callers.any("part", new CallerQuota(Optional.empty(), Optional.of(3), Optional.of(30)));

    private final RealBudgets stand = new RealBudgets(Optional.of(15));
    private final FakeTime time = stand.time;
    private final FakeUpstream upstream = stand.upstream;
    private final List<Refusal> refused = stand.refused;

    @Test
    void oneInteractiveCallASecondIsSentAtOnceThoughAThousandWait() {
        stand.many(1_000, JOB, Urgency.UNSAID, ENDLESS);
        for (int second = 0; second < 35; second++) { // makes room for itself in three windows
            stand.many(1, DESK, INTERACTIVE, ENDLESS);
            time.pass(Duration.ofSeconds(1));
        }
        upstream.sent.clear();

        for (int second = 0; second < 30; second++) {
            stand.many(1, DESK, INTERACTIVE, Duration.ZERO);
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(refused).isEmpty();
        assertThat(upstream.sent.stream().filter("/desk"::equals)).hasSize(30);
        assertThat(upstream.sent.size()).as("and the rest is not idle").isGreaterThan(3 * 85);
    }

    @Test
    void whatIsReservedIsLentWhereNobodyIsInteractive() {
        stand.many(1_000, JOB, Urgency.UNSAID, ENDLESS);
        assertThat(upstream.sent).hasSize(100);

        time.pass(PERIOD.multipliedBy(4).plusMillis(50));

        assertThat(upstream.sent).hasSize(500);
    }

    @Test
    void whoMustLeaveTheReserveIsToldTheTrueTime() {
        stand.many(20, DESK, INTERACTIVE, Duration.ZERO);
        stand.many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(upstream.sent).as("twenty, and all but the reserve and they").hasSize(100);
        time.pass(PERIOD.dividedBy(2));
        stand.many(20, DESK, INTERACTIVE, ENDLESS);
        time.pass(PERIOD.dividedBy(2));
        stand.many(20, DESK, INTERACTIVE, ENDLESS);
        stand.many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        refused.clear();

        stand.many(1, JOB, Urgency.UNSAID, Duration.ofSeconds(1));

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).cause()).contains(Obstacle.WINDOW);
        var wait = refused.get(0).retryAfter().orElseThrow();
        upstream.sent.clear();
        time.pass(wait.minusMillis(1));
        stand.many(1, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(upstream.sent).isEmpty();
        time.pass(Duration.ofMillis(1));
        stand.many(1, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(upstream.sent).hasSize(1);
    }

    @Test
    void aPartOfTheDayIsLeftToInteractiveCalls() {
        var day = new RealBudgets(Optional.of(20), new Limit(100, Duration.ofSeconds(10), 150));
        day.many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        day.time.pass(PERIOD);

        day.many(40, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(day.upstream.sent).as("all but a fifth of the day").hasSize(120);
        assertThat(day.refused).hasSize(20).allSatisfy(refusal -> {
            assertThat(refusal.code()).isEqualTo(Refusal.Code.DAILY_EXHAUSTED);
            assertThat(refusal.cause()).contains(Obstacle.DAY);
        });
        day.many(40, DESK, INTERACTIVE, Duration.ZERO);

        assertThat(day.upstream.sent).hasSize(150);
    }

    /** Two callers' bulk is foretold as if nothing were shut, since all of it is. */
    @Test
    void whoWaitsForTheSameIsCountedThoughItsTurnIsNotYet() {
        stand.many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        stand.many(99, JOB, Urgency.UNSAID, ENDLESS);
        stand.many(99, DESK, Urgency.UNSAID, ENDLESS);

        stand.many(1, DESK, Urgency.UNSAID, PERIOD.multipliedBy(2).minusSeconds(1));

        assertThat(refused).hasSize(1);
    }

    /** And nobody is left waiting, nor any timer. */
    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void everyCallEndsOnceWhateverHappens(@ForAll long seed) {
        new ReserveTest().live(seed);
    }

    private void live(long seed) {
        var random = new SplittableRandom(seed);
        var callers = List.of(JOB, DESK, PART);
        var patience = List.of(Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(25), Duration.ofMinutes(3));
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 600; i++) {
            var call = stand.call(
                    callers.get(random.nextInt(3)), new Urgency(random.nextInt(8)), patience.get(random.nextInt(4)));
            calls.add(call);
            stand.send(call);
            if (random.nextInt(6) == 0) {
                calls.get(random.nextInt(calls.size())).hangUp();
            }
            if (random.nextInt(20) == 0) {
                upstream.answers.add(Future.succeededFuture(upstream.reply(429)));
            }
            time.pass(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(3_000) : random.nextInt(10)));
        }

        time.pass(Duration.ofMinutes(4));

        assertThat(stand.ended).isEqualTo(calls.size());
        assertThat(stand.lanes.waiting()).isZero();
        assertThat(time.pending()).isZero();
    }
}
