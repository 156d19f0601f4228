package io.ghlgateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Token;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.credentials.TokenSource.Unavailable;
import io.ghlgateway.credentials.TokenSource.Unavailable.Reason;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
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
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a 401 means, and what becomes of the call. Tokens are numbered as they are given out: t1, then t2 once renewed. */
class UnauthorizedTest {

    private static final Tenant TENANT = new Tenant("acme", new App("main"), Resource.location("loc1"));
    private static final Caller CALLER = Callers.any("billing");

    private final FakeTime time = new FakeTime();
    private final FakeBudget budget = new FakeBudget(time, 100);
    private final FakeUpstream upstream = new FakeUpstream();
    private final List<String> told = new ArrayList<>();
    private Future<Boolean> another = Future.succeededFuture(true);
    private Future<Token> tokens = Future.succeededFuture(bearing("t1"));
    private final Lanes lanes = new Lanes(
            key -> budget,
            Optional.empty(),
            time,
            time,
            new Lanes.Bounds(100, 100, 1_000),
            Duration.ofMillis(50),
            DispatchEvents.NONE);
    private final Dispatcher dispatcher = new Dispatcher(
            lanes,
            new TokenSource() {
                @Override
                public Future<Token> token(Tenant tenant, Route route) {
                    return tokens;
                }

                @Override
                public Future<Boolean> rejected(Tenant tenant, Token token, String message) {
                    told.add(token.bearer().reveal() + " rejected: " + message);
                    tokens = Future.succeededFuture(bearing("t2"));
                    return another;
                }

                @Override
                public void accepted(Tenant tenant, Token token) {
                    told.add(token.bearer().reveal() + " accepted");
                }
            },
            upstream,
            new Retries(3, Set.of(), 20, 10, time, new SplittableRandom(1)));

    /** FACTS, section 7, and what comes near it. */
    @ParameterizedTest(name = "\"{1}\" with {0}: sent again: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            401 | Invalid JWT                                         | true
            401 | invalid jwt                                         | true
            401 | ' Invalid JWT '                                     | true
            401 | Invalid token: access token is invalid              | true
            401 | Invalid Private Integration token                   | true
            401 | The token is not authorized for this scope.         | false
            401 | This location is not accessible from this token!    | false
            401 | This token's user type is not yet supported!        | false
            401 | version header was not found.                       | false
            401 | version header is invalid                           | false
            401 | E01 - Unauthorized request                          | false
            401 | Command timed out                                   | false
            401 | Unauthorized, Invalid JWT                           | false
            401 | Invalid JWT.                                        | false
            401 | Invalid                                             | false
            401 | ''                                                  | false
            403 | Invalid JWT                                         | false
            403 | The token does not have access to this location.    | false
            403 | Forbidden resource                                  | false
            400 | Invalid JWT                                         | false
            """)
    void onlyWhatIsSaidOfTheTokenItselfIsHeeded(int status, String message, boolean again) {
        answers(
                status,
                new JsonObject()
                        .put("statusCode", status)
                        .put("message", message)
                        .encode());

        var outcome = dispatch("");

        assertThat(status(outcome)).isEqualTo(again ? 200 : status);
        assertThat(told.stream().filter(line -> line.contains("rejected")))
                .isEqualTo(again ? List.of("t1 rejected: " + message.trim()) : List.of());
        assertThat(budget.paid).isEqualTo(again ? 2 : 1);
        assertThat(upstream.discarded).isEqualTo(again ? 1 : 0);
    }

    @ParameterizedTest(name = "{0}: sent again: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            {"error": {"code": "unauthorized", "message": "Invalid JWT"}}  | true
            {"message": ["Invalid JWT"]}                                   | false
            {"message": {"message": "Invalid JWT"}}                        | false
            {"detail": "Invalid JWT"}                                      | false
            ["Invalid JWT"]                                                | false
            "Invalid JWT"                                                  | false
            Invalid JWT                                                    | false
            {"message": "Invalid JWT"                                      | false
            """)
    void itsMessageStandsWhereHighLevelPutsIt(String body, boolean again) {
        answers(401, body);

        assertThat(status(dispatch(""))).isEqualTo(again ? 200 : 401);
    }

    @Test
    void whatCannotBeSeenPassesOn() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(401, Optional.empty())));

        assertThat(status(dispatch(""))).isEqualTo(401);
        assertThat(told).isEmpty();
    }

    @Test
    void theTokenThatWasSentIsNamedAndTheNextIsAskedForAnew() {
        answers(401, "{\"message\": \"Invalid JWT\"}");

        dispatch("body");

        assertThat(upstream.bearers).map(Secret::reveal).containsExactly("t1", "t2");
        assertThat(told).containsExactly("t1 rejected: Invalid JWT", "t2 accepted");
    }

    @Test
    void aSecondRefusalIsTheAnswerAndIsToldToo() {
        answers(401, "{\"message\": \"Invalid JWT\"}");
        answers(401, "{\"message\": \"Invalid JWT\"}");

        assertThat(status(dispatch(""))).isEqualTo(401);
        assertThat(told).containsExactly("t1 rejected: Invalid JWT", "t2 rejected: Invalid JWT");
        assertThat(upstream.sent).hasSize(2);
    }

    @Test
    void itIsHeardOfAWriteWhoseCallerIsGoneAndNothingIsSentAgain() {
        Promise<Reply> late = Promise.promise();
        upstream.answers.add(late.future());
        var call = call(RequestBody.whole(Buffer.buffer("body")));
        var outcome = dispatcher.dispatch(call);

        call.hangUp();
        late.complete(upstream.reply(401, Optional.of(Buffer.buffer("{\"message\": \"Invalid JWT\"}"))));

        assertThat(outcome.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(told).containsExactly("t1 rejected: Invalid JWT");
        assertThat(upstream.sent).hasSize(1);
        assertThat(upstream.discarded).isOne();
    }

    @Test
    void itIsTheAnswerWhereThereIsNoOtherToken() {
        another = Future.succeededFuture(false);
        answers(401, "{\"message\": \"Invalid Private Integration token\"}");

        assertThat(status(dispatch(""))).isEqualTo(401);
        assertThat(told).containsExactly("t1 rejected: Invalid Private Integration token");
        assertThat(upstream.discarded).isZero();
    }

    @Test
    void itIsTheAnswerWhereFetchingAnotherFails() {
        another = Future.failedFuture(new IllegalStateException("the store is away"));
        answers(401, "{\"message\": \"Invalid JWT\"}");

        assertThat(status(dispatch(""))).isEqualTo(401);
    }

    @Test
    void itIsTheAnswerWhenThePatienceEndedMeanwhile() {
        Promise<Boolean> renewing = Promise.promise();
        another = renewing.future();
        answers(401, "{\"message\": \"Invalid JWT\"}");

        var outcome = dispatch("");
        time.pass(Duration.ofSeconds(26));
        assertThat(outcome.isComplete()).isFalse();
        renewing.complete(true);

        assertThat(status(outcome)).isEqualTo(401);
    }

    @Test
    void whoHangsUpMeanwhileIsForgotten() {
        Promise<Boolean> renewing = Promise.promise();
        another = renewing.future();
        answers(401, "{\"message\": \"Invalid JWT\"}");
        var call = call(RequestBody.EMPTY);

        var outcome = dispatcher.dispatch(call);
        call.hangUp();
        renewing.complete(true);

        assertThat(outcome.result()).isInstanceOf(Outcome.CallerGone.class);
        assertThat(upstream.discarded).isEqualTo(1);
        assertThat(upstream.sent).hasSize(1);
    }

    @Test
    void aTryAfterAThrottleDoesNotTakeTheTokensOneAway() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(429)));
        upstream.answers.add(Future.succeededFuture(upstream.reply(429)));
        answers(401, "{\"message\": \"Invalid JWT\"}");

        var outcome = dispatch("");
        time.pass(Duration.ofSeconds(24));

        assertThat(status(outcome)).isEqualTo(200);
        assertThat(upstream.sent).hasSize(4);
    }

    @Test
    void anAnswerFromBeforeHighLevelsServicesSaysNothingOfTheToken() {
        upstream.answers.add(Future.succeededFuture(upstream.reply(500)));

        dispatch("");

        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whyThereIsNoTokenDecidesTheAnswer(Reason reason) {
        tokens = Future.failedFuture(new Unavailable(reason, "why", Optional.of(Duration.ofSeconds(7))));

        var refusal = ((Outcome.Refused) dispatch("").result()).refusal();

        assertThat(refusal.code())
                .isEqualTo(
                        switch (reason) {
                            case NONE, TEMPORARY -> Code.CREDENTIAL_UNAVAILABLE;
                            case DEAD -> Code.CREDENTIAL_DEAD;
                            case WRONG_KIND -> Code.FORBIDDEN;
                            case SCOPE_MISSING -> Code.SCOPE_MISSING;
                        });
        assertThat(refusal.detail()).isEqualTo("why");
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
    }

    private void answers(int status, String body) {
        upstream.answers.add(Future.succeededFuture(upstream.reply(status, Optional.of(Buffer.buffer(body)))));
    }

    private Future<Outcome> dispatch(String body) {
        return dispatcher.dispatch(call(RequestBody.whole(Buffer.buffer(body))));
    }

    private Call call(RequestBody body) {
        return new Call(
                CALLER,
                TENANT,
                Route.unknown(HttpMethod.POST),
                new UpstreamRequest(HttpMethod.POST, "/a", MultiMap.caseInsensitiveMultiMap(), body),
                Deadline.after(time.read(), Duration.ofSeconds(25)),
                Urgency.UNSAID,
                Runnable::run);
    }

    private static Token bearing(String text) {
        return new Token(Token.Kind.LOCATION, Secret.of(text));
    }

    private static int status(Future<Outcome> outcome) {
        assertThat(outcome.result()).isInstanceOf(Outcome.Answered.class);
        return ((Outcome.Answered) outcome.result()).reply().status();
    }
}
