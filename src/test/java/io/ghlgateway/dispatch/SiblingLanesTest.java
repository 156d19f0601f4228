package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.PathPattern;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.RouteLimit;
import io.ghlgateway.limits.RouteLimit.Scope;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
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

/** Queues that draw on the same tokens: one for endpoints with limits of their own, one for all else. Real budgets. */
class SiblingLanesTest {

    private static final Caller CALLER = Callers.any("billing");
    private static final Duration PATIENT = Duration.ofSeconds(25);
    private static final Duration ENDLESS = Duration.ofHours(1);
    private static final Limit QUOTA = new Limit(10, Duration.ofSeconds(10), 1_000_000);
    private static final Duration PERIOD = RealBudgets.PERIOD;
    private static final RouteLimit STUDIO = limit("/agent-studio/**", 4, Scope.LOCATION);
    private static final RouteLimit WIDE = limit("/wide/**", 600, Scope.APP);
    private static final RouteLimit SAAS = limit("/saas/**", 6, Scope.APP);

    private final FakeTime time = new FakeTime();
    private final FakeUpstream upstream = new FakeUpstream();
    private final Lanes lanes;
    private final Dispatcher dispatcher;
    private final List<String> refused = new ArrayList<>();
    private int ended;

    SiblingLanesTest() {
        var plain = RealBudgets.budgets(QUOTA, time);
        Budgets budgets = plain.limiting(List.of(STUDIO, SAAS, WIDE), plain);
        lanes = new Lanes(
                budgets,
                Optional.empty(),
                time,
                time,
                new Lanes.Bounds(500, 5_000, 1_000),
                Duration.ofMillis(50),
                DispatchEvents.NONE);
        dispatcher = RealBudgets.dispatcher(lanes, upstream, time);
    }

    @Test
    void aDryEndpointHoldsUpNobodyElse() {
        many(8, "/agent-studio/a", ENDLESS, "loc1");
        upstream.sent.clear();

        many(6, "/contacts/c", Duration.ZERO, "loc1");

        assertThat(upstream.sent).hasSize(6);
        assertThat(lanes.waiting()).isEqualTo(4);
        time.pass(PERIOD);
        upstream.sent.clear();
        many(10, "/contacts/d", Duration.ZERO, "loc1");
        assertThat(upstream.sent)
                .as("the whole quota, though older ones wait for their endpoint")
                .hasSize(10);
    }

    @Test
    void aLaneGoesOnceNobodyCameToItFromOneSweepToTheNext() {
        many(1, "/contacts/c", PATIENT, "loc1");
        many(1, "/contacts/c", PATIENT, "loc2");

        lanes.sweep();
        assertThat(lanes.kept()).isEqualTo(2);
        many(1, "/contacts/c", PATIENT, "loc1");
        lanes.sweep();
        assertThat(lanes.kept()).isOne();
        lanes.sweep();
        assertThat(lanes.kept()).isZero();
    }

    @Test
    void aLaneInWhichSomebodyWaitsIsKept() {
        many(12, "/contacts/c", ENDLESS, "loc1");

        lanes.sweep();
        lanes.sweep();

        assertThat(lanes.kept()).isOne();
        time.pass(PERIOD);
        assertThat(upstream.sent).hasSize(12);
    }

    @Test
    void whoWaitsForADryEndpointIsServedWhenItGivesAndAtItsPace() {
        many(12, "/agent-studio/a", ENDLESS, "loc1");

        assertThat(upstream.sent).hasSize(4);
        time.pass(Duration.ofSeconds(62));
        assertThat(upstream.sent).hasSizeLessThanOrEqualTo(8);
        time.pass(Duration.ofSeconds(2));
        assertThat(upstream.sent).hasSize(8);
        time.pass(Duration.ofSeconds(64));
        assertThat(upstream.sent).hasSize(12);
    }

    @Test
    void whoWouldWaitTooLongForAnEndpointIsToldAtOnceForHowLongAndWhy() {
        many(4, "/agent-studio/a", PATIENT, "loc1");

        many(1, "/agent-studio/late", PATIENT, "loc1");

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0))
                .startsWith("DEADLINE: the limit of 4 requests per 1 min on /agent-studio/** is in use;"
                        + " this request could be sent in 1 min")
                .endsWith("max 4");
    }

    @Test
    void lanesOfOneKeyAreServedInOrderOfArrival() {
        many(10, "/contacts/first", PATIENT, "loc1");
        upstream.sent.clear();
        for (int i = 0; i < 3; i++) {
            many(1, "/contacts/c" + i, PATIENT, "loc1");
            time.pass(Duration.ofMillis(5));
            many(1, "/agent-studio/a" + i, PATIENT, "loc1");
            time.pass(Duration.ofMillis(5));
        }

        time.pass(PERIOD);

        assertThat(upstream.sent)
                .containsExactly(
                        "/contacts/c0",
                        "/agent-studio/a0",
                        "/contacts/c1",
                        "/agent-studio/a1",
                        "/contacts/c2",
                        "/agent-studio/a2");
    }

    @Test
    void aSaturatedLaneDoesNotStarveItsSibling() {
        many(200, "/contacts/c", ENDLESS, "loc1");
        many(3, "/agent-studio/a", ENDLESS, "loc1");
        time.pass(Duration.ofSeconds(1));
        many(200, "/contacts/later", ENDLESS, "loc1");

        // 190 are ahead of them: 19 periods.
        time.pass(PERIOD.multipliedBy(20));

        assertThat(upstream.sent)
                .filteredOn(uri -> uri.startsWith("/agent-studio"))
                .hasSize(3);
        assertThat(upstream.sent).filteredOn(uri -> uri.startsWith("/contacts")).hasSize(207);
    }

    /** Its endpoint was dry once: that counts from when it gave again, not anew with every look. */
    @Test
    void aLaneThatWaitedForItsEndpointIsNotStarvedByABusySibling() {
        many(5, "/agent-studio/a", ENDLESS, "loc1");
        for (int second = 0; second < 300; second++) {
            many(1, "/contacts/c" + second + "-", ENDLESS, "loc1");
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(upstream.sent)
                .filteredOn(uri -> uri.startsWith("/agent-studio"))
                .hasSize(5);
    }

    @Test
    void oneUrgentCallDoesNotPutItsLaneBehindTheOther() {
        many(10, "/contacts/first", ENDLESS, "loc1");
        many(20, "/contacts/older", ENDLESS, "loc1");
        time.pass(Duration.ofMillis(5));
        many(3, "/agent-studio/a", ENDLESS, "loc1");
        time.pass(Duration.ofMillis(5));
        ended(dispatcher.dispatch(call("/contacts/urgent", ENDLESS, "loc1", new Urgency(0))));
        upstream.sent.clear();

        time.pass(PERIOD);

        assertThat(upstream.sent).hasSize(10).first().isEqualTo("/contacts/urgent");
        assertThat(upstream.sent).noneMatch(uri -> uri.startsWith("/agent-studio"));
    }

    @Test
    void aCallSentBackKeepsItsPlaceBeforeTheOtherLane() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429)));
        many(1, "/contacts/refused", ENDLESS, "loc1");
        time.pass(Duration.ofMillis(5));
        many(3, "/agent-studio/a", ENDLESS, "loc1");
        upstream.sent.clear();

        time.pass(PERIOD.multipliedBy(2));

        assertThat(upstream.sent).hasSize(4).first().isEqualTo("/contacts/refused");
    }

    @Test
    void manyLanesWakeOneAnotherWithoutGrowingTheStack() throws InterruptedException {
        for (int i = 0; i < 1_200; i++) {
            many(1, "/wide/w", ENDLESS, "loc" + i);
        }

        var narrow = new Thread(null, () -> time.pass(Duration.ofMinutes(2)), "small stack", 160 * 1024);
        narrow.start();
        narrow.join();

        assertThat(upstream.sent).hasSize(1_200);
    }

    @Test
    void theWaitForetoldCountsThoseWhoWaitInTheOtherLane() {
        many(30, "/contacts/c", PATIENT, "loc1");

        many(1, "/agent-studio/a", Duration.ofSeconds(15), "loc1");

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0)).contains("the quota of 10 requests per 10 s is in use");
    }

    @Test
    void locationsShareAnAppsLimitInOrderOfArrival() {
        many(6, "/saas/first", ENDLESS, "loc1");
        upstream.sent.clear();
        time.pass(Duration.ofMillis(5));
        many(20, "/saas/one", ENDLESS, "loc1");
        time.pass(Duration.ofMillis(5));
        many(3, "/saas/two", ENDLESS, "loc2");

        time.pass(Duration.ofSeconds(64 * 4));

        assertThat(upstream.sent).filteredOn(uri -> uri.startsWith("/saas/two")).hasSize(3);
    }

    @Test
    void whoLeavesTheHeadOfOneLaneLetsTheOtherGo() {
        many(10, "/contacts/first", PATIENT, "loc1");
        upstream.sent.clear();
        var older = call("/contacts/older", PATIENT, "loc1");
        dispatcher.dispatch(older);
        time.pass(Duration.ofMillis(5));
        many(1, "/agent-studio/a", PATIENT, "loc1");

        older.hangUp();
        time.pass(PERIOD);

        assertThat(upstream.sent).containsExactly("/agent-studio/a");
    }

    /** And nobody is left waiting, nor any timer, and the next ones find the door open. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everyCallEndsOnceWhateverHappens(@ForAll long seed) {
        new SiblingLanesTest().live(seed);
    }

    private void live(long seed) {
        var random = new SplittableRandom(seed);
        var paths = List.of("/contacts/c", "/agent-studio/a", "/saas/s");
        var calls = new ArrayList<Call>();
        var patience = List.of(Duration.ZERO, Duration.ofSeconds(3), PATIENT, Duration.ofMinutes(3));
        for (int i = 0; i < 250; i++) {
            var call =
                    call(paths.get(random.nextInt(3)) + i, patience.get(random.nextInt(4)), "loc" + random.nextInt(3));
            calls.add(call);
            ended(dispatcher.dispatch(call));
            if (random.nextInt(6) == 0) {
                calls.get(random.nextInt(calls.size())).hangUp();
            }
            if (random.nextInt(15) == 0) {
                upstream.answers.add(Future.succeededFuture(
                        random.nextBoolean()
                                ? upstream.reply(
                                        429, "retry-after", "3", "x-ratelimit-max", "10", "x-ratelimit-remaining", "5")
                                : upstream.reply(429)));
            }
            time.pass(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(9_000) : random.nextInt(40)));
        }

        time.pass(Duration.ofMinutes(4));

        assertThat(ended).isEqualTo(calls.size());
        assertThat(lanes.waiting()).isZero();
        assertThat(time.pending()).isZero();
        upstream.answers.clear(); // 429s that nobody came for
        many(4, "/contacts/new", Duration.ZERO, "loc9");
        assertThat(upstream.sent)
                .filteredOn(uri -> uri.startsWith("/contacts/new"))
                .hasSize(4);
    }

    private void many(int count, String path, Duration patience, String location) {
        for (int i = 0; i < count; i++) {
            ended(dispatcher.dispatch(call(path + (count == 1 ? "" : i), patience, location)));
        }
    }

    private void ended(Future<Outcome> outcome) {
        outcome.onComplete((end, failure) -> {
            assertThat(failure).isNull();
            ended++;
            if (end instanceof Outcome.Refused refusal) {
                var limit = refusal.refusal().limit().map(Limit::requests).orElse(0);
                refused.add(refusal.refusal().code() + ": " + refusal.refusal().detail() + " max " + limit);
            }
        });
    }

    private Call call(String path, Duration patience, String location) {
        return call(path, patience, location, Urgency.UNSAID);
    }

    private Call call(String path, Duration patience, String location, Urgency urgency) {
        var request = new UpstreamRequest(HttpMethod.GET, path, MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY);
        return new Call(
                CALLER,
                new Tenant("acme", App.PRIVATE, Resource.location(location)),
                Route.unknown(HttpMethod.GET),
                request,
                Deadline.after(time.read(), patience),
                urgency,
                Runnable::run);
    }

    private static RouteLimit limit(String match, int requests, Scope scope) {
        return new RouteLimit(PathPattern.parse(match).orElseThrow(), requests, Duration.ofMinutes(1), scope);
    }
}
