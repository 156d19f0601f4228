package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.TestSentinel;
import io.ghlgateway.webhooks.EventQueue.Offer;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the master that a Sentinel names, which has a follower. */
class SentinelEventQueueTest extends SharedEventQueueContract {

    @RegisterExtension
    static final RedisOfClass<TestSentinel> REDIS = RedisOfClass.sentinel();

    @Override
    RedisOfClass<?> redis() {
        return REDIS;
    }

    @Test
    void whatIsTakenIsAtAFollowerToo() throws IOException {
        var patient = following("patient", Duration.ofSeconds(60));
        var onlooker = following("patient", Duration.ZERO); // on a connection that stands still for nobody
        var stream = "patient:hook:{hook}:to:" + CRM;

        REDIS.server().freezeReplica();
        Future<Offer> offer;
        try {
            offer = patient.offer(event("e1"), List.of(CRM));
            Await.until(() -> await(onlooker.standing(CRM)).waiting() == 1);
            assertThat(offer.isComplete()).as("the master alone has it").isFalse();
        } finally {
            REDIS.server().thawReplica();
        }

        assertThat(await(offer)).isEqualTo(Offer.TAKEN);
        assertThat(REDIS.server().lengthAtReplica(stream)).isEqualTo(1);
        await(patient.close());
        await(onlooker.close());
    }

    @Test
    void aFollowerThatIsSlowHoldsUpNobodyForLong() throws IOException {
        var hasty = following("hasty", Duration.ofMillis(20));

        REDIS.server().freezeReplica();
        try {
            assertThat(await(hasty.offer(event("e1"), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        } finally {
            REDIS.server().thawReplica();
        }
        await(hasty.close());
    }

    private EventQueue following(String prefix, Duration within) {
        var link = RedisOfClass.connected(REDIS.link(within.plusSeconds(60)));
        return new RedisEventQueue(
                link, prefix, "replica", NEVER, EventQueue.REMEMBERED, 1 << 20, within, clock, events);
    }
}
