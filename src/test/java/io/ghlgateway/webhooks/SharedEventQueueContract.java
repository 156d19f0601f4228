package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisLink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a queue does that replicas share, on whatever kind of Redis. */
abstract class SharedEventQueueContract extends EventQueueContract {

    private static int prefixes;

    private int replicas;
    private RedisLink foreign;

    /** The one that the tests share. */
    abstract RedisOfClass<?> redis();

    @Override
    EventQueue open() {
        prefixes++;
        return replica(NEVER);
    }

    /** Another replica, for which whatever is in somebody's hand was there for too long. */
    @Override
    EventQueue afterKill(EventQueue killed) {
        await(killed.close());
        return replica(Duration.ZERO);
    }

    @Override
    EventQueue ofRoom(long bytes) {
        prefixes++;
        return replica(NEVER, bytes);
    }

    private EventQueue replica(Duration inHand) {
        return replica(inHand, 1 << 20);
    }

    private EventQueue replica(Duration inHand, long room) {
        return new RedisEventQueue(
                link(),
                "gw" + prefixes,
                "replica-" + replicas++,
                inHand,
                EventQueue.REMEMBERED,
                room,
                Duration.ofMillis(100),
                clock,
                events);
    }

    private RedisLink link() {
        return RedisOfClass.connected(redis().link(Duration.ofSeconds(5)));
    }

    @Test
    void replicasShareTheWorkAndTakeNothingFromOneThatLives() {
        var other = replica(NEVER);
        for (int i = 0; i < 4; i++) {
            offer(event("e" + i), CRM);
        }

        assertThat(await(other.take(CRM, 2)))
                .extracting(each -> each.event().id())
                .containsExactly("e0", "e1");
        assertThat(take(CRM)).extracting(each -> each.event().id()).containsExactly("e2", "e3");
        assertThat(await(other.take(CRM, 10))).isEmpty();
        assertThat(take(CRM)).isEmpty();
        await(other.close());
    }

    @Test
    void aDuplicateIsKnownToEveryReplica() {
        var other = replica(NEVER);

        assertThat(offer(event("e1"), CRM)).isEqualTo(EventQueue.Offer.TAKEN);
        assertThat(await(other.offer(event("e1"), List.of(CRM)))).isEqualTo(EventQueue.Offer.DUPLICATE);
        await(other.close());
    }

    @Test
    void whatIsTriedAgainMayBeAnotherReplicas() {
        var other = replica(NEVER);
        offer(event("e1"), CRM);
        var first = only(take(CRM));
        await(queue().again(first, now));

        assertThat(only(await(other.take(CRM, 10))).attempt()).isEqualTo(2);
        assertThat(take(CRM)).isEmpty();
        await(other.close());
    }

    @Test
    void aDeadReplicasWorkIsTakenOverAndSaidSo() {
        offer(event("e1"), CRM);
        only(take(CRM));
        var survivor = replica(Duration.ZERO);

        var delivery = only(await(survivor.take(CRM, 10)));

        assertThat(delivery.event().id()).isEqualTo("e1");
        assertThat(events.heard).contains("took over 1");
        await(survivor.done(delivery));
        assertThat(await(survivor.take(CRM, 10))).isEmpty();
        await(survivor.close());
    }

    @Test
    void whatAnotherTookOverIsTheOthersToSettle() {
        offer(event("e1"), CRM);
        var former = only(take(CRM));
        var survivor = replica(Duration.ZERO);
        var delivery = only(await(survivor.take(CRM, 10)));

        await(queue().again(former, now));
        await(queue().bury(former, "late"));

        assertThat(take(CRM)).isEmpty();
        assertThat(await(queue().dead(CRM, 0, 10))).isEmpty();
        await(survivor.again(delivery, now));
        assertThat(only(take(CRM)).attempt()).isEqualTo(2);
        await(survivor.close());
    }

    @Test
    void whatWasTakenIsNotLostWhereTheNextStepFails() {
        offer(event("e1"), CRM);
        take(CRM);
        var line = foreign();
        await(line.call(c -> c.set(new RedisQueueKeys(line).later(CRM), RedisLine.bytes("of another type"))));
        var survivor = replica(Duration.ZERO);

        assertThat(only(await(survivor.take(CRM, 10))).event().id()).isEqualTo("e1");

        assertThat(await(queue().take(CRM, 10).map("taken").otherwise("failed")))
                .as("nothing was taken")
                .isEqualTo("failed");
        await(survivor.close());
    }

    @Test
    void aLetterInThePlaceOfOneOfTheSameIdTakesNoMoreRoom() {
        var line = foreign();
        var keys = new RedisQueueKeys(line);
        for (int i = 0; i < 2; i++) {
            assertThat(offer(event("e1"), CRM)).isEqualTo(EventQueue.Offer.TAKEN);
            await(queue().bury(only(take(CRM)), "status 500"));
            await(line.call(c -> c.del(keys.seen(event("e1"))))); // as after a week
        }

        assertThat(await(queue().dead(CRM, 0, 10))).hasSize(1);
        assertThat(RedisLine.text(await(line.call(c -> c.hget(keys.bytes(), RedisLine.bytes(CRM))))))
                .isEqualTo(String.valueOf(EventForm.write(event("e1")).length + RedisQueueScripts.OVERHEAD));
    }

    /** To the same keys; closed with the others. */
    private RedisLine foreign() {
        foreign = link();
        return new RedisLine(foreign, "gw" + prefixes + RedisQueueKeys.PREFIX);
    }

    @AfterEach
    void closeForeign() {
        if (foreign != null) {
            await(foreign.close());
        }
    }

    @Test
    void allThatADeadReplicaHadIsTakenOverAFewAtATime() {
        for (int i = 0; i < 30; i++) {
            offer(event("e" + i), CRM);
        }
        assertThat(take(CRM)).hasSize(30);
        var survivor = replica(Duration.ZERO);

        var found = new TreeSet<String>();
        for (int i = 0; i < 30 && found.size() < 30; i++) {
            await(survivor.take(CRM, 2)).forEach(each -> found.add(each.event().id()));
        }

        assertThat(found).hasSize(30);
        await(survivor.close());
    }

    @Test
    void anEntryThatCannotBeReadGoesOutOfTheWayOfTheOthers() {
        offer(event("e1"), CRM);
        var foreign = link();
        var stream = ("gw" + prefixes + RedisQueueKeys.PREFIX + "to:" + CRM).getBytes(StandardCharsets.UTF_8);
        var body = Map.of("event".getBytes(StandardCharsets.UTF_8), new byte[] {99, 1, 2});
        await(new RedisLine(foreign, "").call(c -> c.xadd(stream, body)));
        offer(event("e2"), CRM);

        assertThat(take(CRM)).extracting(each -> each.event().id()).containsExactly("e1", "e2");

        assertThat(events.heard).contains("unreadable for " + CRM);
        var letter = await(queue().dead(CRM, 0, 10)).get(0);
        assertThat(letter.why()).isEqualTo("unreadable");
        assertThat(letter.event().body().getBytes()).containsExactly(99, 1, 2);
        assertThat(await(queue().replay(CRM, Optional.of(letter.event().id())))).isEqualTo(1);
        assertThat(take(CRM)).as("cannot be read now either").isEmpty();
        assertThat(await(queue().standing(CRM)).dead()).isEqualTo(1);
        await(foreign.close());
    }
}
