package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.disk.FakeDisk;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets what is kept, and for how long it is kept for whom nobody knows. */
class DeliveriesTest {

    private static final Duration GIVE_UP_AFTER = Duration.ofDays(3);

    private final Vertx vertx = Vertx.vertx();
    private final NotedWebhookEvents events = new NotedWebhookEvents();
    private Instant now = Instant.parse("2026-11-26T06:00:00Z");
    private EventQueue queue;
    private Deliveries deliveries;

    @BeforeEach
    void setUp() throws Exception {
        queue = FileEventQueue.open(new FakeDisk(), 1 << 20, () -> now, events);
        deliveries = new Deliveries(
                vertx,
                queue,
                event -> Future.succeededFuture(),
                new Deliveries.Manner(
                        new Backoff(Duration.ofSeconds(1), Duration.ofHours(1), GIVE_UP_AFTER),
                        1,
                        Duration.ofSeconds(1)),
                () -> now,
                new SplittableRandom(1),
                events);
    }

    @AfterEach
    void tearDown() {
        Await.result(queue.close());
        Await.result(vertx.close());
    }

    @Test
    void whatWaitsForOneWhoIsMissingFromTheConfigurationIsKeptAsLongAsItWouldBeBrought() {
        offer("first");
        now = now.plus(Duration.ofDays(2));
        offer("second");
        now = now.plus(Duration.ofDays(2));

        Await.result(deliveries.clear());
        assertThat(Await.result(queue.standing("crm")).waiting()).isEqualTo(2);

        now = now.plus(Duration.ofDays(2));
        Await.result(deliveries.clear());
        assertThat(Await.result(queue.standing("crm")).waiting()).isZero();
        assertThat(events.heard).contains("abandoned 2 of crm");
    }

    private void offer(String id) {
        Await.result(queue.offer(
                new Event(new App("main"), id, "ContactCreate", Optional.empty(), now, Buffer.buffer("{}")),
                List.of("crm")));
    }
}
