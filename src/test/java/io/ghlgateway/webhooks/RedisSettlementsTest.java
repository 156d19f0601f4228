package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisSettlementsTest {

    private Instant now = Instant.parse("2026-11-25T20:00:00Z");
    private final RedisSettlements settlements = new RedisSettlements(Duration.ofSeconds(25), () -> now);
    private final Delivery delivery = new Delivery(
            "crm", "1-0", 1, now, new Event(new App("main"), "e1", "X", Optional.empty(), now, Buffer.buffer("{}")));

    @Test
    void goesOnFromTheFirstTryUntilRedisHasHeardOfIt() {
        assertThat(settlements.goesOn(delivery)).isFalse();
        var first = Promise.<Void>promise();
        settlements.tried(delivery, first::future);
        assertThat(settlements.goesOn(delivery)).isTrue();
        first.fail("Redis stalls");
        assertThat(settlements.goesOn(delivery)).isTrue();

        var second = Promise.<Void>promise();
        settlements.tried(delivery, second::future);
        second.complete();

        assertThat(settlements.goesOn(delivery)).isFalse();
    }

    @Test
    void isOverWhereNobodyTriesAnyMore() {
        settlements.tried(delivery, () -> Promise.<Void>promise().future());
        now = now.plusSeconds(24);
        assertThat(settlements.goesOn(delivery)).isTrue();

        now = now.plusSeconds(1);

        assertThat(settlements.goesOn(delivery)).isFalse();
    }
}
