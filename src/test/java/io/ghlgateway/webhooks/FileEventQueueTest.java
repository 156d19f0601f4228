package io.ghlgateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.disk.FakeDisk;
import io.ghlgateway.webhooks.EventQueue.Offer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileEventQueueTest extends EventQueueContract {

    private static final long ROOM = 1 << 20;

    private FakeDisk disk = new FakeDisk();

    @Override
    EventQueue open() throws Exception {
        return FileEventQueue.open(disk, ROOM, clock, events);
    }

    @Override
    EventQueue ofRoom(long bytes) throws Exception {
        return FileEventQueue.open(new FakeDisk(), bytes, clock, events);
    }

    /** What a machine without power would find is the worst that a killed process can leave. */
    @Override
    EventQueue afterKill(EventQueue killed) throws Exception {
        disk = disk.afterPowerCut().get(0);
        await(killed.close());
        return open();
    }

    @Test
    void whereverThePowerGoesWhatWasConfirmedIsThereAndAtMostOneMore() throws Exception {
        for (int steps = 4; ; steps++) {
            var cut = new FakeDisk();
            cut.losePowerAfter(steps);
            var confirmed = new ArrayList<String>();
            boolean ended = false;
            try {
                var queue = FileEventQueue.open(cut, ROOM, clock, events);
                for (int i = 0; i < 2; i++) {
                    var id = "e" + i;
                    if (await(queue.offer(event(id), List.of(CRM)).otherwise(Offer.FULL)) == Offer.TAKEN) {
                        confirmed.add(id);
                    }
                }
                ended = confirmed.size() == 2;
                await(queue.close().otherwiseEmpty());
            } catch (FakeDisk.PowerCut atTheStart) {
                continue;
            }
            var states = cut.afterPowerCut();
            for (int i = 0; i < states.size(); i += 7) { // the log's own test looks at each
                var again = FileEventQueue.open(states.get(i), ROOM, clock, events);
                var found = await(again.take(CRM, 10)).stream()
                        .map(each -> each.event().id())
                        .toList();
                assertThat(found).hasSizeBetween(confirmed.size(), confirmed.size() + 1);
                assertThat(found.subList(0, confirmed.size())).isEqualTo(confirmed);
                await(again.close());
            }
            if (ended) {
                return;
            }
        }
    }

    @Test
    void whatTheDiskRefusesIsNotTakenAndMayComeAgain() throws Exception {
        var broken = new FakeDisk();
        var queue = FileEventQueue.open(broken, ROOM, clock, events);
        broken.breakOn(step -> true);
        assertThat(queue.offer(event("e1"), List.of(CRM))
                        .transform((taken, failure) -> Future.succeededFuture(failure)))
                .satisfies(failure -> assertThat(await(failure)).isNotNull());

        broken.breakOn(step -> false);

        assertThat(await(queue.offer(event("e1"), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        assertThat(await(queue.take(CRM, 10))).hasSize(1);
        await(queue.close());
    }

    @Test
    void deadLettersKeepToTheirNumberAlsoWhereManyDieAtOnce() throws Exception {
        var queue = FileEventQueue.open(disk, 1 << 26, clock, events);
        for (int i = 0; i < EventQueue.MOST_DEAD + 1_000; i += 1_000) {
            int from = i;
            await(Future.all(IntStream.range(from, from + 1_000)
                    .mapToObj(n -> queue.offer(event("e" + n), List.of(CRM)))
                    .toList()));
            await(Future.all(await(queue.take(CRM, 1_000)).stream()
                    .map(each -> queue.bury(each, "status 500"))
                    .toList()));
        }

        assertThat(await(queue.standing(CRM)).dead()).isEqualTo(EventQueue.MOST_DEAD);
        assertThat(await(queue.dead(CRM, 0, 1)).get(0).event().id()).isEqualTo("e1000");
        await(queue.close());
    }

    @Test
    void keepsTheLongestBodyThatCanBeConfigured() throws Exception {
        var queue = FileEventQueue.open(disk, 1 << 26, clock, events);
        var small = event("e1");
        var longest =
                new Event(small.app(), "e1", small.type(), small.resource(), now, Buffer.buffer(new byte[16 << 20]));

        assertThat(await(queue.offer(longest, List.of(CRM)))).isEqualTo(Offer.TAKEN);

        await(queue.close());
        var again = FileEventQueue.open(disk, 1 << 26, clock, events);
        assertThat(await(again.take(CRM, 1)).get(0).event()).isEqualTo(longest);
        await(again.close());
    }

    @Test
    void theFileDoesNotGrowForEverAndForgetsIdsAfterAWeek() throws Exception {
        var queue = FileEventQueue.open(disk, ROOM, clock, events);
        for (int day = 0; day < 20; day++) {
            for (int i = 0; i < 20; i++) {
                await(queue.offer(large("d" + day + "-" + i), List.of(CRM)));
            }
            for (var each : await(queue.take(CRM, 20))) {
                await(queue.done(each));
            }
            now = now.plus(Duration.ofDays(1));
        }

        assertThat(disk.content(FileEventQueue.FILE).length).isLessThan(1_300_000);
        assertThat(await(queue.offer(event("d19-0"), List.of(CRM)))).isEqualTo(Offer.DUPLICATE);
        assertThat(await(queue.offer(event("d13-0"), List.of(CRM)))).isEqualTo(Offer.DUPLICATE);
        await(queue.close());
        var again = FileEventQueue.open(disk, ROOM, clock, events);
        assertThat(await(again.offer(event("d13-0"), List.of(CRM)))).isEqualTo(Offer.DUPLICATE);
        assertThat(await(again.offer(event("d1-0"), List.of(CRM)))).isEqualTo(Offer.TAKEN);
        await(again.close());
    }

    private Event large(String id) {
        var small = event(id);
        return new Event(small.app(), id, small.type(), small.resource(), now, Buffer.buffer("x".repeat(8_000)));
    }
}
