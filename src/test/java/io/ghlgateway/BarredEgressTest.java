package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** HighLevel's edge bars the gateway's address, whichever tenant asks. */
class BarredEgressTest {

    @AutoClose
    private final TestBed bed = TestBed.start(new Plan());

    @Test
    void nobodyIsSentUntilAnOperatorSaysSoAndWhoWasRefusedIsServedThen() {
        bed.fault("\"kind\": \"fail\", \"as\": \"cloudflare-1015\", \"times\": 1, \"retryAfter\": \"200s\"");

        var waits = bed.sendAsync(bed.request("/contacts/c1").header("Prefer", "wait=300"));
        TestBed.until(() -> egress().getLong("held-ms") > 0);
        var other = bed.send(
                bed.request("/contacts/c1").header("X-Tenant", "globex").header("Prefer", "wait=5"));

        assertThat(other.statusCode()).isEqualTo(429);
        assertThat(other.headers().firstValue("X-Gateway-Error")).hasValue("hold");
        assertThat(other.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(100L, 201L);
        assertThat(bed.metric("ghl_gateway_egress_refused_total")).isEqualTo(1);
        assertThat(bed.metric("ghl_gateway_egress_held_seconds")).isGreaterThan(0);
        assertThat(bed.metric("ghl_gateway_upstream_429_total")).isZero();
        assertThat(bed.metric("ghl_gateway_budget_foreign_total")).isZero();

        assertThat(order("resume").getLong("held-ms")).isZero();
        assertThat(TestBed.await(waits).statusCode()).isEqualTo(200);
        assertThat(bed.get("/contacts/c1").statusCode()).isEqualTo(200);
        assertThat(bed.stats().accepted()).isEqualTo(2);
    }

    @Test
    void anOperatorMayStopAll() {
        assertThat(order("pause").getLong("held-ms")).isBetween(3_000_000L, 3_600_000L);

        var refused = bed.send(bed.request("/contacts/c1").header("Prefer", "wait=0"));

        assertThat(refused.headers().firstValue("X-Gateway-Error")).hasValue("hold");
        assertThat(bed.stats().accepted()).isZero();
    }

    private JsonObject egress() {
        return json(bed.operators("/admin/v1/egress"));
    }

    private JsonObject order(String word) {
        return json(bed.operators("/admin/v1/egress/" + word).POST(BodyPublishers.noBody()));
    }

    private JsonObject json(HttpRequest.Builder request) {
        var answer = bed.send(request.header("Authorization", "Bearer " + Plan.ADMIN_KEY));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
