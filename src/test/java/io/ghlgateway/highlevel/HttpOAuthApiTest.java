package io.ghlgateway.highlevel;

import static io.ghlgateway.highlevel.ScriptedServer.answer;
import static io.ghlgateway.highlevel.ScriptedServer.head;
import static io.ghlgateway.highlevel.ScriptedServer.json;
import static io.ghlgateway.highlevel.ScriptedServer.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.HttpOAuthApi.Bounds;
import io.ghlgateway.highlevel.HttpOAuthApi.Origin;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Refused.Reason;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Resource.Kind;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of HighLevel's token endpoints, byte by byte, and what their answers are taken for. */
class HttpOAuthApiTest {

    private static final String CLIENT_SECRET = "client-secret-4410";
    private static final OAuthClient CLIENT = new OAuthClient(
            new App("main"), "65a0app-lx1", Secret.of(CLIENT_SECRET), "https://gateway.example/oauth/callback/main");
    private static final Secret COMPANY_TOKEN = Secret.of("company-token-91aa");
    private static final Secret CODE = Secret.of("code+with/signs=&7");
    private static final Secret REFRESH = Secret.of("refresh-token-5c20");
    private static final Bounds BOUNDS = new Bounds(2, Duration.ofSeconds(30), Duration.ofSeconds(30));
    private static final Bounds HASTY = new Bounds(1, Duration.ofMillis(100), Duration.ofMillis(400));

    private static Vertx vertx;

    private ScriptedServer highLevel;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        await(vertx.close());
    }

    @BeforeEach
    void listen() {
        highLevel = new ScriptedServer();
    }

    @AfterEach
    void hangUp() {
        highLevel.close();
    }

    @Test
    void aCodeIsExchangedInTheFormThatIsDocumented() {
        highLevel.then(json(200, location().encode()));

        var grant = await(api(BOUNDS).exchange(CLIENT, CODE));

        var asked = highLevel.next();
        assertThat(asked.head())
                .startsWith("POST /oauth/token HTTP/1.1\n")
                .containsIgnoringCase("\ncontent-type: application/x-www-form-urlencoded\n")
                .containsIgnoringCase("\naccept: application/json\n")
                .containsIgnoringCase("\nuser-agent: ghl-gateway/test\n")
                .doesNotContainIgnoringCase("\nversion:")
                .doesNotContainIgnoringCase("\nauthorization:");
        assertThat(asked.body())
                .isEqualTo("client_id=65a0app-lx1&client_secret=client-secret-4410&grant_type=authorization_code"
                        + "&code=code%2Bwith%2Fsigns%3D%267"
                        + "&redirect_uri=https%3A%2F%2Fgateway.example%2Foauth%2Fcallback%2Fmain");
        assertThat(grant)
                .isEqualTo(new TokenGrant(
                        Optional.of(Resource.location("loc1")),
                        Optional.of("comp1"),
                        Optional.of("user1"),
                        Secret.of("access-1"),
                        Optional.of(Secret.of("refresh-1")),
                        Duration.ofSeconds(86_399),
                        Set.of("contacts.readonly", "contacts.write")));
    }

    @Test
    void aRefreshTokenIsExchangedWithTheKindOfItsAccount() {
        highLevel.then(json(200, company().encode())).then(json(200, location().encode()));

        var agency = await(api(BOUNDS).refresh(CLIENT, Kind.COMPANY, REFRESH));
        await(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH));

        assertThat(highLevel.next().body())
                .isEqualTo("client_id=65a0app-lx1&client_secret=client-secret-4410&grant_type=refresh_token"
                        + "&refresh_token=refresh-token-5c20&user_type=Company");
        assertThat(highLevel.next().body()).endsWith("&user_type=Location");
        assertThat(agency.resource()).isEqualTo(Resource.company("comp1"));
    }

    @Test
    void anAppMayHaveATokenEndpointOfItsOwn() {
        var own = new Origin(
                URI.create("http://127.0.0.1:1"),
                Map.of(CLIENT.app(), highLevel.uri().resolve("/else/token?v=3")),
                "ghl-gateway/test");
        highLevel.then(json(200, location().encode()));

        await(new HttpOAuthApi(vertx, own, BOUNDS, Optional.empty()).exchange(CLIENT, CODE));

        assertThat(highLevel.next().head()).startsWith("POST /else/token?v=3 HTTP/1.1\n");
    }

    @Test
    void aLocationsTokenIsMintedWithItsCompanys() {
        var minted = location();
        minted.remove("refresh_token");
        minted.remove("userType");
        highLevel.then(json(201, minted.encode()));

        var grant = await(api(BOUNDS).mint(COMPANY_TOKEN, "comp1", "loc1"));

        var asked = highLevel.next();
        assertThat(asked.head())
                .startsWith("POST /oauth/locationToken HTTP/1.1\n")
                .containsIgnoringCase("\nauthorization: Bearer company-token-91aa\n")
                .containsIgnoringCase("\nversion: 2021-07-28\n")
                .containsIgnoringCase("\ncontent-type: application/x-www-form-urlencoded\n");
        assertThat(asked.body()).isEqualTo("companyId=comp1&locationId=loc1");
        assertThat(grant.resource()).isEqualTo(Resource.location("loc1"));
        assertThat(grant.refreshToken()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"locationId, loc2", "companyId, comp2", "userType, Company", "locationId, ''"})
    void aMintedTokenThatIsAnothersIsNone(String field, String value) {
        highLevel.then(json(201, location().put(field, value).encode()));

        assertThat(failure(api(BOUNDS).mint(COMPANY_TOKEN, "comp1", "loc1"))).isInstanceOf(Unanswered.class);
    }

    @Test
    void aLostRefreshTokenIsReplacedByACode() {
        highLevel
                .then(json(200, "{\"authorizationCode\": \"new-code\", \"expiresAt\": \"x\"}"))
                .then(json(200, "{\"authorization_code\": \"new-code\"}"))
                .then(json(200, "{\"expiresAt\": \"x\"}"));

        assertThat(await(api(BOUNDS).reconnect(CLIENT, Resource.location("loc1")))
                        .reveal())
                .isEqualTo("new-code");
        assertThat(await(api(BOUNDS).reconnect(CLIENT, Resource.company("comp1")))
                        .reveal())
                .isEqualTo("new-code");
        assertThat(failure(api(BOUNDS).reconnect(CLIENT, Resource.company("comp1"))))
                .isInstanceOf(Unanswered.class);

        var asked = highLevel.next();
        assertThat(asked.head())
                .startsWith("POST /oauth/reconnect HTTP/1.1\n")
                .containsIgnoringCase("\ncontent-type: application/json\n");
        assertThat(new JsonObject(asked.body()))
                .isEqualTo(new JsonObject()
                        .put("clientKey", "65a0app-lx1")
                        .put("clientSecret", CLIENT_SECRET)
                        .put("locationId", "loc1"));
        assertThat(new JsonObject(highLevel.next().body()).getString("companyId"))
                .isEqualTo("comp1");
    }

    @Test
    void installedLocationsAreListedInBothForms() {
        highLevel
                .then(json(
                        200,
                        "{\"locations\":[{\"_id\":\"a\",\"isInstalled\":true},{\"_id\":\"b\"},"
                                + "{\"_id\":\"c\",\"isInstalled\":false}],\"count\":50}"))
                .then(json(200, "{\"items\":[{\"id\":\"d\"}],\"pagination\":{\"total\":1}}"))
                .then(json(200, "{\"locations\":[{\"_id\":\"a\"}]}"))
                .then(json(200, "{\"locations\":[{\"name\":\"a\"}],\"count\":1}"));

        var page = await(api(BOUNDS).installedLocations(COMPANY_TOKEN, CLIENT, "comp1", 20, 10));
        var newer = await(api(BOUNDS).installedLocations(COMPANY_TOKEN, CLIENT, "comp1", 0, 10));

        assertThat(page.ids()).containsExactly("a", "b");
        assertThat(page.listed()).isEqualTo(3);
        assertThat(page.total()).isEqualTo(50);
        assertThat(newer.ids()).containsExactly("d");
        assertThat(highLevel.next().head())
                .startsWith("GET /oauth/installedLocations?companyId=comp1&appId=65a0app&isInstalled=true"
                        + "&skip=20&limit=10 HTTP/1.1\n")
                .containsIgnoringCase("\nversion: 2021-07-28\n")
                .containsIgnoringCase("\nauthorization: Bearer company-token-91aa\n");
        for (int i = 0; i < 2; i++) {
            assertThat(failure(api(BOUNDS).installedLocations(COMPANY_TOKEN, CLIENT, "comp1", 0, 10)))
                    .isInstanceOf(Unanswered.class);
        }
    }

    @Test
    void fieldsAreReadInEitherCase() {
        var camel = new JsonObject()
                .put("accessToken", "access-1")
                .put("refreshToken", "refresh-1")
                .put("expiresIn", 100)
                .put("user_type", "Location")
                .put("location_id", "loc1")
                .put("scope", new JsonArray().add("a").add("b"));
        highLevel.then(json(200, camel.encode()));

        var grant = await(api(BOUNDS).exchange(CLIENT, CODE));

        assertThat(grant.resource()).isEqualTo(Resource.location("loc1"));
        assertThat(grant.expiresIn()).isEqualTo(Duration.ofSeconds(100));
        assertThat(grant.companyId()).isEmpty();
        assertThat(grant.scopes()).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 60",
        "60, 60",
        "86399, 86399",
        "864000, 864000",
        "99999999999, 864000",
        "86399.5, 86399",
        "0, 60",
        "-5, 60",
        "'\"7200\"', 7200",
        "'\"7200.5\"', 7200",
        "'\"-5\"', 60",
        "'\"soon\"', 86399",
        "'\"9e999999999\"', 86399",
        "'\"\"', 86399",
        "null, 86399",
        "true, 86399",
        "{}, 86399"
    })
    void aLifeThatCannotBeIsTakenForTheNearestThatCanAndOneThatIsNotSaidForTheUsual(String said, long taken) {
        var body = location().encode().replace("86399", said);
        highLevel.then(json(200, body)).then(json(200, body));

        assertThat(await(api(BOUNDS).exchange(CLIENT, CODE)).expiresIn()).hasSeconds(taken);
        assertThat(await(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH)).expiresIn())
                .hasSeconds(taken);
    }

    static Stream<String> unwhole() {
        return Stream.concat(
                Stream.of("access_token", "refresh_token").flatMap(HttpOAuthApiTest::lacking),
                Stream.of(
                        location().put("userType", "User").encode(),
                        location()
                                .put("userType", "Company")
                                .putNull("companyId")
                                .encode(),
                        location().put("locationId", "../x").encode(),
                        location().put("locationId", "a".repeat(65)).encode(),
                        location().put("location_id", "another").encode(),
                        location().put("user_type", "Company").encode(),
                        location().put("access_token", "two words").encode(),
                        location().put("access_token", "a\r\nX: y").encode(),
                        location().put("refreshToken", "another").encode(),
                        "",
                        " ",
                        "null",
                        "[]",
                        "7",
                        "\"text\"",
                        "{}",
                        "{} {}",
                        "<html>busy</html>",
                        "{\"a\":"));
    }

    static Stream<String> nobodys() {
        return Stream.of("userType", "locationId").flatMap(HttpOAuthApiTest::lacking);
    }

    @ParameterizedTest
    @MethodSource("unwhole")
    void anAnswerThatIsNotWholeIsNone(String body) {
        highLevel.then(json(200, body)).then(json(200, body));

        assertThat(failure(api(BOUNDS).exchange(CLIENT, CODE))).isInstanceOf(Unanswered.class);
        assertThat(failure(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH))).isInstanceOf(Unanswered.class);
    }

    @ParameterizedTest
    @MethodSource("nobodys")
    void aCodesTokensMustSayWhoseTheyAre(String body) {
        highLevel.then(json(200, body));

        assertThat(failure(api(BOUNDS).exchange(CLIENT, CODE))).isInstanceOf(Unanswered.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"userType", "locationId", "companyId", "scope", "userId"})
    void whatARefreshDoesNotSayIsAsBefore(String field) {
        for (var answer :
                List.of(without(field), location().putNull(field), location().put(field, ""))) {
            highLevel.then(json(200, answer.encode()));

            var grant = await(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH));

            assertThat(grant.refreshToken()).contains(Secret.of("refresh-1"));
            assertThat(grant.canBeOf(Resource.location("loc1"))).isTrue();
            assertThat(grant.canBeOf(Resource.location("loc2"))).isEqualTo(field.equals("locationId"));
        }
    }

    @Test
    void aRefreshMaySayNoMoreThanBothTokens() {
        var tokens = "{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\"}";
        highLevel.then(json(200, tokens)).then(json(200, tokens));

        var locations = await(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH));
        var agencys = await(api(BOUNDS).refresh(CLIENT, Kind.COMPANY, REFRESH));

        assertThat(List.of(locations, agencys)).allSatisfy(grant -> {
            assertThat(grant.said()).isEmpty();
            assertThat(grant.accessToken()).isEqualTo(Secret.of("access-1"));
            assertThat(grant.expiresIn()).hasSeconds(86_399);
        });
    }

    @Test
    void aLocationsTokenIsNotTakenForItsCompanysThoughItsKindIsNotSaid() {
        highLevel.then(json(200, without("userType").encode()));

        assertThat(failure(api(BOUNDS).refresh(CLIENT, Kind.COMPANY, REFRESH))).isInstanceOf(Unanswered.class);
    }

    @Test
    void aRefreshAnsweredWithAnotherKindOfTokenIsUnanswered() {
        highLevel.then(json(200, company().encode()));

        assertThat(failure(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH))).isInstanceOf(Unanswered.class);
    }

    @Test
    void anAnswerThatIsCutIsNeverASuccess() {
        var body = location().encode();
        int length = body.length();
        var api = api(BOUNDS);
        var taken = new ArrayList<Throwable>();
        for (int end = 0; end < length; end++) {
            var head = head(200, "application/json", length);
            highLevel
                    .then(say(head + body.substring(0, end)))
                    .then(say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body.substring(0, end)))
                    .then(say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + (end == 0 ? "" : Integer.toHexString(end) + "\r\n" + body.substring(0, end) + "\r\n")));
            for (int i = 0; i < 3; i++) {
                taken.add(failure(api.refresh(CLIENT, Kind.LOCATION, REFRESH)));
            }
        }
        var head = head(200, "application/json", length);
        for (int end = 0; end < head.length(); end++) {
            highLevel.then(say(head.substring(0, end)));
            taken.add(failure(api.refresh(CLIENT, Kind.LOCATION, REFRESH)));
        }

        assertThat(taken).hasOnlyElementsOfType(Unanswered.class);
        assertThat(taken).allMatch(cause -> ((Unanswered) cause).wasSent());
    }

    @Test
    void aRefusalThatIsCutIsNeverARefusal() {
        var body = "{\"statusCode\":400,\"message\":\"Invalid grant: refresh token is invalid\"}";
        var api = api(BOUNDS);
        for (int end = 0; end < body.length(); end++) {
            highLevel.then(say("HTTP/1.1 400 Bad Request\r\n\r\n" + body.substring(0, end)));

            assertThat(failure(api.refresh(CLIENT, Kind.LOCATION, REFRESH))).isInstanceOf(Unanswered.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{'statusCode':400,'message':'Invalid grant: refresh token is invalid'}|INVALID_GRANT",
                "400|{'error':'invalid_grant'}|INVALID_GRANT",
                "401|{'error':'x','error_description':'INVALID GRANT'}|INVALID_GRANT",
                "400|{'error':{'code':'invalid_grant','message':'no','details':[]}}|INVALID_GRANT",
                "400|{'message':'Location is not active'}|LOCATION_NOT_ACTIVE",
                "400|{'error':'invalid_grant','message':'Location is not active'}|LOCATION_NOT_ACTIVE",
                "401|{'statusCode':401,'message':'Invalid JWT','error':'Unauthorized'}|TOKEN_INVALID",
                "401|{'message':'Invalid token: access token is invalid'}|TOKEN_INVALID",
                "403|{'message':'Invalid JWT'}|OTHER",
                "401|{'message':'The token is not authorized for this scope.'}|OTHER",
                "422|{'message':['a is needed','b is needed'],'error':'Unprocessable Entity'}|OTHER",
                "429|{'message':'Too Many Requests'}|THROTTLED",
                "400|{'message':'Missing parameter: clientId'}|OTHER"
            })
    void aNoInHighLevelsFormIsARefusal(int status, String body, Reason reason) {
        highLevel.then(json(status, body.replace('\'', '"')));

        var failure = failure(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH));

        assertThat(failure).isInstanceOf(Refused.class).hasMessageContaining("HighLevel answered " + status + ": ");
        assertThat(((Refused) failure).reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403|text/html|<html>error code: 1010 Invalid grant</html>",
                "400|text/html|<html>invalid_grant</html>",
                "429|text/html|<html>error code: 1015</html>",
                "400|application/json|{'statusCode':400}",
                "400|application/json|['invalid_grant']",
                "401|application/json|{'message':'Command timed out'}",
                "408|application/json|{'message':'invalid_grant'}",
                "500|application/json|{'message':'Invalid grant: refresh token is invalid'}",
                "503|text/plain|upstream connect error",
                "301|application/json|{'access_token':'a'}",
                "307|application/json|{'message':'invalid_grant'}",
                "600|application/json|{'message':'invalid_grant'}",
                "200|text/html|<html>Just a moment...</html>"
            })
    void aNoInAnyOtherFormIsNoAnswer(int status, String type, String body) {
        highLevel.then(answer(status, type, body.replace('\'', '"')));

        assertThat(failure(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH))).isInstanceOf(Unanswered.class);
    }

    @Test
    void aRedirectIsNotFollowed() {
        highLevel.then(say("HTTP/1.1 307 X\r\nLocation: " + highLevel.uri() + "/b\r\nContent-Length: 0\r\n\r\n"));

        assertThat(failure(api(BOUNDS).exchange(CLIENT, CODE))).isInstanceOf(Unanswered.class);

        highLevel.next();
        assertThat(highLevel.unread()).isZero();
    }

    @Test
    void anAnswerWithoutEndIsNotRead() {
        highLevel.then(connection -> {
            var out = connection.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
            while (true) {
                out.write(new byte[65_536]);
            }
        });

        assertThat(failure(api(BOUNDS).exchange(CLIENT, CODE))).isInstanceOf(Unanswered.class);
    }

    @Test
    void silenceIsUnansweredInTimeAndItsConnectionIsCut() throws IOException {
        highLevel.then(ScriptedServer.SILENCE).then(say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"));

        var silent = failure(api(HASTY).exchange(CLIENT, CODE));
        var reset = failure(api(HASTY).exchange(CLIENT, CODE));

        assertThat(List.of(silent, reset)).allSatisfy(failure -> {
            assertThat(failure).isInstanceOf(Unanswered.class);
            assertThat(((Unanswered) failure).wasSent()).isTrue();
        });
        assertThat(highLevel.connections().get(0).getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aResetIsUnanswered() {
        highLevel.then(ScriptedServer.RESET);

        assertThat(failure(api(BOUNDS).exchange(CLIENT, CODE)))
                .isInstanceOfSatisfying(
                        Unanswered.class,
                        failure -> assertThat(failure.wasSent()).isTrue());
    }

    @Test
    void whatCouldNotBeSentSaysSo() {
        var nobody = new Origin(URI.create("http://127.0.0.1:1"), Map.of(), "ghl-gateway/test");

        var unreachable = failure(new HttpOAuthApi(vertx, nobody, BOUNDS, Optional.empty()).exchange(CLIENT, CODE));
        var unspeakable = failure(api(BOUNDS).mint(Secret.of("a\r\nX-Evil: canary"), "comp1", "loc1"));

        assertThat(List.of(unreachable, unspeakable)).allSatisfy(failure -> {
            assertThat(failure).isInstanceOf(Unanswered.class).hasMessageNotContaining("canary");
            assertThat(((Unanswered) failure).wasSent()).isFalse();
        });
    }

    @Test
    void eachCallHasAConnectionOfItsOwn() {
        var api = api(BOUNDS);
        for (int i = 0; i < 3; i++) {
            highLevel.then(connection -> connection
                    .getOutputStream()
                    .write((head(200, "application/json", location().encode().length())
                                    + location().encode())
                            .getBytes()));
            await(api.exchange(CLIENT, CODE));
        }

        assertThat(highLevel.connections()).hasSize(3);
    }

    @Test
    void onlySoManyCallsAreUnderWayAndTheRestComeInOrder() {
        var api = api(BOUNDS);
        var answers = new ArrayList<Future<TokenGrant>>();
        for (int i = 0; i < 6; i++) {
            highLevel.then(ScriptedServer.SILENCE);
            answers.add(api.exchange(CLIENT, Secret.of("code" + i)));
        }

        var asked = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            asked.add(highLevel.next().body().replaceAll(".*&code=(code\\d).*", "$1"));
            assertThat(highLevel.connections().size()).isLessThanOrEqualTo(i / 2 * 2 + 2);
            if (i % 2 == 1) {
                highLevel.connections().subList(i - 1, i + 1).forEach(HttpOAuthApiTest::hangUp);
            }
        }

        assertThat(asked.subList(0, 2)).containsExactlyInAnyOrder("code0", "code1");
        assertThat(asked.subList(2, 4)).containsExactlyInAnyOrder("code2", "code3");
        assertThat(asked.subList(4, 6)).containsExactlyInAnyOrder("code4", "code5");
        answers.forEach(answer -> assertThat(failure(answer)).isInstanceOf(Unanswered.class));
    }

    @Test
    void whoWaitsTooLongForATurnIsToldThatNothingWasSent() {
        highLevel.then(ScriptedServer.SILENCE).then(json(200, location().encode()));
        var api = api(HASTY);

        var first = api.exchange(CLIENT, CODE);
        var second = failure(api.exchange(CLIENT, CODE));
        failure(first);
        var third = await(api.exchange(CLIENT, CODE));

        assertThat(second)
                .isInstanceOfSatisfying(
                        Unanswered.class, turn -> assertThat(turn.wasSent()).isFalse());
        assertThat(third.resource()).isEqualTo(Resource.location("loc1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no refresh-token-5c20 here",
                "refresh-\\u0000token-5c20",
                "client_secret=client-secret-4410&x",
                "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln",
                "pit-5e1f0a3c-1111-4222-8333-944445555666",
                "secretsecretsecretsecretsecretsecretsecretsecret"
            })
    void aRefusalsWordsRepeatNoSecret(String words) {
        highLevel.then(json(400, "{\"message\":\"" + words + "\"}"));

        assertThat(failure(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("***")
                .hasMessageNotContainingAny("5c20", "4410", "eyJ", "pit-", "secretsecret");
    }

    @Test
    void aRefusalsWordsAreShortAndOnOneLine() {
        highLevel.then(json(400, "{\"message\":\"one\\r\\ntwo\\u202e " + "word ".repeat(2_000) + "\"}"));

        var failure = failure(api(BOUNDS).refresh(CLIENT, Kind.LOCATION, REFRESH));

        assertThat(failure.getMessage()).hasSizeLessThan(260).doesNotContain("\r", "\n", "\u202e");
    }

    private HttpOAuthApi api(Bounds bounds) {
        return new HttpOAuthApi(
                vertx, new Origin(highLevel.uri(), Map.of(), "ghl-gateway/test"), bounds, Optional.empty());
    }

    private static JsonObject location() {
        return new JsonObject()
                .put("access_token", "access-1")
                .put("token_type", "Bearer")
                .put("expires_in", 86_399)
                .put("refresh_token", "refresh-1")
                .put("scope", "contacts.readonly contacts.write")
                .put("userType", "Location")
                .put("companyId", "comp1")
                .put("locationId", "loc1")
                .put("userId", "user1");
    }

    private static Stream<String> lacking(String field) {
        return Stream.of(
                        without(field),
                        location().putNull(field),
                        location().put(field, ""),
                        location().put(field, new JsonObject()),
                        location().put(field, true))
                .map(JsonObject::encode);
    }

    private static JsonObject without(String field) {
        var grant = location();
        grant.remove(field);
        return grant;
    }

    private static JsonObject company() {
        var grant = location().put("userType", "Company").put("isBulkInstallation", true);
        grant.remove("locationId");
        return grant;
    }

    private static void hangUp(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Throwable failure(Future<?> future) {
        try {
            throw new AssertionError("succeeded with " + outcome(future));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return outcome(future);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static <T> T outcome(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
