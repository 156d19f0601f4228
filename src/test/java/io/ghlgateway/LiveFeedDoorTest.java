package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console is told, by a gateway that works. */
class LiveFeedDoorTest {

    @Test
    void aSnapshotTellsWhichQuotaIsOutWhenItIsBackAndWhoUsedIt() {
        try (var bed = TestBed.start(new Plan().daily(3))) {
            for (int i = 0; i < 4; i++) {
                bed.get("/contacts/c1");
            }
            try (var events = watch(bed, Plan.ADMIN_KEY)) {
                var lines = events.iterator();
                var session = data(lines, line -> true);
                assertThat(session.getBoolean("may-change")).isTrue();
                assertThat(session.getBoolean("key")).isTrue();

                var snapshot = data(lines, line -> line.contains("\"cause\":\"day\""));
                var quota = quota(snapshot, Plan.ACME);

                assertThat(quota.getString("cause")).isEqualTo("day");
                assertThat(quota.getJsonArray("tenants")).containsExactly("acme");
                assertThat(quota.getLong("next-in-ms")).isPositive();
                assertThat(quota.getJsonObject("day").getLong("left")).isZero();
                var caller = quota.getJsonArray("callers").getJsonObject(0);
                assertThat(caller.getString("name")).isEqualTo("billing");
                assertThat(caller.getLong("minute")).isEqualTo(3);
                assertThat(quota.getJsonObject("credential").getString("health"))
                        .isEqualTo("good");
                assertThat(quota(snapshot, Plan.GLOBEX).getString("cause")).isEqualTo("none");

                assertThat(snapshot.getJsonObject("traffic")
                                .getJsonObject("sends")
                                .getLong("total"))
                        .isEqualTo(3);
                var refused = snapshot.getJsonObject("refusals")
                        .getJsonArray("latest")
                        .getJsonObject(0);
                assertThat(refused.getString("code")).isEqualTo("daily_exhausted");
                assertThat(refused.getString("tenant")).isEqualTo("acme");
                assertThat(snapshot.getJsonObject("health").getString("status")).isEqualTo("ok");
                assertThat(snapshot.encode())
                        .doesNotContain(Set.of(Plan.ACME_TOKEN, Plan.GLOBEX_TOKEN, Plan.KEY, Plan.ADMIN_KEY));
            }
        }
    }

    @Test
    void whoWaitsIsToldWithWhatTheNextWouldWaitToTheReadKeyToo() {
        var plan = new Plan().spent(1).set("limits.max-wait", "2h").set("admin.read-key", "read-key-77e10c");
        try (var bed = TestBed.start(plan)) {
            bed.get("/contacts/c1");
            bed.sendAsync(bed.request("/contacts/c2").header("Prefer", "wait=7000"));
            try (var events = watch(bed, "read-key-77e10c")) {
                var lines = events.iterator();
                assertThat(data(lines, line -> true).getBoolean("may-change")).isFalse();

                var quota =
                        quota(data(lines, line -> line.contains("{\"name\":\"billing\",\"waiting\":1}")), Plan.ACME);

                assertThat(quota.getInteger("waiting")).isEqualTo(1);
                var line = quota.getJsonObject("line");
                assertThat(line.getString("cause")).isEqualTo("window");
                assertThat(line.getLong("wait-ms")).isGreaterThan(quota.getLong("next-in-ms"));
            }
        }
    }

    @Test
    void whoseKeyIsReplacedSeesNoMore(@TempDir Path directory) {
        var file = directory.resolve("gateway.yaml");
        var plan = new Plan();
        try (var bed = TestBed.start(plan, file);
                var events = watch(bed, Plan.ADMIN_KEY)) {
            var lines = events.iterator();
            assertThat(data(lines, line -> true).getBoolean("may-change")).isTrue();

            plan.set("admin.key", "operators-next-key-31b").write(file, bed.upstream());
            assertThat(bed.send(bed.operators("/admin/v1/reload")
                                    .header("Authorization", "Bearer " + Plan.ADMIN_KEY)
                                    .POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);

            while (lines.hasNext()) {
                lines.next(); // to its end, which comes
            }
        }
    }

    private static Stream<String> watch(TestBed bed, String key) {
        return bed.send(
                        bed.operators("/admin/v1/live").header("Authorization", "Bearer " + key),
                        BodyHandlers.ofLines())
                .body();
    }

    private static JsonObject data(Iterator<String> lines, Predicate<String> wanted) {
        while (lines.hasNext()) {
            var line = lines.next();
            if (line.startsWith("data: ") && wanted.test(line)) {
                return new JsonObject(line.substring("data: ".length()));
            }
        }
        throw new AssertionError("the feed ended");
    }

    private static JsonObject quota(JsonObject snapshot, String location) {
        return snapshot.getJsonArray("quotas", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .filter(quota -> quota.getString("resource").endsWith(location))
                .findFirst()
                .orElseThrow();
    }
}
