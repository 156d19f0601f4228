package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The standard fields by which callers say what they want and are told where they stand. */
class CallerStandardsTest {

    private static final String POLICY = "\"burst\";q=3;w=3000, \"day\";q=200000;w=86400";
    private static final Pattern LEFT =
            Pattern.compile("\"burst\";r=(\\d+)(?:;t=(\\d+))?, \"day\";r=(\\d+)(?:;t=\\d+)?");

    @Test
    void everyAnswerOfAQuotaTellsItAndWhatIsLeft() {
        try (var bed = TestBed.start(new Plan().spent(3))) {
            var first = bed.get("/contacts/c1");
            var head = bed.send(bed.request("/contacts/c1").method("HEAD", BodyPublishers.noBody()));
            var third = bed.get("/contacts/none");
            var refused = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=0"));

            assertThat(List.of(first, head, third, refused))
                    .allSatisfy(answer ->
                            assertThat(field(answer, "RateLimit-Policy")).isEqualTo(POLICY));
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(left(first, 1)).isEqualTo(2);
            assertThat(left(head, 1)).isEqualTo(1);
            assertThat(left(third, 1)).isZero();
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(left(refused, 1)).isZero();
            assertThat(left(refused, 2)).isBetween(1L, Duration.ofMinutes(53).toSeconds());
            assertThat(left(first, 3) - left(refused, 3)).isEqualTo(2);
        }
    }

    @Test
    void aBodyThatIsRefusedCostsNothingAndIsToldSo() {
        try (var bed = TestBed.start(new Plan().spent(3).set("proxy.max-body", "1KiB"))) {
            bed.get("/contacts/c1");

            var refused = bed.send(bed.request("/no-such-api").POST(BodyPublishers.ofByteArray(new byte[2_000])));

            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(left(refused, 1)).isEqualTo(2);
        }
    }

    /** The head alone says whose quota it is; what is wrong is seen only later, or elsewhere. */
    @Test
    void whatIsWrongWithARequestDoesNotKeepItsQuotaFromBeingTold() {
        try (var bed =
                TestBed.start(new Plan().spent(3).caller("{name: narrow, key: narrow-key-1, tenants: [acme]}"))) {
            var malformed = bed.send(said(bed, "billing").POST(BodyPublishers.ofString("{\"locationId\": ")));
            var foreign = bed.send(
                    said(bed, "narrow").POST(BodyPublishers.ofString("{\"locationId\": \"" + Plan.GLOBEX + "\"}")));
            var unknown = bed.send(said(bed, "billing").POST(BodyPublishers.ofString("{\"locationId\": \"nobody\"}")));
            var tooLarge = bed.send(said(bed, "billing").POST(BodyPublishers.ofByteArray(new byte[11 << 20])));

            assertThat(List.of(malformed, foreign, unknown, tooLarge))
                    .extracting(HttpResponse::statusCode)
                    .containsExactly(400, 403, 404, 413);
            assertThat(List.of(malformed, foreign, unknown, tooLarge)).allSatisfy(answer -> {
                assertThat(field(answer, "RateLimit-Policy")).isEqualTo(POLICY);
                assertThat(left(answer, 1)).isEqualTo(3);
                assertThat(field(answer, "Preference-Applied")).isEqualTo("wait=7");
                assertThat(field(answer, "Priority")).isEqualTo("u=1");
            });
        }
    }

    @Test
    void aPreferenceThatCannotBeReadDoesNotKeepTheQuotaFromBeingTold() {
        try (var bed = TestBed.start(new Plan().spent(3))) {
            var answer = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=abc"));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(field(answer, "RateLimit-Policy")).isEqualTo(POLICY);
            assertThat(answer.headers().firstValue("Preference-Applied")).isEmpty();
        }
    }

    @Test
    void whereTheHeadMeansNoTenantOrNoneInReachThereIsNoQuotaToTell() {
        try (var bed = TestBed.start(new Plan()
                .caller("{name: both, key: both-key-11, tenants: [acme, globex]}")
                .caller("{name: narrow, key: narrow-key-1, tenants: [acme]}"))) {
            var nobody = bed.send(bed.stranger("/contacts/c1").header("X-Gateway-Key", "both-key-11"));
            var foreign = bed.send(bed.stranger("/contacts/c1")
                    .header("X-Gateway-Key", "narrow-key-1")
                    .header("X-Tenant", "globex"));
            var unknown = bed.send(bed.request("/contacts/c1").header("X-Tenant", "nobody"));

            assertThat(List.of(nobody, foreign, unknown))
                    .extracting(HttpResponse::statusCode)
                    .containsExactly(400, 403, 404);
            assertThat(List.of(nobody, foreign, unknown))
                    .allSatisfy(answer ->
                            assertThat(answer.headers().map()).doesNotContainKeys("ratelimit", "ratelimit-policy"));
        }
    }

    @Test
    void theUrgencyIsEchoedByAnAnswerOfHighLevelsToo() {
        try (var bed = TestBed.start(new Plan())) {
            var answer = bed.send(bed.request("/contacts/c1").header("Priority", "u=2, i"));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(field(answer, "Priority")).isEqualTo("u=2");
            assertThat(bed.get("/contacts/c1").headers().firstValue("Priority")).isEmpty();
        }
    }

    @Test
    void whoIsNotLetInIsToldOfNoQuota() {
        try (var bed = TestBed.start(new Plan())) {
            var answer = bed.send(bed.stranger("/contacts/c1").header("Prefer", "wait=3"));

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().map())
                    .doesNotContainKeys("ratelimit", "ratelimit-policy", "preference-applied");
        }
    }

    @Test
    void theWaitInForceIsEchoedWhenOneWasAskedFor() {
        try (var bed = TestBed.start(new Plan().spent(2))) {
            var sent = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=10.5"));
            var unsaid = bed.get("/contacts/c1");
            var clamped = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=4000"));

            assertThat(field(sent, "Preference-Applied")).isEqualTo("wait=10.5");
            assertThat(unsaid.headers().firstValue("Preference-Applied")).isEmpty();
            assertThat(clamped.statusCode()).isEqualTo(429);
            assertThat(field(clamped, "Preference-Applied")).isEqualTo("wait=300");
        }
    }

    @Test
    void aRefusalTellsItsCause() {
        try (var bed = TestBed.start(new Plan().daily(1))) {
            bed.get("/contacts/c1");

            var refused = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=5"));

            assertThat(new JsonObject(refused.body()).getString("cause")).isEqualTo("day");
            assertThat(field(refused, "Server-Timing")).matches("queue;dur=[0-9.]+;desc=day, .*");
            assertThat(left(refused, 3)).isZero();
        }
    }

    /** Three bulk requests have the next window's sends for themselves; only who is more urgent would get one of them. */
    @Test
    void theWaitThatIsForetoldIsThatOfTheUrgency() {
        try (var bed = TestBed.start(new Plan().quota(3, Duration.ofSeconds(200), Duration.ofSeconds(1)))) {
            for (int i = 0; i < 3; i++) {
                assertThat(bed.get("/contacts/c1").statusCode()).isEqualTo(200);
            }
            try (var one = bed.wire();
                    var two = bed.wire();
                    var three = bed.wire()) {
                for (var wire : List.of(one, two, three)) {
                    wire.send(
                            "GET /contacts/c9 HTTP/1.1\nHost: gateway\nPrefer: wait=280\nPriority: u=5, i\nAuthorization: Bearer "
                                    + Plan.KEY + "\n\n");
                }
                TestBed.until(() -> bed.metric("ghl_gateway_queue_depth") == 3);

                var bulk = bed.send(ranked(bed, "u=5"));
                var usual = bed.send(ranked(bed, "unheard-of"));

                assertThat(field(bulk, "Priority")).isEqualTo("u=5");
                assertThat(field(usual, "Priority")).isEqualTo("u=3"); // what is not understood counts as unsaid
                assertThat(field(bulk, "X-Gateway-Error")).isEqualTo("deadline");
                assertThat(new JsonObject(bulk.body()).getString("cause")).isEqualTo("window");
                assertThat(Long.parseLong(field(bulk, "Retry-After"))).isGreaterThan(300); // the window after the next
                assertThat(Long.parseLong(field(usual, "Retry-After"))).isLessThan(300);
            }
        }
    }

    private static HttpRequest.Builder said(TestBed bed, String caller) {
        return bed.stranger("/contacts/")
                .header("X-Gateway-Key", caller.equals("billing") ? Plan.KEY : caller + "-key-1")
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=7")
                .header("Priority", "u=1");
    }

    private static HttpRequest.Builder ranked(TestBed bed, String priority) {
        return bed.request("/contacts/c1").header("Prefer", "wait=0").header("Priority", priority);
    }

    private static String field(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow(() -> new AssertionError(name + " of " + answer));
    }

    private static long left(HttpResponse<?> answer, int group) {
        var match = LEFT.matcher(field(answer, "RateLimit"));
        assertThat(match.matches()).as(field(answer, "RateLimit")).isTrue();
        return Long.parseLong(match.group(group));
    }
}
