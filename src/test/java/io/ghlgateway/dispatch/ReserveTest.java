package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.PrivateTokenSource;
import io.ghlgateway.credentials.Token;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.SpendJournal;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.WallClock;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** A part of each quota for interactive calls, while others want all of it. Real budgets. */
class ReserveTest {

    private static final Duration ENDLESS = Duration.ofHours(1);
    private static final Limit QUOTA = new Limit(100, Duration.ofSeconds(10), 1_000_000);
    private static final Duration PERIOD = Duration.ofMillis(64 * 162);
    private static final Urgency INTERACTIVE = new Urgency(1);

    private static final Caller JOB = new Caller("job", true, Set.of(), Optional.empty());
    private static final Caller DESK = new Caller("desk", true, Set.of(), Optional.empty());
    private static final Caller PART = new Caller(
            "part",
            true,
            Set.of(),
            Optional.empty(),
            1,
            Optional.of(new CallerQuota(Optional.empty(), Optional.of(3), Optional.of(30))));

    private final FakeTime time = new FakeTime();
    private final FakeUpstream upstream = new FakeUpstream();
    private final Lanes lanes;
    private final Dispatcher dispatcher;
    private final List<Refusal> refused = new ArrayList<>();
    private int ended;

    ReserveTest() {
        var settings =
                new BudgetSettings(QUOTA, false, StrictWindow.Tuning.BURST, URI.create("https://upstream.example"));
        var clock = WallClock.starting(InstantSource.fixed(Instant.ofEpochMilli(PERIOD.toMillis() * 1_000_000)), time);
        var budgets = BucketBudgets.inMemory(settings, SpendJournal.none(), clock, time, LimitEvents.NONE);
        lanes = new Lanes(
                budgets,
                Optional.of(budgets.callers(Optional.of(15))),
                time,
                time,
                new Lanes.Bounds(2_000, 5_000, 1_000),
                Duration.ofMillis(50),
                DispatchEvents.NONE);
        var tokens = new PrivateTokenSource(
                Map.of(new TenantKey("acme", App.PRIVATE), new Token(Token.Kind.PRIVATE, Secret.of("pit-1"))));
        dispatcher = new Dispatcher(
                lanes,
                budgets,
                tokens,
                upstream,
                new Retries(3, Set.of(), 20, 10, time, new SplittableRandom(1)),
                time,
                time,
                DispatchEvents.NONE);
    }

    @Test
    void oneInteractiveCallASecondIsSentAtOnceThoughAThousandWait() {
        many(1_000, JOB, Urgency.UNSAID, ENDLESS);
        for (int second = 0; second < 35; second++) { // makes room for itself in three windows
            many(1, DESK, INTERACTIVE, ENDLESS);
            time.pass(Duration.ofSeconds(1));
        }
        upstream.sent.clear();

        for (int second = 0; second < 30; second++) {
            many(1, DESK, INTERACTIVE, Duration.ZERO);
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(refused).isEmpty();
        assertThat(upstream.sent.stream().filter("/desk"::equals)).hasSize(30);
        assertThat(upstream.sent.size()).as("and the rest is not idle").isGreaterThan(3 * 85);
    }

    @Test
    void whatIsReservedIsLentWhereNobodyIsInteractive() {
        many(1_000, JOB, Urgency.UNSAID, ENDLESS);
        assertThat(upstream.sent).hasSize(100);

        time.pass(PERIOD.multipliedBy(4).plusMillis(50));

        assertThat(upstream.sent).hasSize(500);
    }

    @Test
    void whoMustLeaveTheReserveIsToldTheTrueTime() {
        many(20, DESK, INTERACTIVE, Duration.ZERO);
        many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(upstream.sent).as("twenty, and all but the reserve and they").hasSize(100);
        time.pass(PERIOD.dividedBy(2));
        many(20, DESK, INTERACTIVE, ENDLESS);
        time.pass(PERIOD.dividedBy(2));
        many(20, DESK, INTERACTIVE, ENDLESS);
        many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        refused.clear();

        many(1, JOB, Urgency.UNSAID, Duration.ofSeconds(1));

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).cause()).contains(Obstacle.WINDOW);
        var wait = refused.get(0).retryAfter().orElseThrow();
        upstream.sent.clear();
        time.pass(wait.minusMillis(1));
        many(1, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(upstream.sent).isEmpty();
        time.pass(Duration.ofMillis(1));
        many(1, JOB, Urgency.UNSAID, Duration.ZERO);
        assertThat(upstream.sent).hasSize(1);
    }

    /** Two callers' bulk is foretold as if nothing were shut, since all of it is. */
    @Test
    void whoWaitsForTheSameIsCountedThoughItsTurnIsNotYet() {
        many(100, JOB, Urgency.UNSAID, Duration.ZERO);
        many(99, JOB, Urgency.UNSAID, ENDLESS);
        many(99, DESK, Urgency.UNSAID, ENDLESS);

        many(1, DESK, Urgency.UNSAID, PERIOD.multipliedBy(2).minusSeconds(1));

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
            var call = call(
                    callers.get(random.nextInt(3)), new Urgency(random.nextInt(8)), patience.get(random.nextInt(4)));
            calls.add(call);
            send(call);
            if (random.nextInt(6) == 0) {
                calls.get(random.nextInt(calls.size())).hangUp();
            }
            if (random.nextInt(20) == 0) {
                upstream.answers.add(Future.succeededFuture(upstream.reply(429)));
            }
            time.pass(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(3_000) : random.nextInt(10)));
        }

        time.pass(Duration.ofMinutes(4));

        assertThat(ended).isEqualTo(calls.size());
        assertThat(lanes.waiting()).isZero();
        assertThat(time.pending()).isZero();
    }

    private void many(int count, Caller caller, Urgency urgency, Duration patience) {
        for (int i = 0; i < count; i++) {
            send(call(caller, urgency, patience));
        }
    }

    private void send(Call call) {
        dispatcher.dispatch(call).onComplete((end, failure) -> {
            assertThat(failure).isNull();
            ended++;
            if (end instanceof Outcome.Refused refusal) {
                refused.add(refusal.refusal());
            }
            call.over();
        });
    }

    private Call call(Caller caller, Urgency urgency, Duration patience) {
        return new Call(
                caller,
                new Tenant("acme", App.PRIVATE, Resource.location("loc1")),
                Route.unknown(HttpMethod.GET),
                new UpstreamRequest(
                        HttpMethod.GET, "/" + caller.name(), MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY),
                Deadline.after(time.read(), patience),
                urgency,
                Runnable::run);
    }
}
