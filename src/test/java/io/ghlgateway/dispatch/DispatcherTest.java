package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.PrivateTokenSource;
import io.ghlgateway.credentials.Token;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.Upstream.Failed;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a call, with a fake budget, a fake upstream and a fake clock. */
class DispatcherTest {

    private static final Tenant TENANT = new Tenant("acme", App.PRIVATE, Resource.location("loc1"));
    private static final Caller CALLER = Callers.any("billing");
    private static final Duration PATIENT = Duration.ofSeconds(25);

    private final FakeTime time = new FakeTime();
    private final FakeBudget budget = new FakeBudget(time, 3);
    private final FakeUpstream upstream = new FakeUpstream();
    private final List<String> lost = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private Lanes.Bounds bounds = new Lanes.Bounds(100, 100, 1_000);
    private Lanes lanes;
    private Dispatcher dispatcher;

    @Test
    void sendsAtOnceWhatTheBudgetPaysFor() {
        var outcome = dispatch("/a", PATIENT);

        assertThat(status(outcome)).isEqualTo(200);
        assertThat(upstream.sent).containsExactly("/a");
        assertThat(budget.forecasts).as("a lone request asks for no forecast").isZero();
        assertThat(time.pending()).as("and sets no timer").isZero();
    }

    @Test
    void waitsItsTurnInOrderOfArrivalAndIsSentWhenTheBudgetRefills() {
        var outcomes = many(5, PATIENT);

        assertThat(upstream.sent).containsExactly("/0", "/1", "/2");
        assertThat(outcomes.get(3).isComplete()).isFalse();

        time.pass(Duration.ofSeconds(10));

        assertThat(upstream.sent).containsExactly("/0", "/1", "/2", "/3", "/4");
        assertThat(status(outcomes.get(4))).isEqualTo(200);
        assertThat(budget.paid).isEqualTo(5);
        assertThat(lanes.waiting()).isZero();
    }

    @Test
    void whoIsToldThatTheBudgetGivesAgainSoonerThanThoseInTheLineHasThemAllServedAtOnce() {
        many(3, PATIENT);
        var waits = dispatch("/waits", PATIENT);
        budget.free = 3; // a hold that was ended, a limit that rose, a store that is back

        var hasty = dispatch("/hasty", Duration.ZERO);

        assertThat(status(waits)).isEqualTo(200);
        assertThat(status(hasty)).isEqualTo(200);
    }

    @Test
    void whatIsWithdrawnWhileItWaitsIsRefusedUnsentAndTheNextGoes() {
        many(3, PATIENT);
        var withdrawn = new ArrayList<Refusal>();
        var call = call("/withdrawn", PATIENT, HttpMethod.GET, "");
        call.unless(() -> withdrawn.stream().findFirst());
        var outcome = dispatcher().dispatch(call);
        dispatch("/next", PATIENT);

        withdrawn.add(Refusal.of(Code.UNAUTHORIZED, "removed"));
        time.pass(Duration.ofSeconds(10));

        assertThat(refusal(outcome).code()).isEqualTo(Code.UNAUTHORIZED);
        assertThat(upstream.sent).containsExactly("/0", "/1", "/2", "/next");
        assertThat(budget.paid).isEqualTo(4);
        assertThat(lanes.waiting()).isZero();
    }

    @Test
    void sendsTheMoreUrgentFirstAndOfTheSameUrgencyWhoCameFirst() {
        many(3, PATIENT);
        dispatch("/bulk", PATIENT, 7);
        dispatch("/usual", PATIENT, 3);
        dispatch("/urgent", PATIENT, 0);
        dispatch("/usual-too", PATIENT, 3);

        time.pass(Duration.ofSeconds(20));

        assertThat(upstream.sent.subList(3, 7)).containsExactly("/urgent", "/usual", "/usual-too", "/bulk");
    }

    @Test
    void tellsTheWaitOfTheUrgencyThatWasAskedFor() {
        many(3 + 6, Duration.ofSeconds(100)); // 3 now, 3 after 10 s, 3 after 20 s

        var usual = dispatch("/usual", Duration.ZERO, 3);
        var urgent = dispatch("/urgent", Duration.ZERO, 2);

        assertThat(refusal(usual).retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(refusal(urgent).retryAfter()).contains(Duration.ofSeconds(10));
    }

    @Test
    void givesOneTurnOfTenToWhoCameFirstHoweverManyUrgentOnesCome() {
        many(3, PATIENT);
        var bulk = dispatch("/bulk", Duration.ofSeconds(100), 7);
        for (int i = 0; i < 30; i++) {
            dispatch("/urgent" + i, Duration.ofSeconds(200), 0);
        }

        time.pass(Duration.ofSeconds(30));
        assertThat(bulk.isComplete()).as("after nine who overtook it").isFalse();
        time.pass(Duration.ofSeconds(10));

        assertThat(status(bulk)).isEqualTo(200);
        assertThat(upstream.sent.indexOf("/bulk")).isEqualTo(3 + 9);
    }

    @Test
    void countsTheOldestThatGetATurnInBetween() {
        many(3, PATIENT);
        for (int i = 0; i < 5; i++) {
            dispatch("/bulk" + i, Duration.ofSeconds(200), 7);
        }
        for (int i = 0; i < 11; i++) {
            dispatch("/urgent" + i, Duration.ofSeconds(200), 0);
        }

        var last = dispatch("/last", Duration.ZERO, 0); // behind eleven, and the one of bulk that goes in between

        assertThat(refusal(last).retryAfter()).contains(Duration.ofSeconds(50));
    }

    @Test
    void saysWhatACallWaitedFor() {
        many(3, PATIENT);
        var waiting = call("/waits", PATIENT, HttpMethod.GET, "");
        var sent = call("/sent", PATIENT, HttpMethod.GET, "");
        dispatcher().dispatch(waiting);

        time.pass(Duration.ofSeconds(10));
        dispatcher().dispatch(sent);

        assertThat(waiting.obstacle()).contains(Obstacle.WINDOW);
        assertThat(waiting.waitedNanos()).isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(sent.obstacle()).isEmpty();
    }

    @Test
    void holdsNoConnectionWhileItWaits() {
        many(50, Duration.ofSeconds(250));

        assertThat(upstream.open).as("open exchanges: the three that were sent").isEqualTo(3);
    }

    @Test
    void refusesAtOnceWhenTheWaitWouldOutlastTheDeadlineAndTellsTheTrueWait() {
        many(3 + 6, PATIENT); // 3 now, 3 after 10 s, 3 after 20 s

        var outcome = dispatch("/late", PATIENT);

        assertThat(refusal(outcome).code()).isEqualTo(Code.DEADLINE);
        assertThat(refusal(outcome).retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(refusal(outcome).detail()).contains("could be sent in 30 s").contains("waits 25 s at most");
    }

    @Test
    void refusesAtOnceWhoDoesNotWaitAtAll() {
        many(3, PATIENT);

        var outcome = dispatch("/now", Duration.ZERO);

        assertThat(refusal(outcome).code()).isEqualTo(Code.DEADLINE);
        assertThat(refusal(outcome).retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(upstream.open).isEqualTo(3);
    }

    @Test
    void sendsForOneThatDoesNotWaitIfAPermitIsFreeNow() {
        many(2, PATIENT);

        assertThat(status(dispatch("/now", Duration.ZERO))).isEqualTo(200);
    }

    @Test
    void refusesAtTheDeadlineWhenThePredictionDidNotComeTrue() {
        many(3, PATIENT);
        var outcome = dispatch("/hopeful", Duration.ofSeconds(12));
        budget.hold(Duration.ofSeconds(60)); // somebody else's 429

        time.pass(Duration.ofSeconds(12));

        assertThat(refusal(outcome).code()).isEqualTo(Code.HOLD);
        assertThat(lanes.waiting()).isZero();
    }

    @Test
    void refusesAllWhoWaitWhenTheDayIsUsedUp() {
        var waiting = many(5, PATIENT).get(4);
        budget.cause = Cause.DAY;
        budget.refillAt = time.read() + Duration.ofHours(5).toNanos();

        var look = Duration.ofMillis(2_500); // a quarter of the wait that was foretold
        time.pass(look);

        assertThat(refusal(waiting).code()).isEqualTo(Code.DAILY_EXHAUSTED);
        assertThat(refusal(waiting).retryAfter()).contains(Duration.ofHours(5).minus(look));
    }

    @Test
    void paysNothingForACallerThatHungUpInTheQueue() {
        many(3, PATIENT);
        var gone = call("/gone", PATIENT, HttpMethod.GET, "");
        var outcome = dispatcher().dispatch(gone);
        var next = dispatch("/next", PATIENT);

        gone.hangUp();
        time.pass(Duration.ofSeconds(10));

        assertThat(outcome.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(status(next)).isEqualTo(200);
        assertThat(upstream.sent).containsExactly("/0", "/1", "/2", "/next");
        assertThat(budget.paid).isEqualTo(4);
    }

    @Test
    void handsThePermitOfACallerThatHungUpWhileItWasPaidForToTheNextWaiter() {
        budget.slow = true;
        var gone = call("/gone", PATIENT, HttpMethod.GET, "");
        dispatcher().dispatch(gone);
        var next = dispatch("/next", PATIENT);

        gone.hangUp();
        answerAll();

        assertThat(status(next)).isEqualTo(200);
        assertThat(upstream.sent).containsExactly("/next");
        assertThat(budget.paid)
                .as("one permit served: the one that was paid for the caller that left")
                .isEqualTo(1);
        assertThat(upstream.open).as("the sent one alone").isEqualTo(1);
    }

    @Test
    void losesAPermitThatIsTooOldToBeWritten() {
        budget.slow = true;
        var outcome = dispatch("/a", PATIENT);

        time.pass(Duration.ofMillis(60)); // the store took longer than the permit lives
        budget.answer();
        assertThat(upstream.sent).isEmpty();
        answerAll();

        assertThat(status(outcome)).isEqualTo(200);
        assertThat(lost).hasSize(1);
        assertThat(budget.paid).isEqualTo(2);
    }

    @Test
    void asksTheStoreOnceForAllWhoseTurnItIs() {
        budget.each = 50;
        budget.free = 50;
        budget.slow = true;

        var outcomes = many(40, PATIENT);
        answerAll();

        assertThat(outcomes).allSatisfy(outcome -> assertThat(status(outcome)).isEqualTo(200));
        assertThat(budget.spends).as("spends for 40 requests").isLessThanOrEqualTo(6);
    }

    @Test
    void refusesNobodyBecauseOneBeforeItIsPaidForWhileTheBudgetIsAsked() {
        budget.slow = true;

        var outcomes = many(3, Duration.ofSeconds(1));
        answerAll();

        assertThat(outcomes).allSatisfy(outcome -> assertThat(status(outcome)).isEqualTo(200));
        assertThat(budget.paid).isEqualTo(3);
    }

    @Test
    void refusesNobodyBecauseOneBeforeItIsBeingPaidFor() {
        budget.each = 20; // more than may be in turn at once, so that there is a line
        budget.free = 20;
        budget.slowToTellOfSpends = true;

        var outcomes = many(21, Duration.ofSeconds(1));
        answerAll();

        assertThat(outcomes.subList(0, 20))
                .allSatisfy(outcome -> assertThat(status(outcome)).isEqualTo(200));
        assertThat(refusal(outcomes.get(20)).retryAfter()).contains(Duration.ofSeconds(10));
    }

    @Test
    void opensNoMoreConnectionsThanTheBudgetIsBelievedToPayFor() {
        upstream.slowToConnect = true;

        many(20, PATIENT);

        assertThat(upstream.connecting).as("connections asked for").hasSize(3);
    }

    @Test
    void sendsARefusedRequestAgainFromTheHeadOfItsLaneWhenTheHoldIsOver() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429)));

        var outcome = dispatch("/a", PATIENT);
        var second = dispatch("/b", PATIENT);
        assertThat(outcome.isComplete()).isFalse();
        assertThat(second.isComplete()).isFalse();
        time.pass(Duration.ofSeconds(11));

        assertThat(status(outcome)).isEqualTo(200);
        assertThat(upstream.sent).containsExactly("/a", "/a", "/b");
        assertThat(upstream.discarded).isEqualTo(1);
    }

    @Test
    void sendsAPostAgainAfterA429BecauseItWasNotExecuted() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429, "retry-after", "2")));

        var outcome = dispatcher().dispatch(call("/a", PATIENT, HttpMethod.POST, "body"));
        time.pass(Duration.ofSeconds(3));

        assertThat(status(outcome)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-ratelimit-max", "server"})
    void holdsAllOthersAlsoByThe429OfOneWhoseCallerHungUpMeanwhile(String field) {
        Promise<io.ghlgateway.highlevel.Reply> late = Promise.promise();
        upstream.answers.add(late.future());
        var call = call("/a", PATIENT, HttpMethod.POST, "body");
        var gone = dispatcher().dispatch(call);
        call.hangUp();

        late.complete(upstream.reply(429, "retry-after", "5", field, "100"));
        var second = dispatch("/b", PATIENT);

        assertThat(gone.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(second.isComplete()).isFalse();
        time.pass(Duration.ofSeconds(6));
        assertThat(status(second)).isEqualTo(200);
    }

    @Test
    void relaysTheUpstreams429AfterThreeAttempts() {
        budget.each = 10;
        for (int i = 0; i < 4; i++) {
            upstream.answers.add(Future.succeededFuture(upstream.reply(429, "retry-after", "1")));
        }

        var outcome = dispatch("/a", PATIENT);
        time.pass(Duration.ofSeconds(20));

        assertThat(status(outcome)).isEqualTo(429);
        assertThat(upstream.sent).hasSize(3);
    }

    @Test
    void relaysTheUpstreams429AtOnceWhenTheHoldOutlastsTheDeadline() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429)));

        assertThat(status(dispatch("/a", Duration.ofSeconds(5)))).isEqualTo(429);
    }

    @Test
    void aRequestThatTheEdgeRefusedStandsAtTheHeadUntilTheRestIsOverAndTeachesTheBudgetNothing() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429, edgePage())));

        var refused = dispatch("/a", PATIENT);
        var second = dispatch("/b", PATIENT);
        assertThat(budget.observed).isZero();
        time.pass(FakeBudget.BLOCK.plusSeconds(1));

        assertThat(status(refused)).isEqualTo(200);
        assertThat(status(second)).isEqualTo(200);
        assertThat(upstream.sent).containsExactly("/a", "/a", "/b");
        assertThat(upstream.discarded).as("the page of the edge").isOne();
        assertThat(budget.observed).isEqualTo(2);
    }

    @Test
    void whoseRestOutlastsItsPatienceIsToldWhenToComeAgainAndNotShownThePageOfTheEdge() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(403, edgePage())));

        var refused = dispatch("/a", Duration.ofSeconds(5));

        assertThat(refusal(refused).code()).isEqualTo(Code.HOLD);
        assertThat(refusal(refused).cause()).contains(Obstacle.HOLD);
        assertThat(refusal(refused).retryAfter()).contains(FakeBudget.BLOCK);
    }

    @Test
    void aRefusalOfTheEdgeThatSaysForHowLongIsBelieved() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429, edgePage(), "retry-after", "60")));

        var refused = dispatch("/a", Duration.ZERO);

        assertThat(refusal(refused).retryAfter().orElseThrow())
                .isBetween(Duration.ofMillis(60_400), Duration.ofMillis(60_600));
    }

    @Test
    void aForbiddenRequestIsNoRefusalOfTheEdge() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(
                403, Optional.of(Buffer.buffer("{\"message\": \"error 1015\"}")), "content-type", "application/json")));

        assertThat(status(dispatch("/a", PATIENT))).isEqualTo(403);
        assertThat(budget.observed).isEqualTo(1);
    }

    private static Optional<Buffer> edgePage() {
        return Optional.of(Buffer.buffer("error code: 1015"));
    }

    @Test
    void repeatsASafeMethodAfterAnOverloadedUpstreamAndNeverAPost() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(503)));
        var get = dispatch("/get", PATIENT);
        time.pass(Duration.ofSeconds(3));
        upstream.answers.add(Future.succeededFuture(upstream.reply(503)));
        var post = dispatcher().dispatch(call("/post", PATIENT, HttpMethod.POST, "body"));
        time.pass(Duration.ofSeconds(30));

        assertThat(status(get)).isEqualTo(200);
        assertThat(status(post)).isEqualTo(503);
    }

    @Test
    void saysThatItPausedBeforeARepetitionAndForHowLong() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(503)));
        var call = call("/get", PATIENT, HttpMethod.GET, "");

        var outcome = dispatcher().dispatch(call);
        assertThat(outcome.isComplete()).isFalse();
        time.pass(Duration.ofSeconds(3));

        assertThat(status(outcome)).isEqualTo(200);
        assertThat(call.obstacle()).contains(Obstacle.UPSTREAM);
        assertThat(call.waitedNanos())
                .isBetween(Duration.ofMillis(1).toNanos(), Duration.ofSeconds(3).toNanos());
    }

    @Test
    void whoHangsUpInThePauseBeforeARepetitionEndsItAtOnce() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(503)));
        var call = call("/get", PATIENT, HttpMethod.GET, "");
        var outcome = dispatcher().dispatch(call);

        call.hangUp();

        assertThat(outcome.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(time.pending()).as("the alarm of the pause is off").isZero();
        time.pass(Duration.ofSeconds(3));
        assertThat(upstream.sent).containsExactly("/get");
    }

    @Test
    void repeatsNoMoreThanAllTogetherMay() {
        for (int i = 0; i < 200; i++) {
            upstream.answers.add(Future.succeededFuture(upstream.reply(503)));
        }
        budget.free = 300;

        many(150, PATIENT);
        time.pass(Duration.ofSeconds(9));

        // A fifth of those that were asked, and ten a second of the last ten.
        assertThat(upstream.sent).hasSize(150 + 150 / 5 + 10 * 10);
    }

    @Test
    void tellsEach429OfTheUpstreamWithTheKeyThatItHit() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429, "retry-after", "2")));

        dispatch("/a", PATIENT);

        assertThat(refusals).containsExactly(FakeBudget.KEY.toString());
    }

    @Test
    void connectsAgainForAnyMethodAndPaysOnlyWhenAConnectionIsThere() {
        upstream.connectFailures.add(new Failed(Failed.Stage.CONNECT, "refused"));

        var post = dispatcher().dispatch(call("/post", PATIENT, HttpMethod.POST, "body"));
        time.pass(Duration.ofSeconds(3));

        assertThat(status(post)).isEqualTo(200);
        assertThat(budget.paid).isEqualTo(1);
    }

    @Test
    void saysWhoseFaultItIsWhenTheUpstreamCannotBeReached() {
        for (int i = 0; i < 3; i++) {
            upstream.connectFailures.add(new Failed(Failed.Stage.CONNECT, "refused"));
        }

        var outcome = dispatch("/a", PATIENT);
        time.pass(Duration.ofSeconds(5));

        assertThat(refusal(outcome).code()).isEqualTo(Code.UPSTREAM_UNREACHABLE);
        assertThat(refusal(outcome).detail()).contains("HighLevel").contains("nothing was sent");
        assertThat(budget.paid).isZero();
    }

    @Test
    void whoseTurnComesAsItsPatienceEndsIsToldOfTheQuotaAndNotOfAConnectionThatWasAboutToBeMade() {
        budget.each = 1; // which is free when its turn comes: nobody but itself would be before it
        budget.free = 0;
        budget.refillAt = time.read() + Duration.ofMillis(4_990).toNanos();
        var late = dispatch("/late", Duration.ofSeconds(5));
        upstream.slowToConnect = true;

        time.pass(Duration.ofSeconds(5));

        assertThat(upstream.connecting).hasSize(1);
        assertThat(refusal(late).code()).isEqualTo(Code.DEADLINE);
        assertThat(refusal(late).detail()).startsWith("this request's turn came too late");
        assertThat(refusal(late).retryAfter()).hasValue(Duration.ofSeconds(1));
    }

    @Test
    void whoseConnectionTookMostOfItsPatienceIsToldThatThereIsNone() {
        upstream.slowToConnect = true;

        var late = dispatch("/late", Duration.ofSeconds(5));
        time.pass(Duration.ofSeconds(5));

        assertThat(refusal(late).code()).isEqualTo(Code.UPSTREAM_UNREACHABLE);
    }

    @Test
    void neverRepeatsAPostThatMayHaveBeenExecuted() {
        upstream.answers.add(Future.failedFuture(new Failed(Failed.Stage.BROKEN, "reset")));

        var outcome = dispatcher().dispatch(call("/post", PATIENT, HttpMethod.POST, "body"));
        time.pass(Duration.ofSeconds(5));

        assertThat(refusal(outcome).code()).isEqualTo(Code.UPSTREAM_UNREACHABLE);
        assertThat(refusal(outcome).detail()).contains("may have been executed");
        assertThat(upstream.sent).hasSize(1);
    }

    @Test
    void cutsTheExchangeOfACallerThatHungUpInFlight() {
        Promise<io.ghlgateway.highlevel.Reply> never = Promise.promise();
        upstream.answers.add(never.future());
        var call = call("/a", PATIENT, HttpMethod.GET, "");
        dispatcher().dispatch(call);

        call.hangUp();

        assertThat(upstream.open).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void letsWhatMayChangeSomethingGoOnWithoutItsCaller(String method) {
        Promise<io.ghlgateway.highlevel.Reply> late = Promise.promise();
        upstream.answers.add(late.future());
        var call = call("/a", PATIENT, HttpMethod.valueOf(method), "body");
        var outcome = dispatcher().dispatch(call);

        call.hangUp();
        assertThat(upstream.open).isOne();
        late.complete(upstream.reply(201));

        assertThat(outcome.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(upstream.discarded).isOne();
        assertThat(budget.observed).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403})
    void cutsTheAnswerToACallerThatHungUpAfterItsHead(int status) {
        upstream.answers.add(Future.succeededFuture(upstream.reply(status)));
        var call = call("/a", PATIENT, HttpMethod.POST, "body");
        var outcome = dispatcher().dispatch(call);
        assertThat(status(outcome)).isEqualTo(status);

        call.hangUp();

        assertThat(upstream.open).isZero();
    }

    @Test
    void asksForNothingForACallerThatHungUpBeforeItsCallBegan() {
        var call = call("/a", PATIENT, HttpMethod.GET, "");
        call.hangUp();

        var outcome = dispatcher().dispatch(call);

        assertThat(outcome.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(budget.paid).isZero();
    }

    @Test
    void givesThePermitOfACallWhoseDeadlinePassedWhileItWasPaidForToTheNextWaiter() {
        budget.slow = true;
        var late = dispatch("/late", Duration.ofMillis(20));
        var next = dispatch("/next", PATIENT);

        time.pass(Duration.ofMillis(30));
        answerAll();

        assertThat(refusal(late).code()).isEqualTo(Code.DEADLINE);
        assertThat(status(next)).isEqualTo(200);
        assertThat(upstream.sent).containsExactly("/next");
    }

    @Test
    void refusesWhenTooManyWait() {
        bounds = new Lanes.Bounds(5, 100, 1_000);
        many(3 + 5, Duration.ofSeconds(200));

        var outcome = dispatch("/full", Duration.ofSeconds(200));

        assertThat(refusal(outcome).code()).isEqualTo(Code.QUEUE_FULL);
        assertThat(refusal(outcome).retryAfter()).isPresent();
    }

    @Test
    void refusesWhenTheBodiesOfThoseWhoWaitAreTooLarge() {
        many(3, PATIENT);
        dispatcher().dispatch(call("/big", PATIENT, HttpMethod.POST, "x".repeat(900)));

        var outcome = dispatcher().dispatch(call("/more", PATIENT, HttpMethod.POST, "x".repeat(200)));

        assertThat(refusal(outcome).code()).isEqualTo(Code.QUEUE_FULL);
    }

    @Test
    void saysWhatIsMissingWhenATenantHasNoToken() {
        var call = new Call(
                CALLER,
                new Tenant("other", App.PRIVATE, Resource.location("loc1")),
                Route.unknown(HttpMethod.GET),
                new UpstreamRequest(HttpMethod.GET, "/a", MultiMap.caseInsensitiveMultiMap(), RequestBody.EMPTY),
                Deadline.after(time.read(), PATIENT),
                Urgency.UNSAID,
                Runnable::run);

        var outcome = dispatcher().dispatch(call);

        assertThat(refusal(outcome).code()).isEqualTo(Code.CREDENTIAL_UNAVAILABLE);
        assertThat(budget.paid).isZero();
    }

    @Test
    void refusesAllWhoWaitAndWhoComeOnceItIsClosed() {
        var waiting = many(4, PATIENT).get(3);

        lanes.close();

        assertThat(refusal(waiting).code()).isEqualTo(Code.DRAINING);
        assertThat(refusal(waiting).retryAfter()).isPresent();
        assertThat(refusal(dispatch("/late", PATIENT)).code()).isEqualTo(Code.DRAINING);
        assertThat(lanes.waiting()).isZero();
    }

    private Dispatcher dispatcher() {
        if (dispatcher == null) {
            var events = new DispatchEvents() {
                @Override
                public void upstream429(BudgetKey key) {
                    refusals.add(key.toString());
                }

                @Override
                public void permitLost(BudgetKey key) {
                    lost.add(key.toString());
                }
            };
            lanes = new Lanes(key -> budget, Optional.empty(), time, time, bounds, Duration.ofMillis(50), events);
            var tokens = new PrivateTokenSource(Map.of(TENANT, new Token(Token.Kind.PRIVATE, Secret.of("pit-1"))));
            var retries = new Retries(3, Set.of(), 20, 10, time, new java.util.SplittableRandom(1));
            dispatcher = new Dispatcher(lanes, tokens, upstream, retries);
        }
        return dispatcher;
    }

    private Call call(String uri, Duration patience, HttpMethod method, String body) {
        return call(uri, patience, method, body, Urgency.UNSAID);
    }

    private Call call(String uri, Duration patience, HttpMethod method, String body, Urgency urgency) {
        return new Call(
                CALLER,
                TENANT,
                Route.unknown(HttpMethod.GET),
                new UpstreamRequest(
                        method, uri, MultiMap.caseInsensitiveMultiMap(), RequestBody.whole(Buffer.buffer(body))),
                Deadline.after(time.read(), patience),
                urgency,
                Runnable::run);
    }

    private Future<Outcome> dispatch(String uri, Duration patience) {
        return dispatcher().dispatch(call(uri, patience, HttpMethod.GET, ""));
    }

    private Future<Outcome> dispatch(String uri, Duration patience, int urgency) {
        return dispatcher().dispatch(call(uri, patience, HttpMethod.GET, "", new Urgency(urgency)));
    }

    private List<Future<Outcome>> many(int count, Duration patience) {
        return IntStream.range(0, count)
                .mapToObj(i -> dispatch("/" + i, patience))
                .toList();
    }

    private void answerAll() {
        for (int i = 0; i < 10; i++) {
            budget.answer();
        }
    }

    private static int status(Future<Outcome> outcome) {
        assertThat(outcome.result()).isInstanceOf(Outcome.Answered.class);
        return ((Outcome.Answered) outcome.result()).reply().status();
    }

    private static Refusal refusal(Future<Outcome> outcome) {
        assertThat(outcome.result()).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome.result()).refusal();
    }
}
