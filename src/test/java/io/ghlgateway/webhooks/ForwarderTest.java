package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.disk.FakeDisk;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwarderTest {

    private static final String CRM = "crm";
    private static final int DOWN_AFTER = 20;

    private record Brought(Delivery delivery, Promise<Void> end) {}

    private final Vertx vertx = Vertx.vertx();
    private final Context home = vertx.getOrCreateContext();
    private final NotedWebhookEvents events = new NotedWebhookEvents();
    private final LinkedBlockingQueue<Brought> brought = new LinkedBlockingQueue<>();
    private volatile Instant now = Instant.parse("2026-11-25T20:00:00Z");
    private final FakeDisk disk = new FakeDisk();
    private EventQueue queue;
    private Forwarder forwarder;

    @BeforeEach
    void setUp() throws Exception {
        queue = FileEventQueue.open(disk, 1 << 20, () -> now, events);
        forwarder = forwarder(queue);
    }

    private Forwarder forwarder(EventQueue from) {
        return new Forwarder(
                home,
                CRM,
                delivery -> {
                    var end = Promise.<Void>promise();
                    brought.add(new Brought(delivery, end));
                    return end.future();
                },
                from,
                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofMinutes(1)),
                2,
                DOWN_AFTER,
                () -> now,
                new Random(7),
                events);
    }

    @AfterEach
    void tearDown() {
        Await.result(queue.close());
        Await.result(vertx.close());
    }

    @Test
    void bringsNoMoreThanSoManyAtOnceAndGoesOnByItself() throws Exception {
        for (int i = 0; i < 5; i++) {
            offer("e" + i);
        }
        forwarder.wake();

        var first = next();
        var second = next();
        assertThat(brought).isEmpty();
        first.end().complete();
        var third = next();
        assertThat(brought).isEmpty();
        second.end().complete();
        third.end().complete();
        next().end().complete();
        next().end().complete();

        Await.result(forwarder.stop());
        assertThat(Await.result(queue.standing(CRM)).waiting()).isZero();
        assertThat(events.heard)
                .filteredOn(line -> line.startsWith("delivered"))
                .hasSize(5);
    }

    @Test
    void whatFailsComesAgainAfterItsPauseAndDiesWhenItsTimeIsUp() throws Exception {
        offer("e1");
        forwarder.wake();
        next().end().fail(new Receiver.NotTaken("status 500"));
        Await.result(forwarder.stop());
        assertThat(events.heard).containsExactly("retried e1 at crm: status 500");
        assertThat(Await.result(queue.take(CRM, 1))).as("not yet").isEmpty();

        now = now.plusSeconds(1);
        var again = Await.result(queue.take(CRM, 1)).get(0);
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.event().id()).isEqualTo("e1");
    }

    @Test
    void whatIsTooOldDies() throws Exception {
        offer("e1");
        now = now.plusSeconds(60);
        forwarder.wake();
        next().end().fail(new IllegalStateException("a defect"));

        Await.result(forwarder.stop());

        assertThat(events.heard).containsExactly("died e1 at crm: IllegalStateException");
        assertThat(Await.result(queue.dead(CRM, 0, 1))).hasSize(1);
    }

    @Test
    void oneThatTakesNothingIsAskedWithOneNowAndThenUntilItDoes() throws Exception {
        for (int i = 0; i < DOWN_AFTER + 3; i++) {
            offer("e" + i);
        }
        goesDown();
        assertThat(brought).as("it rests").isEmpty();

        now = now.plusSeconds(5);
        forwarder.wake();
        var probe = next();
        looked();
        assertThat(brought).as("one alone").isEmpty();
        probe.end().complete();

        untilHeard("crm is back");
        forwarder.wake();
        next().end().complete();
    }

    @Test
    void whatWaitsTooLongForOneThatIsDownDiesUnaskedAndTheNextIsBrought() throws Exception {
        for (int i = 0; i < DOWN_AFTER + 60; i++) {
            offer("e" + i);
        }
        goesDown();

        now = now.plusSeconds(61);
        offer("young");
        forwarder.wake();

        var probe = next();
        assertThat(probe.delivery().event().id()).isEqualTo("young");
        assertThat(Await.result(queue.standing(CRM)))
                .satisfies(standing -> assertThat(standing.waiting()).isEqualTo(1))
                .satisfies(standing -> assertThat(standing.dead()).isEqualTo(DOWN_AFTER + 60));
        probe.end().complete();
        untilHeard("crm is back");
        assertThat(events.heard).contains("died e" + (DOWN_AFTER + 59) + " at crm: subscriber down");
        assertThat(brought).isEmpty();
    }

    /** What is settled meanwhile is on the disk once another event is. */
    private void goesDown() throws InterruptedException {
        forwarder.wake();
        for (int i = 0; i < DOWN_AFTER; i++) {
            next().end().fail(new Receiver.NotTaken("status 500"));
        }
        untilHeard("crm is down");
        looked();
        var last = brought.poll(); // one may have been begun before the last of those failed
        if (last != null) {
            last.end().fail(new Receiver.NotTaken("status 500"));
        }
        looked();
    }

    /** Whatever the forwarder would begin now it has begun. */
    private void looked() {
        forwarder.wake();
        var turn = Promise.<Void>promise();
        home.runOnContext(go -> turn.complete());
        Await.result(turn.future());
    }

    private void untilHeard(String line) {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!events.heard.contains(line) && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        assertThat(events.heard).contains(line);
    }

    @Test
    void howItEndedIsSaidAgainWhenTheDiskTakesIt() throws Exception {
        offer("e1");
        forwarder.wake();
        var underWay = next();
        var refused = new CompletableFuture<Void>();
        disk.breakOn(step -> refused.complete(null) || true);
        underWay.end().complete();
        refused.get(30, TimeUnit.SECONDS);
        disk.breakOn(step -> false);

        offer("e2");
        forwarder.wake();
        next().end().complete();
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Await.result(queue.standing(CRM)).waiting() > 0 && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        assertThat(Await.result(queue.standing(CRM)).waiting()).isZero();
    }

    @Test
    void oneThatIsReplacedGoesOnUntilTheQueueKnowsHowItEndedAndOneWhoseProcessEndsDoesNot() throws Exception {
        offer("e1");
        forwarder.wake();
        var underWay = next();
        var stopped = forwarder.stop();
        var refused = new CompletableFuture<Void>();
        disk.breakOn(step -> refused.complete(null) || true);
        underWay.end().complete();
        refused.get(30, TimeUnit.SECONDS);

        assertThat(stopped.isComplete()).isFalse();
        forwarder.end();

        Await.result(stopped);
        disk.breakOn(step -> false);
        assertThat(Await.result(queue.standing(CRM)).waiting()).isEqualTo(1);
    }

    @Test
    void whatIsBeingTakenWhileItStopsIsHandedBackAndThatIsNoAttempt() {
        offer("e1");
        var asked = Promise.<Void>promise();
        var answered = Promise.<Void>promise();
        var slow = (EventQueue) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventQueue.class}, (proxy, method, args) -> {
                    var result = (Future<?>) method.invoke(queue, args);
                    if (!method.getName().equals("take")) {
                        return result;
                    }
                    asked.tryComplete();
                    return answered.future().compose(now -> result);
                });
        var replaced = forwarder(slow);
        replaced.wake();
        Await.result(asked.future());

        var stopped = replaced.stop();
        answered.complete();
        Await.result(stopped);

        assertThat(brought).isEmpty();
        var again = Await.result(queue.take(CRM, 1)).get(0);
        assertThat(again.attempt()).isEqualTo(1);
    }

    @Test
    void stoppingWaitsForWhatIsUnderWayAndTakesNothingMore() throws Exception {
        offer("e1");
        forwarder.wake();
        var underWay = next();
        var stopped = forwarder.stop();
        var heard = Promise.<Void>promise();
        home.runOnContext(heard::complete);
        Await.result(heard.future());
        offer("e2");
        forwarder.wake();

        assertThat(stopped.isComplete()).isFalse();
        underWay.end().complete();

        Await.result(stopped);
        assertThat(brought).isEmpty();
        assertThat(Await.result(queue.standing(CRM)).waiting()).isEqualTo(1);
    }

    private Brought next() throws InterruptedException {
        var next = brought.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private void offer(String id) {
        Await.result(queue.offer(
                new Event(new App("main"), id, "X", Optional.empty(), now, Buffer.buffer("{}")), List.of(CRM)));
    }
}
