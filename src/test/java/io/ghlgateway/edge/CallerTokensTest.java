package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.edge.CallerTokens.Checked;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Which tokens name a caller, and which do not, by a clock and an issuer of the test's own. */
class CallerTokensTest {

    private static final String ISSUER = "https://id.example/";
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final TestIssuer KEYS = new TestIssuer()
            .add("r", "RS256")
            .add("c", "ES256")
            .add("e", "EdDSA")
            .add("weak", "RS256", 1024);

    private static Vertx vertx;

    private Instant now = NOON;
    private Future<Buffer> published = Future.succeededFuture(Buffer.buffer(KEYS.jwks()));
    private int fetches;
    private int silences;
    /** At each look at the clock, also in the middle of a verification. */
    private Runnable meanwhile = () -> {};

    private CallerTokens tokens;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close();
    }

    @BeforeEach
    void setUp() {
        tokens = tokens(TrustedIssuer.ALGORITHMS);
    }

    private CallerTokens tokens(Set<String> algorithms) {
        var events = new EdgeEvents() {
            @Override
            public void answered(Answer answer) {}

            @Override
            public void defect(String requestId, Throwable cause) {}

            @Override
            public void issuerSilent(String issuer, String why) {
                silences++;
            }
        };
        return new CallerTokens(
                vertx,
                List.of(new TrustedIssuer(
                        ISSUER, "gateway", URI.create("https://id.example/jwks"), algorithms, "sub", Optional.empty())),
                url -> {
                    fetches++;
                    return published;
                },
                () -> TimeUnit.SECONDS.toNanos(now.getEpochSecond()),
                () -> {
                    meanwhile.run();
                    return now;
                },
                events);
    }

    private static JsonObject claims() {
        return new JsonObject()
                .put("iss", ISSUER)
                .put("aud", new JsonArray().add("other").add("gateway"))
                .put("sub", "billing")
                .put("exp", NOON.plusSeconds(300).getEpochSecond());
    }

    private Checked verdict(String token) {
        assertThat(tokens.isOne(token)).isTrue();
        try {
            return tokens.check(KeyHash.of(Secret.of(token)), token)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Checked known(String token) {
        return tokens.known(KeyHash.of(Secret.of(token)));
    }

    @Test
    void aTokenThatEndsBetweenTwoLooksNamesItsCallerStill() {
        var token = KEYS.token("e", claims());
        verdict(token);
        var callers = new CallerRegistry(() -> now);
        var billing = Callers.any("billing");
        callers.put(billing, Set.of());
        var authenticator = new CallerAuthenticator(callers, tokens);
        var headers = MultiMap.caseInsensitiveMultiMap().add("Authorization", "Bearer " + token);

        var judged = authenticator.pending(headers).result();
        now = now.plusSeconds(3_600);

        assertThat(authenticator.caller(headers, judged).map(CallerAuthenticator.Known::caller))
                .contains(billing);
    }

    @Test
    void aTokenNamesItsCallerInEachAlgorithm() {
        for (var key : List.of("r", "c", "e")) {
            assertThat(verdict(KEYS.token(key, claims())).caller()).as(key).contains("billing");
        }
        assertThat(fetches).isEqualTo(1);
        assertThat(verdict(KEYS.token("e", new JsonObject().put("alg", "EdDSA"), claims()))
                        .caller())
                .contains("billing"); // of no key by name
        assertThat(verdict(KEYS.token("e", claims().put("aud", "gateway"))).caller())
                .contains("billing");
    }

    @Test
    void anIssuerThatIsTrustedNoMoreOpensNothingAlsoForWhatIsBeingVerifiedThen() {
        var token = KEYS.token("e", claims());
        var same = new TrustedIssuer(
                ISSUER,
                "gateway",
                URI.create("https://id.example/jwks"),
                TrustedIssuer.ALGORITHMS,
                "sub",
                Optional.empty());
        verdict(token);
        tokens.trust(List.of(same));
        assertThat(verdict(token).caller()).contains("billing");
        assertThat(fetches).as("its keys stay").isEqualTo(1);

        tokens.trust(List.of(
                new TrustedIssuer(ISSUER, "other", same.keysUrl(), same.algorithms(), "sub", Optional.empty())));
        assertThat(verdict(KEYS.token("e", claims().put("aud", "gateway"))).caller())
                .isEmpty();
        assertThat(verdict(KEYS.token("e", claims())).caller()).contains("billing");
        meanwhile = () -> tokens.trust(List.of());
        var late = KEYS.token("c", claims());
        verdict(late);

        assertThat(known(late)).isNull();
        assertThat(tokens.isOne(late)).isFalse();
    }

    @Test
    void anIssuerNamesThoseThatItMayNameAndNobodyElse() {
        var narrow = new TrustedIssuer(
                ISSUER,
                "gateway",
                URI.create("https://id.example/jwks"),
                TrustedIssuer.ALGORITHMS,
                "sub",
                Optional.of(Set.of("billing")));
        tokens.trust(List.of(narrow));

        assertThat(verdict(KEYS.token("e", claims())).caller()).contains("billing");
        refused(claims().put("sub", "admin-tool"), "it names a caller that its issuer may not name (jwt: callers)");
    }

    @Test
    void whatIsWrongWithAClaimIsSaid() {
        refused(claims().put("iss", "https://else.example/"), "its issuer is none of those configured (jwt)");
        refused(claims().put("aud", "other"), "it is for another audience than 'gateway' (aud)");
        refused(without("aud"), "it is for another audience than 'gateway' (aud)");
        refused(without("exp"), "it does not say when it ends (exp)");
        refused(claims().put("exp", "tomorrow"), "its claims are not what RFC 7519 has them be");
        refused(claims().put("exp", -1e300), "it has expired");
        refused(claims().put("nbf", 1e300), "it is not valid yet (nbf)");
        refused(claims().put("exp", NOON.minusSeconds(60).getEpochSecond()), "it has expired");
        refused(claims().put("nbf", NOON.plusSeconds(61).getEpochSecond()), "it is not valid yet (nbf)");
        refused(claims().put("nbf", "x"), "it is not valid yet (nbf)");
        refused(without("sub"), "it does not name a caller ('sub')");
        refused(claims().put("sub", 7), "it does not name a caller ('sub')");
    }

    @Test
    void clocksMayBeAMinuteApart(TestReporter reporter) {
        var after = IntStream.rangeClosed(50, 70)
                .filter(seconds -> names("exp", NOON.minusSeconds(seconds)))
                .summaryStatistics();
        var before = IntStream.rangeClosed(50, 70)
                .filter(seconds -> names("nbf", NOON.plusSeconds(seconds)))
                .summaryStatistics();

        reporter.publishEntry(
                "measured",
                "a token is taken until %d s after its end and from %d s before its beginning"
                        .formatted(after.getMax(), before.getMax()));
        assertThat(after.getMax()).isEqualTo(59);
        assertThat(before.getMax()).isEqualTo(60);
        assertThat(after.getCount() + before.getCount()).as("all of less").isEqualTo(10 + 11);
    }

    private boolean names(String claim, Instant time) {
        return verdict(KEYS.token("e", claims().put(claim, time.getEpochSecond())))
                .caller()
                .isPresent();
    }

    @Test
    void noOtherSignatureIsTaken() throws GeneralSecurityException {
        var good = KEYS.token("e", claims());
        var parts = good.split("\\.");
        var none = TestIssuer.base64("{\"alg\":\"none\"}") + "." + parts[1];
        var ofAnother = KEYS.token("c", claims()).split("\\.");

        refused(none + ".", "it is no signed JWT");
        refused(none + ".AAAA", "it is not signed with one of the algorithms of its issuer");
        refused(parts[0] + "." + parts[1] + "." + ofAnother[2], "its signature is not its issuer's");
        refused(
                parts[0] + "." + TestIssuer.base64(claims().put("sub", "root").encode()) + "." + parts[2],
                "its signature is not its issuer's");
        refused(
                KEYS.token("c", new JsonObject().put("alg", "EdDSA").put("kid", "e"), claims()),
                "its signature is not its issuer's");
        refused(
                KEYS.token("e", new JsonObject().put("alg", "EdDSA").put("kid", "c"), claims()),
                "its signature is not its issuer's");
        refused(
                KEYS.token("e", new JsonObject().put("alg", "EdDSA").put("crit", new JsonArray().add("b64")), claims()),
                "it is no signed JWT");
        var head = TestIssuer.base64("{\"alg\":\"HS256\",\"kid\":\"r\"}") + "." + parts[1];
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEYS.publicBytes("r"), "HmacSHA256"));
        refused(
                head + "." + TestIssuer.base64(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII))),
                "it is not signed with one of the algorithms of its issuer");
        refused(KEYS.token("weak", claims()), "it names a key that its issuer does not publish");
    }

    @Test
    void onlyTheConfiguredAlgorithmsAreTaken() {
        tokens = tokens(Set.of("ES256"));

        refused(KEYS.token("e", claims()), "it is not signed with one of the algorithms of its issuer");
        assertThat(verdict(KEYS.token("c", claims())).caller()).contains("billing");
    }

    @Test
    void aTokenIsKnownOnceItWasVerifiedUntilItEnds() {
        var token = KEYS.token("e", claims());

        assertThat(known(token)).isNull();
        verdict(token);

        assertThat(known(token).caller()).contains("billing");
        now = NOON.plusSeconds(359);
        assertThat(known(token).caller()).contains("billing");
        now = NOON.plusSeconds(360);
        assertThat(known(token)).isNull();
        assertThat(verdict(token).why()).isEqualTo("it has expired");
    }

    @Test
    void aKeyThatIsNotKnownIsAskedForAtMostEveryTenSeconds() {
        var issuer = new TestIssuer().add("old", "EdDSA");
        published = Future.succeededFuture(Buffer.buffer(issuer.jwks()));
        verdict(issuer.token("old", claims()));
        issuer.add("new", "EdDSA");
        published = Future.succeededFuture(Buffer.buffer(issuer.jwks()));
        var token = issuer.token("new", claims());

        assertThat(verdict(token).why()).isEqualTo("it names a key that its issuer does not publish");
        assertThat(verdict(token).caller()).isEmpty();
        assertThat(fetches).isEqualTo(1);
        now = NOON.plus(Duration.ofSeconds(10));

        assertThat(verdict(token).caller()).contains("billing");
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void theLastKeysStayThroughAnOutageAndThoseTakenBackOpenNothing() {
        var issuer = new TestIssuer().add("old", "EdDSA").add("new", "EdDSA");
        published = Future.succeededFuture(Buffer.buffer(issuer.jwks()));
        var token = issuer.token("old", claims());
        verdict(token);
        for (var answer : List.of("{}", "no JSON", "{\"keys\": 7}")) {
            now = now.plusSeconds(10);
            published = Future.succeededFuture(Buffer.buffer(answer));
            tokens.refresh();
        }
        now = now.plusSeconds(10);
        published = Future.failedFuture("no route");
        tokens.refresh();

        assertThat(silences).isEqualTo(4);
        assertThat(known(token).caller()).contains("billing");
        assertThat(verdict(issuer.token("new", claims())).caller()).contains("billing");

        issuer.forget("old");
        now = now.plusSeconds(10);
        published = Future.succeededFuture(Buffer.buffer(issuer.jwks()));
        tokens.refresh();

        assertThat(known(token)).isNull();
        assertThat(verdict(token).caller()).isEmpty();
        assertThat(verdict(issuer.token("new", claims())).caller()).contains("billing");
    }

    @Test
    void anIssuerThatPublishesNoKeyOfUseHasTakenAllBack() {
        for (var answer : List.of("{\"keys\": []}", "{\"keys\": [{\"kty\": \"oct\", \"k\": \"AAAA\"}, 7]}")) {
            setUp();
            published = Future.succeededFuture(Buffer.buffer(KEYS.jwks()));
            var token = KEYS.token("e", claims());
            assertThat(verdict(token).caller()).contains("billing");

            now = now.plusSeconds(10);
            published = Future.succeededFuture(Buffer.buffer(answer));
            tokens.refresh();

            assertThat(known(token)).isNull();
            assertThat(verdict(token).why()).isEqualTo("it names a key that its issuer does not publish");
            assertThat(silences).isZero();
        }
    }

    @Test
    void anAnswerThatNeverEndsKeepsNoKeysFromBeingFetched() {
        published = Promise.<Buffer>promise().future();
        tokens.refresh();
        published = Future.succeededFuture(Buffer.buffer(KEYS.jwks()));
        now = NOON.plusSeconds(10);

        assertThat(verdict(KEYS.token("e", claims())).caller()).contains("billing");
    }

    @Test
    void whatWasVerifiedByAKeyThatIsTakenBackMeanwhileIsNotKept() {
        var issuer = new TestIssuer().add("old", "EdDSA").add("new", "EdDSA");
        published = Future.succeededFuture(Buffer.buffer(issuer.jwks()));
        verdict(issuer.token("new", claims()));
        var token = issuer.token("old", claims());
        issuer.forget("old");
        meanwhile = () -> {
            meanwhile = () -> {};
            now = NOON.plusSeconds(10);
            published = Future.succeededFuture(Buffer.buffer(issuer.jwks()));
            tokens.refresh();
        };
        verdict(token);

        assertThat(known(token)).isNull();
        assertThat(verdict(token).caller()).isEmpty();
    }

    @Test
    void noMoreAreVerifiedAtOnceThanThereIsRoomForAndTheNextAreToldSo() {
        var token = KEYS.token("e", claims());
        verdict(token);
        var go = new Semaphore(0);
        meanwhile = go::acquireUninterruptibly;
        var hash = KeyHash.of(Secret.of(token));
        var all =
                IntStream.range(0, 64).mapToObj(i -> tokens.check(hash, token)).toList();
        var beyond = tokens.check(hash, token);
        go.release(1_000);

        assertThat(beyond.cause())
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(Code.CREDENTIAL_UNAVAILABLE));
        Await.result(Future.all(all));
        assertThat(verdict(token).caller()).contains("billing");
    }

    @Test
    void anIssuerThatWasNeverReachedOpensNothing() {
        published = Future.failedFuture("no route");

        assertThat(verdict(KEYS.token("e", claims())).why())
                .isEqualTo("the keys of its issuer cannot be had now; try again");
        published = Future.succeededFuture(Buffer.buffer(KEYS.jwks()));
        now = NOON.plusSeconds(10);

        assertThat(verdict(KEYS.token("e", claims())).caller()).contains("billing");
    }

    private void refused(JsonObject claims, String why) {
        refused(KEYS.token("e", claims), why);
    }

    private void refused(String token, String why) {
        var verdict = verdict(token);
        assertThat(verdict.caller()).isEmpty();
        assertThat(verdict.why()).isEqualTo(why);
    }

    private static JsonObject without(String claim) {
        var claims = claims();
        claims.remove(claim);
        return claims;
    }
}
