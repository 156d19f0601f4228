package io.ghlgateway.webhooks;

import io.ghlgateway.disk.DirectoryDisk;
import io.ghlgateway.disk.Disk;
import io.ghlgateway.disk.DurableLog;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Events of a lone gateway: in memory, and in a file that says the same. What is confirmed is on the disk; a torn end of
 * the file is what nobody was told was safe. The thread that writes is the log's own.
 *
 * <p>What is in memory is bounded: beyond {@code mostBytes} dead letters go, the oldest first, and if there are none
 * nothing more is taken.
 */
public final class FileEventQueue implements EventQueue {

    static final String FILE = "webhooks.log";

    private static final int BATCH = 1_000;
    /** Of the whole room, what is freed at least. */
    private static final int A_LITTLE = 100;

    private final DurableLog log;
    private final Backlog backlog;
    private final long mostBytes;
    private final InstantSource clock;
    private final WebhookEvents events;

    /** What is on its way to the disk, by its mark; its monitor guards the decisions. */
    private final Map<Long, Future<Void>> pending = new HashMap<>();

    private final Set<String> trimmed = ConcurrentHashMap.newKeySet();

    private @Nullable Future<Boolean> clearing; // dead letters on their way out; likewise

    private FileEventQueue(DurableLog log, Backlog backlog, long mostBytes, InstantSource clock, WebhookEvents events) {
        this.log = log;
        this.backlog = backlog;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Reads what is there; blocks, so for the start only.
     *
     * @param directory made if need be
     * @throws IOException where it cannot be used, another process uses it, or the file was damaged; says which and where
     */
    public static FileEventQueue open(Path directory, long mostBytes, InstantSource clock, WebhookEvents events)
            throws IOException {
        return open(DirectoryDisk.lock(directory, "webhooks"), mostBytes, clock, events);
    }

    static FileEventQueue open(Disk disk, long mostBytes, InstantSource clock, WebhookEvents events)
            throws IOException {
        var backlog = new Backlog(clock, SeenIds.MOST, events);
        return new FileEventQueue(DurableLog.open(disk, FILE, backlog), backlog, mostBytes, clock, events);
    }

    @Override
    public Future<Offer> offer(Event event, Collection<String> subscribers) {
        long mark = SeenIds.mark(event.key());
        long size = subscribers.isEmpty() ? 0 : Held.size(event);
        synchronized (pending) {
            var before = pending.get(mark);
            if (before != null) {
                // The same again, before the first is safe: what became of that is what became of this.
                return before.transform((safe, failure) ->
                        failure == null ? Future.succeededFuture(Offer.DUPLICATE) : offer(event, subscribers));
            }
            if (backlog.hasSeen(mark)) {
                return Future.succeededFuture(Offer.DUPLICATE);
            }
            if (!subscribers.isEmpty() && backlog.bytes() + size > mostBytes) {
                return (size > mostBytes ? Future.succeededFuture(false) : makeRoom(size))
                        .compose(made -> made ? offer(event, subscribers) : Future.succeededFuture(Offer.FULL));
            }
            long number = backlog.nextNumber(size); // before it is written, for many may be on their way at once
            var written = log.append(BacklogEntry.taken(number, event, subscribers))
                    .andThen(ended -> {
                        backlog.isNoMoreAwaited(number);
                        synchronized (pending) {
                            pending.remove(mark);
                        }
                    });
            if (!written.isComplete()) {
                pending.put(mark, written);
            }
            return written.map(Offer.TAKEN);
        }
    }

    /**
     * Throws the oldest away of the subscriber that has most, and a little more than is needed: each time costs a write. One
     * at a time, for several would drop the same letters. Within the monitor.
     *
     * @return whether there were any
     */
    private Future<Boolean> makeRoom(long needed) {
        if (clearing != null) {
            return clearing;
        }
        var crowded = backlog.mostDead();
        if (crowded.isEmpty()) {
            return Future.succeededFuture(false);
        }
        var oldest = backlog.oldestDead(crowded.get(), BATCH, Math.max(needed, mostBytes / A_LITTLE));
        var gone = drop(crowded.get(), oldest).map(true).andThen(ended -> {
            synchronized (pending) {
                clearing = null;
            }
        });
        if (!gone.isComplete()) {
            clearing = gone;
        }
        return gone;
    }

    private Future<Void> drop(String subscriber, List<Long> letters) {
        return Future.all(letters.stream()
                        .map(number -> log.append(BacklogEntry.done(number, subscriber)))
                        .toList())
                .onSuccess(gone -> events.dropped(subscriber, letters.size()))
                .mapEmpty();
    }

    @Override
    public Future<List<Delivery>> take(String subscriber, int most) {
        return Future.succeededFuture(backlog.take(subscriber, most));
    }

    @Override
    public Future<List<Delivery>> expired(String subscriber, Instant before, int most) {
        return Future.succeededFuture(backlog.expired(subscriber, before, most));
    }

    @Override
    public Future<Void> done(Delivery delivery) {
        return log.append(BacklogEntry.done(number(delivery), delivery.subscriber()));
    }

    @Override
    public Future<Void> again(Delivery delivery, Instant due) {
        return log.append(
                BacklogEntry.again(number(delivery), delivery.subscriber(), delivery.attempt(), due, delivery.since()));
    }

    @Override
    public Future<Void> bury(Delivery delivery, String why) {
        var subscriber = delivery.subscriber();
        return log.append(BacklogEntry.dead(number(delivery), subscriber, delivery.attempt(), clock.instant(), why))
                .compose(buried -> trim(subscriber));
    }

    /** One at a time: several would drop the same letters. Who finds another at it is followed by its next look. */
    private Future<Void> trim(String subscriber) {
        if (backlog.deadCount(subscriber) <= MOST_DEAD || !trimmed.add(subscriber)) {
            return Future.succeededFuture();
        }
        int beyond = Math.min(BATCH, backlog.deadCount(subscriber) - MOST_DEAD);
        return drop(subscriber, backlog.oldestDead(subscriber, beyond, Long.MAX_VALUE))
                .onComplete(ended -> trimmed.remove(subscriber))
                .compose(gone -> trim(subscriber));
    }

    private static long number(Delivery delivery) {
        return Long.parseLong(delivery.entry());
    }

    @Override
    public Future<List<DeadLetter>> dead(String subscriber, int from, int most) {
        return Future.succeededFuture(backlog.dead(subscriber, from, most));
    }

    @Override
    public Future<Integer> replay(String subscriber, Optional<String> id) {
        return revive(subscriber, backlog.deadNumbers(subscriber, id), 0, clock.instant());
    }

    /** In batches, for the log takes only so many at once. */
    private Future<Integer> revive(String subscriber, List<Long> numbers, int from, Instant at) {
        int to = Math.min(numbers.size(), from + BATCH);
        return from == to
                ? Future.succeededFuture(to)
                : Future.all(numbers.subList(from, to).stream()
                                .map(number -> log.append(BacklogEntry.revived(number, subscriber, at)))
                                .toList())
                        .compose(written -> revive(subscriber, numbers, to, at));
    }

    @Override
    public Future<Standing> standing(String subscriber) {
        return Future.succeededFuture(backlog.standing(subscriber));
    }

    @Override
    public Future<Set<String>> names(Instant before) {
        return Future.succeededFuture(backlog.names(before));
    }

    @Override
    public Future<Void> forget(String subscriber) {
        return log.append(BacklogEntry.forgotten(subscriber));
    }

    @Override
    public Future<Void> close() {
        return log.close();
    }
}
