package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.TestSentinel;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.webhooks.EventQueue.Offer;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In the master that a Sentinel names, which has a follower. */
class SentinelEventQueueTest extends SharedEventQueueContract {

    private static TestSentinel redis;

    @BeforeAll
    static void start() throws IOException {
        redis = TestSentinel.started();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Override
    RedisLink unstarted() {
        return link(Duration.ofSeconds(5));
    }

    private static RedisLink link(Duration timeout) {
        return RedisLink.to(redis.uri(), timeout, Ticker.systemTicker());
    }

    @Test
    void whatIsTakenIsAtAFollowerToo() throws IOException {
        var patient = following("patient", Duration.ofSeconds(60));
        var onlooker = following("patient", Duration.ZERO); // on a connection that stands still for nobody
        var stream = "patient:hook:{hook}:to:" + CRM;

        redis.freezeReplica();
        Future<Offer> offer;
        try {
            offer = patient.offer(event("e1"), List.of(CRM));
            Await.until(() -> await(onlooker.standing(CRM)).waiting() == 1);
            assertThat(offer.isComplete()).as("the master alone has it").isFalse();
        } finally {
            redis.thawReplica();
        }

        assertThat(await(offer)).isEqualTo(Offer.TAKEN);
        assertThat(redis.lengthAtReplica(stream)).isEqualTo(1);
        await(patient.close());
        await(onlooker.close());
    }

    @Test
    void aFollowerThatIsSlowHoldsUpNobodyForLong() throws IOException {
        var hasty = following("hasty", Duration.ofMillis(20));

        redis.freezeReplica();
        try {
            assertThat(await(hasty.offer(event("e1"), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        } finally {
            redis.thawReplica();
        }
        await(hasty.close());
    }

    private EventQueue following(String prefix, Duration within) {
        var link = link(within.plusSeconds(60));
        link.start();
        await(link.seen());
        return new RedisEventQueue(
                link, prefix, "replica", NEVER, EventQueue.REMEMBERED, 1 << 20, within, clock, events);
    }
}
