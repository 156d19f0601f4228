package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.CallerQuota.Rate;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Callers that may have a part of what there is only, beside others that may have all. Real budgets. */
class CallerQuotaTest {

    private static final Duration PATIENT = Duration.ofSeconds(25);
    private static final Duration ENDLESS = Duration.ofHours(1);
    private static final Limit QUOTA = new Limit(10, Duration.ofSeconds(10), 1_000_000);
    private static final Duration PERIOD = RealBudgets.PERIOD;

    private static final Caller DESK = Callers.any("desk");
    private static final Caller HALF = caller("half", new CallerQuota(none(), none(), Optional.of(50)));
    private static final Caller SLOW =
            caller("slow", new CallerQuota(Optional.of(new Rate(4, Duration.ofSeconds(10))), none(), none()));
    private static final Caller NARROW = caller("narrow", new CallerQuota(none(), Optional.of(2), none()));

    private final FakeTime time = new FakeTime();
    private final FakeUpstream upstream = new FakeUpstream();
    private final BucketBudgets budgets;
    private final Lanes lanes;
    private final Dispatcher dispatcher;
    private final List<Refusal> refused = new ArrayList<>();
    private int ended;
    private int underWay;
    private int mostUnderWay;

    CallerQuotaTest() {
        budgets = RealBudgets.budgets(QUOTA, time);
        lanes = new Lanes(
                budgets,
                Optional.of(budgets.callers(Optional.empty())),
                time,
                time,
                new Lanes.Bounds(500, 5_000, 1_000),
                Duration.ofMillis(50),
                DispatchEvents.NONE);
        dispatcher = RealBudgets.dispatcher(lanes, upstream, time);
    }

    @Test
    void aCallerThatHadItsShareHoldsUpNobodyAndCostsTheQuotaNothing() {
        many(8, HALF, ENDLESS, "loc1");
        assertThat(upstream.sent).hasSize(5);
        assertThat(lanes.waiting()).isEqualTo(3);

        many(5, DESK, Duration.ZERO, "loc1");

        assertThat(upstream.sent).as("all that the caller's share left").hasSize(10);
        many(1, DESK, Duration.ZERO, "loc1");
        assertThat(refused.get(0).cause()).contains(Obstacle.WINDOW);
        time.pass(PERIOD.plusSeconds(1));
        assertThat(upstream.sent).as("its next share goes to who waited for it").hasSize(13);
    }

    /** What the lane has been getting while only such a caller waited says nothing of what others may get. */
    @Test
    void aCallersPaceIsNotTakenForItsLanes() {
        many(30, caller("tenth", new CallerQuota(none(), none(), Optional.of(10))), ENDLESS, "loc1");
        time.pass(PERIOD.multipliedBy(4));
        upstream.slowToConnect = true;

        for (int i = 0; i < 4; i++) {
            ended(dispatcher.dispatch(call(DESK, "/desk" + i, Duration.ofSeconds(1), "loc1")));
        }

        assertThat(refused).isEmpty();
        assertThat(upstream.connecting).hasSize(4);
    }

    @Test
    void aShareIsOfEachTenantAndARateOfAllTogether() {
        many(6, HALF, Duration.ZERO, "loc1");
        many(6, HALF, Duration.ZERO, "loc2");
        assertThat(upstream.sent).hasSize(10);

        many(3, SLOW, Duration.ZERO, "loc3");
        many(3, SLOW, Duration.ZERO, "loc4");

        assertThat(upstream.sent).hasSize(14);
    }

    /** The rate's own window is a little longer, by the time that what was paid stays good. */
    @Test
    void whoCannotWaitForItsCallersQuotaIsToldTheTrueTime() {
        many(4, SLOW, Duration.ZERO, "loc1");

        many(1, SLOW, Duration.ofSeconds(3), "loc2");

        assertThat(refused).hasSize(1);
        var refusal = refused.get(0);
        assertThat(refusal.code()).isEqualTo(Refusal.Code.CALLER_SHARE);
        assertThat(refusal.cause()).contains(Obstacle.CALLER_SHARE);
        assertThat(refusal.detail()).contains("this caller's own quota of 4 requests per 10 s", "callers: quota");
        assertThat(refusal.limit().orElseThrow().requests()).isEqualTo(4);
        var wait = refusal.retryAfter().orElseThrow();
        time.pass(wait.minusMillis(1));
        many(1, SLOW, Duration.ZERO, "loc2");
        assertThat(upstream.sent).hasSize(4);
        time.pass(Duration.ofMillis(1));
        many(1, SLOW, Duration.ZERO, "loc2");
        assertThat(upstream.sent).hasSize(5);
    }

    @Test
    void whoWaitsAtAnotherTenantForTheSameRateIsCounted() {
        many(4, SLOW, Duration.ZERO, "loc1");
        many(4, SLOW, PATIENT, "loc1");
        assertThat(refused).isEmpty();

        many(1, SLOW, PATIENT, "loc2"); // the ninth: two windows on
        many(1, SLOW, Duration.ofSeconds(11), "loc2");

        assertThat(refused).hasSize(1);
        time.pass(PERIOD.multipliedBy(3));
        assertThat(upstream.sent).hasSize(9);
    }

    @Test
    void whatACallerPaidThoughTheKeyHasNothingIsNotLost() {
        many(9, DESK, Duration.ZERO, "loc1");

        many(2, SLOW, Duration.ZERO, "loc1");
        many(3, SLOW, Duration.ZERO, "loc2");

        assertThat(upstream.sent)
                .as("four of the slow caller's, of which one was paid for in vain")
                .hasSize(13);
    }

    @Test
    void noMoreAreUnderWayThanACallerMayHaveAtOnce() {
        var first = slow(NARROW, PATIENT);
        var second = slow(NARROW, PATIENT);

        many(1, NARROW, PATIENT, "loc2");

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).code()).isEqualTo(Refusal.Code.CALLER_SHARE);
        assertThat(refused.get(0).retryAfter()).isPresent();
        assertThat(refused.get(0).detail()).contains("caller 'narrow' has 2 requests under way", "quota.concurrency");
        many(1, DESK, Duration.ZERO, "loc1");
        assertThat(upstream.sent).hasSize(3);

        first.call.leavesPlace();
        many(1, NARROW, Duration.ZERO, "loc1");
        assertThat(upstream.sent).hasSize(4);
        second.call.leavesPlace();
        assertThat(second.reply.tryComplete(upstream.reply(200))).isTrue();
    }

    /** They came while the key had nothing, so that none of them was under way. */
    @Test
    void whoWaitedForTheKeyGoesAsOthersOfItsCallerEnd() {
        many(10, DESK, Duration.ZERO, "loc1");
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 5; i++) {
            var call = call(NARROW, "/narrow/" + i, ENDLESS, "loc1");
            calls.add(call);
            dispatcher.dispatch(call).onComplete(end -> ended++);
        }
        var desk = call(DESK, "/desk", ENDLESS, "loc1");
        dispatcher.dispatch(desk);
        upstream.sent.clear();

        time.pass(PERIOD);
        assertThat(upstream.sent).containsExactlyInAnyOrder("/narrow/0", "/narrow/1", "/desk");
        calls.get(0).leavesPlace();
        assertThat(upstream.sent).contains("/narrow/2");
        calls.get(1).leavesPlace();
        calls.get(2).leavesPlace();

        assertThat(upstream.sent).hasSize(6);
        assertThat(lanes.waiting()).isZero();
    }

    /** It is the first that is woken, and has no use for the place. */
    @Test
    void aPlaceThatOneTenantsLaneCannotUseGoesToTheNext() {
        many(10, DESK, Duration.ZERO, "loc1");
        many(10, DESK, Duration.ZERO, "loc2");
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 6; i++) {
            var call = call(NARROW, "/narrow/" + i, ENDLESS, i < 4 ? "loc1" : "loc2");
            calls.add(call);
            ended(dispatcher.dispatch(call));
        }
        time.pass(PERIOD);
        many(8, DESK, Duration.ZERO, "loc1");
        upstream.sent.clear();

        calls.get(0).leavesPlace();

        assertThat(upstream.sent).as("loc1's quota is used up").containsExactly("/narrow/4");
        assertThat(refused).isEmpty();
    }

    @Test
    void whoseCallerHasHadItsPartDoesNotHoldUpTheLessUrgentEither() {
        var tenth = caller("tenth", new CallerQuota(none(), none(), Optional.of(10)));
        for (int i = 0; i < 18; i++) {
            ended(dispatcher.dispatch(call(tenth, "/tenth" + i, ENDLESS, new Urgency(1), "loc1")));
        }
        upstream.sent.clear();

        many(9, DESK, Duration.ofSeconds(1), "loc1");

        assertThat(refused).isEmpty();
        assertThat(upstream.sent).hasSize(9);
    }

    @Test
    void whoDoesNotWaitGetsAllThatItsCallersQuotaHasAgainAfterARest() {
        many(5, SLOW, Duration.ZERO, "loc1");
        assertThat(refused).as("the last found the quota used up").hasSize(1);
        time.pass(Duration.ofSeconds(30));
        upstream.slowToConnect = true;

        many(3, SLOW, Duration.ZERO, "loc1");

        assertThat(upstream.connecting).hasSize(3);
        assertThat(refused).hasSize(1);
    }

    /** When it gives again one goes first, and the others are not told that too many are under way. */
    @Test
    void whoDoesNotWaitGoesWhenOneOfItsCallersFoundThatTheQuotaGives() {
        many(5, SLOW, Duration.ZERO, "loc1");
        time.pass(refused.remove(0).retryAfter().orElseThrow());
        upstream.slowToConnect = true;
        upstream.sent.clear();

        many(5, SLOW, Duration.ZERO, "loc1");
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).limit()).as("the fifth's").isPresent();
        while (!upstream.connecting.isEmpty()) {
            upstream.connecting
                    .remove()
                    .complete(
                            upstream.exchange(call(SLOW, "/s", PATIENT, "loc1").request()));
        }

        assertThat(upstream.sent).hasSize(4);
        assertThat(refused).hasSize(1);
    }

    @Test
    void aCallIsForetoldWhatItMeetsThen() {
        many(5, HALF, Duration.ZERO, "loc1");

        var told = lanes.foretell(call(HALF, "/c", Duration.ZERO, "loc1")).result();
        var other = lanes.foretell(call(DESK, "/c", Duration.ZERO, "loc1")).result();
        many(1, HALF, Duration.ZERO, "loc1");

        assertThat(told.refusal()).contains(refused.get(0));
        assertThat(other.refusal()).isEmpty();
    }

    /** And no quota is exceeded, nobody is left waiting, nor any timer, and no place is lost. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void everyCallEndsOnceWhateverHappens(@ForAll long seed) {
        new CallerQuotaTest().live(seed);
    }

    private void live(long seed) {
        var random = new SplittableRandom(seed);
        var both = caller(
                "both",
                new CallerQuota(Optional.of(new Rate(6, Duration.ofSeconds(5))), Optional.of(3), Optional.of(40)));
        var callers = List.of(DESK, HALF, SLOW, NARROW, both);
        var patience = List.of(Duration.ZERO, Duration.ofSeconds(3), PATIENT, Duration.ofMinutes(3));
        var calls = new ArrayList<Call>();
        var slow = new ArrayList<Long>();
        for (int i = 0; i < 250; i++) {
            var call = call(
                    callers.get(random.nextInt(callers.size())),
                    "/c" + i,
                    patience.get(random.nextInt(4)),
                    "loc" + random.nextInt(3));
            calls.add(call);
            var outcome = dispatcher.dispatch(call);
            boolean lasts = random.nextInt(3) == 0;
            ended(outcome);
            outcome.onSuccess(end -> {
                boolean isAnswered = end instanceof Outcome.Answered;
                if (isAnswered && call.caller() == SLOW) {
                    slow.add(time.read());
                }
                int place = isAnswered && call.caller() == NARROW ? 1 : 0;
                underWay += place;
                mostUnderWay = Math.max(mostUnderWay, underWay);
                Runnable over = () -> {
                    underWay -= place;
                    call.leavesPlace();
                };
                if (lasts) {
                    time.set(Duration.ofMillis(700), over);
                } else {
                    over.run();
                }
            });
            if (random.nextInt(6) == 0) {
                calls.get(random.nextInt(calls.size())).hangUp();
            }
            if (random.nextInt(20) == 0) {
                upstream.answers.add(Future.succeededFuture(upstream.reply(429)));
            }
            time.pass(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(9_000) : random.nextInt(40)));
        }

        time.pass(Duration.ofMinutes(4));

        assertThat(ended).isEqualTo(calls.size());
        assertThat(lanes.waiting()).isZero();
        assertThat(time.pending()).isZero();
        assertThat(mostUnderWay).isLessThanOrEqualTo(2);
        for (int i = 4; i < slow.size(); i++) {
            assertThat(slow.get(i) - slow.get(i - 4))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(10).toNanos());
        }
        upstream.answers.clear();
        upstream.sent.clear();
        many(2, NARROW, Duration.ZERO, "loc9"); // no place was lost
        many(5, HALF, Duration.ZERO, "loc9");
        many(3, SLOW, Duration.ZERO, "loc9");
        assertThat(upstream.sent).hasSize(10);
    }

    private record Slow(Call call, Promise<Reply> reply) {}

    /** One that is under way until its call is over. */
    private Slow slow(Caller caller, Duration patience) {
        Promise<Reply> reply = Promise.promise();
        upstream.answers.add(reply.future());
        var call = call(caller, "/slow", patience, "loc1");
        dispatcher.dispatch(call);
        return new Slow(call, reply);
    }

    private void many(int count, Caller caller, Duration patience, String location) {
        for (int i = 0; i < count; i++) {
            var call = call(caller, "/" + caller.name() + i, patience, location);
            var outcome = dispatcher.dispatch(call);
            ended(outcome);
            outcome.onComplete(end -> call.leavesPlace());
        }
    }

    private void ended(Future<Outcome> outcome) {
        outcome.onComplete((end, failure) -> {
            assertThat(failure).isNull();
            ended++;
            if (end instanceof Outcome.Refused refusal) {
                refused.add(refusal.refusal());
            }
        });
    }

    private Call call(Caller caller, String path, Duration patience, String location) {
        return call(caller, path, patience, Urgency.UNSAID, location);
    }

    private Call call(Caller caller, String path, Duration patience, Urgency urgency, String location) {
        return new Call(
                caller,
                new Tenant("acme", App.PRIVATE, Resource.location(location)),
                Route.unknown(HttpMethod.GET),
                new UpstreamRequest(HttpMethod.GET, path, MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY),
                Deadline.after(time.read(), patience),
                urgency,
                Runnable::run);
    }

    private static Caller caller(String name, CallerQuota quota) {
        return Callers.any(name, quota);
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }
}
