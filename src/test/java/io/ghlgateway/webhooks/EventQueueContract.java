package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.ghlgateway.webhooks.EventQueue.Offer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every queue of events does, wherever it keeps them. */
abstract class EventQueueContract {

    static final String CRM = "crm-sync";
    static final String BILLING = "billing";

    /** Of today, for what is kept in Redis ends by Redis's own time. */
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    final InstantSource clock = () -> now;
    final NotedWebhookEvents events = new NotedWebhookEvents();
    private EventQueue queue;

    /** One that is empty. */
    abstract EventQueue open() throws Exception;

    /** Another that is empty, and holds no more than this. */
    abstract EventQueue ofRoom(long bytes) throws Exception;

    /** The same, after the process was killed. */
    abstract EventQueue afterKill(EventQueue killed) throws Exception;

    @BeforeEach
    void setUp() throws Exception {
        queue = open();
    }

    @AfterEach
    void tearDown() {
        await(queue.close());
    }

    @Test
    void eachSubscriberGetsItOnceAsItCame() {
        var event = event("e1");

        assertThat(offer(event, CRM, BILLING)).isEqualTo(Offer.TAKEN);

        for (var subscriber : List.of(CRM, BILLING)) {
            var delivery = only(take(subscriber));
            assertThat(delivery.event()).isEqualTo(event);
            assertThat(delivery.attempt()).isEqualTo(1);
            assertThat(take(subscriber)).isEmpty();
            await(queue.done(delivery));
            assertThat(waiting(subscriber)).isZero();
        }
        assertThat(take("another")).isEmpty();
    }

    @Test
    void anEventComesInOnceAlsoWhereNobodyWantedIt() {
        assertThat(offer(event("e1"), CRM)).isEqualTo(Offer.TAKEN);
        assertThat(offer(event("e1"), CRM)).isEqualTo(Offer.DUPLICATE);
        assertThat(offer(event("e2"))).isEqualTo(Offer.TAKEN);
        assertThat(offer(event("e2"), CRM)).isEqualTo(Offer.DUPLICATE);
        assertThat(offer(new Event(new App("other"), "e1", "X", Optional.empty(), now, Buffer.buffer("{}")), CRM))
                .as("of another app")
                .isEqualTo(Offer.TAKEN);

        assertThat(take(CRM)).hasSize(2);
    }

    @Test
    void twoAtTheSameTimeAreOne() {
        var first = queue.offer(event("e1"), List.of(CRM));
        var second = queue.offer(event("e1"), List.of(CRM));

        assertThat(List.of(await(first), await(second))).containsExactlyInAnyOrder(Offer.TAKEN, Offer.DUPLICATE);
        assertThat(take(CRM)).hasSize(1);
    }

    @Test
    void theyComeInTheirOrderAndAsManyAsAreAskedFor() {
        for (int i = 0; i < 5; i++) {
            offer(event("e" + i), CRM);
        }

        assertThat(await(queue.take(CRM, 2)))
                .extracting(each -> each.event().id())
                .containsExactly("e0", "e1");
        assertThat(await(queue.take(CRM, 10)))
                .extracting(each -> each.event().id())
                .containsExactly("e2", "e3", "e4");
    }

    @Test
    void whatIsToBeTriedAgainComesWhenItIsDueAndCountsItsAttempts() {
        offer(event("e1"), CRM);
        await(queue.again(only(take(CRM)), now.plusSeconds(10)));
        assertThat(take(CRM)).isEmpty();
        assertThat(waiting(CRM)).isEqualTo(1);

        now = now.plusSeconds(10);

        var second = only(take(CRM));
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.event()).isEqualTo(event("e1", now.minusSeconds(10)));
        assertThat(take(CRM)).isEmpty();
        await(queue.done(second));
        assertThat(waiting(CRM)).isZero();
    }

    @Test
    void oldFailuresHoldUpNothingNew() {
        for (int i = 0; i < 10; i++) {
            offer(event("old" + i), CRM);
        }
        take(CRM).forEach(each -> await(queue.again(each, now)));
        offer(event("new"), CRM);
        now = now.plusMillis(1);

        var all = new ArrayList<Delivery>();
        for (int i = 0; i < 3; i++) {
            all.addAll(await(queue.take(CRM, 4)));
        }

        assertThat(all).extracting(each -> each.event().id()).contains("new").hasSizeGreaterThan(5);
    }

    @Test
    void whereOneAloneIsAskedForNeitherTheOldNorTheNewStarves() {
        for (int i = 0; i < 4; i++) {
            offer(event("old" + i), CRM);
        }
        take(CRM).forEach(each -> await(queue.again(each, now)));
        now = now.plusMillis(1);
        for (int i = 0; i < 4; i++) {
            offer(event("new" + i), CRM);
        }

        var found = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            found.add(only(await(queue.take(CRM, 1))).event().id());
        }

        assertThat(found).containsExactlyInAnyOrder("old0", "old1", "new0", "new1");
        assertThat(take(CRM)).hasSize(4);
    }

    @Test
    void whatWaitsTooLongIsFoundWhetherItIsDueOrNotAndNothingElse() {
        offer(event("in hand"), CRM);
        take(CRM);
        offer(event("failed"), CRM);
        await(queue.again(only(take(CRM)), now.plus(Duration.ofDays(2))));
        offer(event("fresh"), CRM);
        now = now.plus(Duration.ofDays(1));
        offer(event("young"), CRM);

        var expired = await(queue.expired(CRM, now, 10));

        assertThat(expired)
                .extracting(each -> each.event().id() + " after " + each.attempt())
                .containsExactly("failed after 1", "fresh after 0");
        assertThat(await(queue.expired(CRM, now, 10))).as("in hand now").isEmpty();
        expired.forEach(each -> await(queue.bury(each, "too old")));
        assertThat(await(queue.dead(CRM, 0, 10))).hasSize(2);
        assertThat(only(take(CRM)).event().id()).isEqualTo("young");
        now = now.plus(Duration.ofDays(1));
        assertThat(take(CRM)).isEmpty();
        assertThat(waiting(CRM)).isEqualTo(2);
    }

    @Test
    void deadLettersAreListedAndReplayedByIdAndAllTogether() {
        for (int i = 0; i < 3; i++) {
            offer(event("e" + i), CRM);
        }
        take(CRM).forEach(each -> await(queue.bury(each, "status 500")));
        assertThat(take(CRM)).isEmpty();
        assertThat(waiting(CRM)).isZero();

        var dead = await(queue.dead(CRM, 0, 10));
        assertThat(dead).extracting(each -> each.event().id()).containsExactlyInAnyOrder("e0", "e1", "e2");
        assertThat(dead.get(0).why()).isEqualTo("status 500");
        assertThat(dead.get(0).buried()).isEqualTo(now);
        assertThat(await(queue.dead(CRM, 2, 10))).hasSize(1);
        assertThat(await(queue.standing(CRM)).dead()).isEqualTo(3);

        assertThat(await(queue.replay(CRM, Optional.of("nobody")))).isZero();
        assertThat(await(queue.replay(CRM, Optional.of("e1")))).isEqualTo(1);
        var replayed = only(take(CRM));
        assertThat(replayed.event().id()).isEqualTo("e1");
        assertThat(replayed.attempt()).isEqualTo(1);
        await(queue.done(replayed));

        assertThat(await(queue.replay(CRM, Optional.empty()))).isEqualTo(2);
        assertThat(take(CRM)).hasSize(2);
        assertThat(await(queue.dead(CRM, 0, 10))).isEmpty();
    }

    @Test
    void twoAppsLettersOfOneIdAreTwo() {
        offer(event("e1"), CRM);
        offer(new Event(new App("other"), "e1", "X", Optional.empty(), now, Buffer.buffer("{}")), CRM);
        take(CRM).forEach(each -> await(queue.bury(each, "status 500")));

        assertThat(await(queue.dead(CRM, 0, 10)))
                .extracting(each -> each.event().key())
                .containsExactlyInAnyOrder("main/e1", "other/e1");
        assertThat(await(queue.replay(CRM, Optional.of("e1")))).isEqualTo(2);
        assertThat(take(CRM)).hasSize(2);
    }

    @Test
    void whatIsReplayedHasAllItsTimeAgainAlsoAfterAKill() throws Exception {
        offer(event("e1"), CRM);
        offer(event("e2"), CRM);
        take(CRM).forEach(each -> await(queue.bury(each, "status 500")));
        now = now.plus(Duration.ofDays(5));

        assertThat(await(queue.replay(CRM, Optional.of("e1")))).isEqualTo(1);
        assertThat(await(queue.replay(CRM, Optional.empty()))).isEqualTo(1);
        var replayed = take(CRM);
        assertThat(replayed)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.since()).isEqualTo(now))
                .allSatisfy(each -> assertThat(each.event().received()).isEqualTo(now.minus(Duration.ofDays(5))));
        await(queue.again(replayed.get(0), now));
        queue = afterKill(queue);

        assertThat(take(CRM))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.since()).isEqualTo(now));
    }

    @Test
    void beyondItsRoomDeadLettersGoAndThenNothingMoreIsTaken() throws Exception {
        var small = ofRoom(3_000);
        int taken = 0;
        while (await(small.offer(event("e" + taken), List.of(CRM))) == Offer.TAKEN) {
            taken++;
        }
        assertThat(taken).isBetween(3, 5);
        assertThat(await(small.offer(event("e" + taken), List.of(CRM)))).isEqualTo(Offer.FULL);
        assertThat(await(small.offer(event("e0"), List.of(CRM)))).isEqualTo(Offer.DUPLICATE);
        assertThat(await(small.offer(event("unwanted"), List.of()))).isEqualTo(Offer.TAKEN);

        var first = await(small.take(CRM, 2));
        await(small.bury(first.get(0), "status 500"));
        now = now.plusSeconds(2);
        assertThat(await(small.offer(event("e" + taken), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        assertThat(events.heard).contains("dropped 1");
        assertThat(await(small.dead(CRM, 0, 10))).isEmpty();

        await(small.done(first.get(1)));
        assertThat(await(small.offer(event("another"), List.of(BILLING)))).isEqualTo(Offer.TAKEN);
        assertThat(await(small.offer(event("more"), List.of(CRM)))).isEqualTo(Offer.FULL);
        await(small.forget(BILLING));
        now = now.plusSeconds(2);
        assertThat(await(small.offer(event("more"), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        await(small.close());
    }

    @Test
    void aLargeOneTakesThePlaceOfManyDeadLettersAndOneThatIsTooLargeOfNone() throws Exception {
        var small = ofRoom(150_000);
        var offers = new ArrayList<Future<Offer>>();
        for (int i = 0; i < 200; i++) {
            offers.add(small.offer(event("e" + i), List.of(CRM)));
        }
        assertThat(offers).allMatch(offer -> await(offer) == Offer.TAKEN);
        await(Future.all(await(small.take(CRM, 200)).stream()
                .map(delivery -> small.bury(delivery, "status 500"))
                .toList()));

        assertThat(await(small.offer(large("large", 160_000), List.of(CRM)))).isEqualTo(Offer.FULL);
        assertThat(await(small.standing(CRM)).dead()).isEqualTo(200);
        assertThat(await(small.offer(large("large", 130_000), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        assertThat(await(small.standing(CRM)).dead()).isLessThan(60);
        await(small.close());
    }

    private Event large(String id, int bytes) {
        return new Event(new App("main"), id, "X", Optional.empty(), now, Buffer.buffer("x".repeat(bytes)));
    }

    @Test
    void theRoomIsNotExceededByManyAtOnce() throws Exception {
        var small = ofRoom(3_000);

        var offers = new ArrayList<Future<Offer>>();
        for (int i = 0; i < 50; i++) {
            offers.add(small.offer(event("e" + i), List.of(CRM)));
        }

        assertThat(offers.stream().map(EventQueueContract::await).filter(Offer.TAKEN::equals))
                .hasSizeBetween(3, 5);
        await(small.close());
    }

    @Test
    void itTellsHowLongTheOldestWaits() {
        assertThat(await(queue.standing(CRM)).oldest()).isEmpty();
        offer(event("e1"), CRM);
        var first = now;
        now = now.plusSeconds(5);
        offer(event("e2"), CRM);

        assertThat(await(queue.standing(CRM)).oldest()).contains(first);
        assertThat(waiting(CRM)).isEqualTo(2);
    }

    @Test
    void whatIsForgottenIsGoneForThatSubscriberAlone() {
        offer(event("e1"), CRM, BILLING);
        offer(event("e2"), CRM);
        await(queue.bury(await(queue.take(CRM, 1)).get(0), "gone"));

        await(queue.forget(CRM));

        assertThat(take(CRM)).isEmpty();
        assertThat(await(queue.dead(CRM, 0, 10))).isEmpty();
        assertThat(take(BILLING)).hasSize(1);
        assertThat(offer(event("e3"), CRM)).isEqualTo(Offer.TAKEN);
        assertThat(take(CRM)).hasSize(1);
    }

    @Test
    void namesForWhomItKeepsSomethingUntilThatIsForgotten() {
        offer(event("e1"), CRM, BILLING);
        await(queue.forget(BILLING));
        assertThat(await(queue.names(now.minusMillis(1))))
                .as("there was something since")
                .isEmpty();
        assertThat(await(queue.names(now.plusMillis(1)))).containsExactly(CRM);

        await(queue.forget(CRM));

        assertThat(await(queue.names(now.plusMillis(1)))).isEmpty();
    }

    @Test
    void settlingTwiceDoesNoHarm() {
        offer(event("e1"), CRM);
        var delivery = only(take(CRM));
        await(queue.done(delivery));

        await(queue.done(delivery));
        await(queue.again(delivery, now));
        await(queue.bury(delivery, "late"));

        assertThat(take(CRM)).isEmpty();
        assertThat(waiting(CRM)).isZero();
        assertThat(await(queue.dead(CRM, 0, 10))).isEmpty();
    }

    @Test
    void aKillLosesNothingThatWasConfirmedAndBringsBackNothingThatWasDone() throws Exception {
        for (int i = 0; i < 4; i++) {
            offer(event("e" + i), CRM);
        }
        var taken = await(queue.take(CRM, 4));
        await(queue.done(taken.get(0)));
        await(queue.again(taken.get(1), now.plusSeconds(10)));
        await(queue.bury(taken.get(2), "status 410"));

        queue = afterKill(queue);

        assertThat(only(take(CRM)).event().id()).as("what was in hand").isEqualTo("e3");
        assertThat(offer(event("e0"), CRM)).isEqualTo(Offer.DUPLICATE);
        assertThat(await(queue.dead(CRM, 0, 10)))
                .extracting(each -> each.event().id())
                .containsExactly("e2");
        now = now.plusSeconds(10);
        assertThat(take(CRM)).anySatisfy(each -> {
            assertThat(each.event().id()).isEqualTo("e1");
            assertThat(each.attempt()).isEqualTo(2);
        });
    }

    final EventQueue queue() {
        return queue;
    }

    final Offer offer(Event event, String... subscribers) {
        return await(queue.offer(event, List.of(subscribers)));
    }

    final List<Delivery> take(String subscriber) {
        return await(queue.take(subscriber, 100));
    }

    private long waiting(String subscriber) {
        return await(queue.standing(subscriber)).waiting();
    }

    final Event event(String id) {
        return event(id, now);
    }

    private static Event event(String id, Instant received) {
        return new Event(
                new App("main"),
                id,
                "ContactCreate",
                Optional.of(Resource.location("loc1")),
                received,
                Buffer.buffer("{\"webhookId\": \"" + id + "\", \"name\": \"Zoë\"}"));
    }

    static Delivery only(List<Delivery> deliveries) {
        assertThat(deliveries).hasSize(1);
        return deliveries.get(0);
    }

    static <T> T await(Future<T> future) {
        return Await.result(future);
    }

    static final Duration NEVER = Duration.ofHours(1);
}
