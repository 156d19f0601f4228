package io.ghlgateway.install;

import static io.ghlgateway.install.DoorBed.CODE;
import static io.ghlgateway.install.DoorBed.app;
import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Refused.Reason;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.install.CodeExchange.Connected;
import io.ghlgateway.install.DoorBed.Answer;
import io.ghlgateway.install.InstallApp.Policy;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The customers' door over its real listener: what leads to a connection, and all that does not. */
class InstallDoorTest {

    private static final String URL = "https://gateway.example";

    private DoorBed bed;

    @BeforeEach
    void open() {
        bed = new DoorBed(URL, app("main", Policy.PENDING));
    }

    @AfterEach
    void securityHeadersAreOnEveryAnswerAndSecretsOnNone() {
        var answers = List.of(bed.begin(), bed.get("/"), bed.get("/oauth/callback/main"), bed.send("NONSENSE\n\n"));
        for (var answer : answers) {
            assertGuarded(answer);
        }
        bed.close();
    }

    @Test
    void beginningLeadsToHighLevelWithAStateAndACookie() {
        var begun = bed.begin();

        assertThat(begun.status()).isEqualTo(302);
        assertThat(begun.field("location").orElseThrow())
                .startsWith("https://marketplace.gohighlevel.com/v2/oauth/chooselocation?response_type=code"
                        + "&redirect_uri=https%3A%2F%2Fgateway.example%2Foauth%2Fcallback%2Fmain&client_id=65a0-lx1"
                        + "&scope=contacts.readonly%20contacts.write&version_id=v-1&loginWindowOpenMode=self&state=");
        assertThat(begun.field("set-cookie").orElseThrow())
                .matches("__Host-ghl-install-main=[\\w-]{22}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
        assertThat(bed.begin().state()).isNotEqualTo(begun.state());
        assertThat(bed.events).contains("begun main");
    }

    @Test
    void onLoopbackTheCookieNeedsNoTls() {
        try (var plain = new DoorBed("http://127.0.0.1:8081", app("main", Policy.PENDING))) {
            var begun = plain.begin();

            assertThat(begun.field("set-cookie").orElseThrow())
                    .matches("ghl-install-main=[\\w-]{22}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax");
            assertThat(begun.field("strict-transport-security")).isEmpty();
            assertThat(plain.callback(begun).status()).isEqualTo(200);
        }
    }

    @Test
    void anAuthorizeUrlKeepsItsOwnParametersAndOnlyTheStateIsOurs() {
        var stored =
                URI.create("https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation?client_id=mine&scope=a+b"
                        + "&redirect_uri=https%3a%2f%2fx&state=theirs&loginWindowOpenMode=popup&version_id=7");
        try (var verbatim = new DoorBed(URL, app("main", stored, Policy.PENDING))) {
            assertThat(verbatim.begin().field("location").orElseThrow())
                    .matches(
                            "https://marketplace\\.leadconnectorhq\\.com/v2/oauth/chooselocation\\?client_id=mine&scope=a\\+b"
                                    + "&redirect_uri=https%3a%2f%2fx&loginWindowOpenMode=popup&version_id=7&response_type=code"
                                    + "&state=[\\w-]+");
        }
    }

    @Test
    void whoComesBackWithStateAndCookieIsConnected() {
        var done = bed.callback(bed.begin());

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body()).contains("<h1>Connected</h1>", ">main<", ">loc1<", ">comp1<", "close this window");
        assertThat(done.field("set-cookie").orElseThrow()).startsWith("__Host-ghl-install-main=; Path=/; Max-Age=0;");
        assertThat(bed.completed).containsExactly("main " + CODE);
        assertThat(bed.events).contains("completed main LOCATION");
        assertGuarded(done);
    }

    @Test
    void anAgencyIsToldHowManyLocationsItConnected() {
        bed.onboarding = (app, code, pending) ->
                Future.succeededFuture(new Connected(Resource.company("comp7"), Optional.of("comp7"), 50, pending));

        assertThat(bed.callback(bed.begin()).body())
                .contains("<dt>Agency</dt><dd>comp7</dd>", "<dt>Locations</dt><dd>50</dd>")
                .doesNotContain("<dt>Location</dt>");
    }

    @Test
    void aStateIsUsedOnceOnAnyReplica() {
        var begun = bed.begin();
        bed.callback(begun);

        var again = bed.callback(begun);
        var elsewhere = bed.sendToOther("GET /oauth/callback/main?code=" + CODE + "&state=" + begun.state()
                + " HTTP/1.1\nHost: gateway.example\nCookie: " + begun.cookie() + "\nConnection: close\n\n");

        for (var answer : List.of(again, elsewhere)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("cannot be completed", "href=\"" + URL + "/oauth/install/main\"");
        }
        assertThat(bed.completed).hasSize(1);
        assertThat(bed.events).endsWith("refused main state", "refused main state");
    }

    @Test
    void aStateEndsAfterTenMinutes() {
        var late = bed.begin();
        bed.now = bed.now.plus(Duration.ofMinutes(10));
        var inTime = bed.begin();
        bed.now = bed.now.plus(Duration.ofMinutes(10)).minusSeconds(1);

        assertThat(bed.callback(late).status()).isEqualTo(400);
        assertThat(bed.callback(inTime).status()).isEqualTo(200);
    }

    @Test
    void aStateIsWorthNothingWithoutTheCookieOfItsBrowser() {
        var begun = bed.begin();
        var another = bed.begin();
        var target = "/oauth/callback/main?code=" + CODE + "&state=" + begun.state();

        var refused = List.of(
                bed.get(target),
                bed.get(target, "Cookie: " + another.cookie()),
                bed.get(target, "Cookie: " + begun.cookie() + "; " + another.cookie()),
                bed.get(target, "Cookie: " + begun.cookie().replace("__Host-", "")),
                bed.get(target, "Cookie: __Host-ghl-install-main="));

        assertThat(refused).extracting(Answer::status).containsOnly(400);
        assertThat(bed.completed).isEmpty();
        assertThat(bed.callback(begun).status()).isEqualTo(200);
    }

    @Test
    void aStateOfAnotherAppIsForeign() {
        try (var two = new DoorBed(URL, app("main", Policy.ACCEPT), app("other", Policy.ACCEPT))) {
            var begun = two.begin();
            var cookie = begun.cookie().replace("-main=", "-other=");

            var answer = two.get("/oauth/callback/other?code=" + CODE + "&state=" + begun.state(), "Cookie: " + cookie);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(two.completed).isEmpty();
        }
    }

    @Test
    void aStateOfWhichOneBitIsChangedIsForged() {
        var begun = bed.begin();
        var bytes = Base64.getUrlDecoder().decode(begun.state());
        for (int bit = 0; bit < bytes.length * 8; bit += 5) {
            var forged = bytes.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            var state = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);

            var answer = bed.get("/oauth/callback/main?code=" + CODE + "&state=" + state, "Cookie: " + begun.cookie());

            assertThat(answer.status()).isEqualTo(400);
        }
        assertThat(bed.completed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%00", "%3Cscript%3E", "....", "AAAA", "%zz"})
    void whatIsNoStateAtAllIsNotTakenForNone(String state) {
        var answer = bed.get(
                "/oauth/callback/main?code=" + CODE + "&state=" + state,
                "Cookie: " + bed.begin().cookie());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(bed.completed).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PENDING, 200, Waiting for approval", "ACCEPT, 200, Connected", "REFUSE, 403, Please begin here"})
    void anInstallationWithoutStateIsWhatThePolicySays(Policy policy, int status, String title) {
        try (var here = new DoorBed(URL, app("main", policy))) {
            var answer = here.get("/oauth/callback?code=" + CODE);

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).contains("<h1>" + title + "</h1>");
            assertThat(here.completed)
                    .isEqualTo(
                            switch (policy) {
                                case PENDING -> List.of("main " + CODE + " pending");
                                case ACCEPT -> List.of("main " + CODE);
                                case REFUSE -> List.of();
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_GRANT, used or has expired",
        "THROTTLED, busy",
        "LOCATION_NOT_ACTIVE, refused",
        "TOKEN_INVALID, refused",
        "OTHER, refused"
    })
    void aCodeThatHighLevelRefusesIsSaidSo(Reason reason, String words) {
        bed.onboarding = (app, code, pending) -> Future.failedFuture(new Refused(reason, "HighLevel answered 400: x"));

        var answer = bed.callback(bed.begin());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(words, "/oauth/install/main").doesNotContain("answered 400");
        assertThat(bed.events).contains("refused main code");
    }

    @Test
    void silenceOfHighLevelIsSaidSo() {
        bed.onboarding = (app, code, pending) -> Future.failedFuture(new Unanswered("cut"));

        assertThat(bed.callback(bed.begin()).status()).isEqualTo(502);
        assertThat(bed.events).contains("refused main unanswered");
    }

    @Test
    void aDefectIsOursAndShowsNothing() {
        for (CodeExchange broken : List.<CodeExchange>of(
                (app, code, pending) -> Future.failedFuture(new IllegalStateException(code.reveal())),
                (app, code, pending) -> {
                    throw new IllegalStateException(code.reveal());
                })) {
            bed.onboarding = broken;

            var answer = bed.callback(bed.begin());

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain(CODE, "Exception", "\tat ");
            assertGuarded(answer);
        }
        assertThat(bed.events).contains("refused main failed");
    }

    @Test
    void aStoreOutOfReachUsesUpNoCode() {
        bed.claims = (nonce, life) -> Future.failedFuture(new IllegalStateException("no Redis"));

        assertThat(bed.callback(bed.begin()).status()).isEqualTo(500);
        assertThat(bed.completed).isEmpty();
    }

    @Test
    void aFloodOfCodesIsRefusedBeforeItUsesUpAnything() {
        var end = Promise.<Connected>promise();
        bed.onboarding = (app, code, pending) -> end.future();
        var waiting = new ArrayList<CompletableFuture<Answer>>();
        for (int i = 0; i < 4; i++) {
            var here = bed.begin();
            waiting.add(meanwhile(() -> bed.callback(here)));
        }
        Await.until(() -> bed.completed.size() == 4);
        var begun = bed.begin();

        var crowded = bed.callback(begun);
        end.complete(new Connected(Resource.location("loc1"), Optional.empty(), 1, false));
        waiting.forEach(answer -> assertThat(answer.join().status()).isEqualTo(200));
        var later = bed.callback(begun);

        assertThat(crowded.status()).isEqualTo(503);
        assertThat(crowded.field("retry-after")).hasValue("5");
        assertThat(later.status()).isEqualTo(200);
    }

    @Test
    void inventedCodesTakeNoPlaceOfACustomerWhoComesBackWithAState() {
        var end = Promise.<Connected>promise();
        bed.onboarding = (app, code, pending) -> pending
                ? end.future()
                : Future.succeededFuture(new Connected(Resource.location("loc1"), Optional.empty(), 1, false));
        var stranger = "/oauth/callback/main?code=" + CODE;
        var waiting = List.of(meanwhile(() -> bed.get(stranger)), meanwhile(() -> bed.get(stranger)));
        Await.until(() -> bed.completed.size() == 2);

        var third = bed.get(stranger);
        var customer = bed.callback(bed.begin());
        end.complete(new Connected(Resource.location("loc2"), Optional.empty(), 1, true));
        waiting.forEach(CompletableFuture::join);

        assertThat(third.status()).isEqualTo(503);
        assertThat(customer.status()).isEqualTo(200);
    }

    private static CompletableFuture<Answer> meanwhile(Supplier<Answer> request) {
        return CompletableFuture.supplyAsync(request, run -> {
            var thread = new Thread(run);
            thread.setDaemon(true);
            thread.start();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?code=",
                "?state=x",
                "?code=a&code=b",
                "?code=a&c%6fde=b",
                "?code=a&state=x&state=y",
                "?code=a%20b",
                "?code=a%0d%0ab",
                "?code=%c3%bc",
                "?code=%zz"
            })
    void aCallbackThatIsNotClearIsRefused(String query) {
        var answer = bed.get("/oauth/callback/main" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(bed.completed).isEmpty();
        assertThat(bed.events).containsExactly("refused main malformed");
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied, (access_denied)",
        "%3Cscript%3Ealert(1)%3C/script%3E, not granted.",
        "a%0d%0aX-Evil:%201, not granted.",
        "'', not granted."
    })
    void aNoOfTheCustomersIsShownAndNothingElseOfIt(String error, String words) {
        var answer = bed.get("/oauth/callback/main?error=" + error + "&code=" + CODE);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(words).doesNotContain("script", "Evil", CODE);
        assertThat(answer.head()).doesNotContain("Evil");
        assertThat(bed.completed).isEmpty();
        assertThat(bed.events).containsExactly("refused main declined");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/favicon.ico",
                "/oauth",
                "/oauth/install",
                "/oauth/install/",
                "/oauth/install/nobody",
                "/oauth/install/main/",
                "/oauth/install/<script>",
                "/oauth/install/%6dain",
                "/oauth/install/main;a=1",
                "/OAuth/install/main",
                "/oauth/callback/",
                "/oauth/callback/nobody?code=a",
                "//oauth/install/main",
                "/oauth//install/main",
                "/oauth%2finstall/main",
                "/metrics",
                "/admin/v1/status"
            })
    void everyOtherPathIsNotFound(String target) {
        var answer = bed.get(target);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("Nothing is here").doesNotContain("nobody", "script", "Evil");
        assertGuarded(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "/oauth/install/main%0d%0aX-Evil:1, 400",
        "/oauth/callback/../install/main, 400",
        "/oauth/%2e%2e/oauth/install/main, 400",
        "\\oauth\\install\\main, 400",
        "http://elsewhere/oauth/install/main, 421",
        "*, 400"
    })
    void whatCanBeReadInTwoWaysIsRefusedAsEveryDoorDoes(String target, int status) {
        var answer = bed.get(target);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains("cannot be read").doesNotContain("Evil");
        assertGuarded(answer);
    }

    @Test
    void theBareCallbackExistsForOneAppOnly() {
        try (var two = new DoorBed(URL, app("main", Policy.ACCEPT), app("other", Policy.ACCEPT))) {
            assertThat(two.get("/oauth/callback?code=a").status()).isEqualTo(404);
            assertThat(two.get("/oauth/callback/other?code=a").status()).isEqualTo(200);
            assertThat(two.completed).containsExactly("other a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"})
    void onlyReadingIsAllowed(String method) {
        var answer =
                bed.send(method + " /oauth/callback/main?code=" + CODE + " HTTP/1.1\nHost: x\nConnection: close\n\n");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.field("allow")).hasValue("GET, HEAD");
        assertThat(bed.completed).isEmpty();
    }

    @Test
    void whoOnlyLooksUsesUpNoCode() {
        var looked = bed.send("HEAD /oauth/callback/main?code=" + CODE + " HTTP/1.1\nHost: x\nConnection: close\n\n");
        var begun = bed.send("HEAD /oauth/install/main HTTP/1.1\nHost: x\nConnection: close\n\n");
        var nothing = bed.send("HEAD /nothing HTTP/1.1\nHost: x\nConnection: close\n\n");

        assertThat(List.of(looked.status(), begun.status(), nothing.status())).containsExactly(200, 302, 404);
        assertThat(List.of(looked.body(), begun.body(), nothing.body())).containsOnly("");
        assertThat(bed.completed).isEmpty();
        assertThat(bed.events).isEmpty();
    }

    @Test
    void aHeadThatIsTooLongIsRefused() {
        var line = bed.get("/oauth/callback/main?code=" + "x".repeat(9_000));
        var field = bed.get("/oauth/install/main", "Cookie: " + "x".repeat(9_000));

        assertThat(List.of(line.status(), field.status())).containsExactly(414, 431);
        assertGuarded(line);
        assertGuarded(field);
    }

    @Test
    void aBodyIsNotWaitedFor() {
        var answer = bed.send("GET /oauth/install/main HTTP/1.1\nHost: x\nContent-Length: 1000000\n\n");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.field("connection")).hasValue("close");
    }

    private static void assertGuarded(Answer answer) {
        assertThat(answer.field("content-security-policy").orElseThrow())
                .matches("default-src 'none'; style-src 'sha256-[\\w+/=]+'; img-src 'self'; base-uri 'none';"
                        + " form-action 'none'; frame-ancestors 'none'");
        assertThat(answer.field("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.field("referrer-policy")).hasValue("no-referrer");
        assertThat(answer.field("cache-control")).hasValue("no-store");
        assertThat(answer.field("strict-transport-security")).hasValue("max-age=31536000");
        assertThat(answer.head() + answer.body()).doesNotContain(CODE, "client-secret-4410", "<script");
        if (!answer.body().isEmpty()) {
            var style = DoorBed.group(answer.body(), "(?s)<style>(.*)</style>");
            assertThat(answer.field("content-security-policy").orElseThrow())
                    .contains("'sha256-" + sha256(style) + "'");
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
