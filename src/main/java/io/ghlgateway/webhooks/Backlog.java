package io.ghlgateway.webhooks;

import io.ghlgateway.disk.DurableLog;
import io.ghlgateway.webhooks.EventQueue.DeadLetter;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.ghlgateway.webhooks.EventQueue.Standing;
import io.ghlgateway.webhooks.Held.Place;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that the embedded queue holds, as its file says. Only {@link #add} changes what is kept, and only once it is on the
 * disk; which deliveries are in hand is known here alone, so after a crash they are due again. Any thread; its monitor
 * guards it all.
 */
final class Backlog implements DurableLog.Contents {

    private final InstantSource clock;
    private final WebhookEvents events;
    private final TreeMap<Long, Held> items = new TreeMap<>();
    private final Map<String, BacklogLine> lines = new HashMap<>();
    private final SeenIds seen;
    /** What is on its way to the disk, and its size. */
    private final Map<Long, Long> awaited = new HashMap<>();

    private long numbers;
    private long bytes;
    private long awaitedBytes;

    /** @param mostSeen how many ids are remembered */
    Backlog(InstantSource clock, int mostSeen, WebhookEvents events) {
        this.clock = clock;
        this.seen = new SeenIds(mostSeen);
        this.events = events;
    }

    private BacklogLine line(String subscriber) {
        return lines.computeIfAbsent(subscriber, BacklogLine::new);
    }

    synchronized boolean hasSeen(long mark) {
        return seen.has(mark);
    }

    /** @param size for which room is kept, from now until it is there or {@link #isNoMoreAwaited} */
    synchronized long nextNumber(long size) {
        awaited.put(++numbers, size);
        awaitedBytes += size;
        return numbers;
    }

    synchronized void isNoMoreAwaited(long number) {
        var size = awaited.remove(number);
        awaitedBytes -= size == null ? 0 : size;
    }

    /** Of all that is kept or awaited. */
    synchronized long bytes() {
        return bytes + awaitedBytes;
    }

    synchronized List<Delivery> take(String subscriber, int most) {
        return line(subscriber).take(clock.instant(), most);
    }

    synchronized List<Delivery> expired(String subscriber, Instant before, int most) {
        return line(subscriber).expired(before, most);
    }

    synchronized List<DeadLetter> dead(String subscriber, int from, int most) {
        return line(subscriber).dead.values().stream()
                .skip(from)
                .limit(most)
                .flatMap(place -> Stream.ofNullable(place.dead))
                .toList();
    }

    /** The numbers of the dead letters of this id, or of all. */
    synchronized List<Long> deadNumbers(String subscriber, Optional<String> id) {
        return line(subscriber).dead.values().stream()
                .filter(place -> id.isEmpty() || place.item.event().id().equals(id.get()))
                .map(place -> place.item.number())
                .toList();
    }

    /** No more than so many, nor than take up so many bytes. */
    synchronized List<Long> oldestDead(String subscriber, int most, long bytes) {
        var oldest = new ArrayList<Long>();
        long found = 0;
        for (var place : line(subscriber).dead.values()) {
            if (oldest.size() == most || found >= bytes) {
                break;
            }
            oldest.add(place.item.number());
            found += place.item.bytes();
        }
        return oldest;
    }

    /** For whom something is kept, and nothing has been since then. */
    synchronized Set<String> names(Instant before) {
        return lines.entrySet().stream()
                .filter(line -> line.getValue()
                        .latest()
                        .filter(latest -> latest.isBefore(before))
                        .isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    synchronized int deadCount(String subscriber) {
        return line(subscriber).dead.size();
    }

    /** A subscriber with dead letters, the one that has most. */
    synchronized Optional<String> mostDead() {
        return lines.entrySet().stream()
                .filter(line -> !line.getValue().dead.isEmpty())
                .max(Comparator.comparingInt(line -> line.getValue().dead.size()))
                .map(Map.Entry::getKey);
    }

    synchronized Standing standing(String subscriber) {
        var line = line(subscriber);
        return new Standing(
                line.open.size(),
                line.dead.size(),
                line.open.values().stream()
                        .findFirst()
                        .map(first -> first.item.event().received()));
    }

    @Override
    public synchronized void add(byte[] entry) {
        BacklogEntry.read(entry, this);
    }

    // What an entry may say follows; within add.

    void taken(long number, Event event, List<String> subscribers) {
        isNoMoreAwaited(number);
        numbers = Math.max(numbers, number);
        long mark = SeenIds.mark(event.key());
        if (!seen.has(mark)) { // as when a file is read that was written anew: its ids come first
            see(mark, SeenIds.dayOf(event.received()));
        }
        if (subscribers.isEmpty()) {
            return;
        }
        var item = new Held(number, event, new LinkedHashMap<>());
        items.put(number, item);
        bytes += item.bytes();
        for (var subscriber : subscribers) {
            var place = new Place(item);
            item.places().put(subscriber, place);
            line(subscriber).add(place);
        }
    }

    private Optional<Place> place(long number, String subscriber) {
        return Optional.ofNullable(items.get(number))
                .flatMap(item -> Optional.ofNullable(item.places().get(subscriber)));
    }

    private void leave(Place place, BacklogLine line) {
        line.remove(place);
        place.dead = null;
    }

    void done(long number, String subscriber) {
        place(number, subscriber).ifPresent(place -> {
            leave(place, line(subscriber));
            var item = place.item;
            item.places().remove(subscriber);
            if (item.places().isEmpty()) {
                items.remove(number);
                bytes -= item.bytes();
            }
        });
    }

    /** @param since empty in an entry of an earlier build: when the event was received */
    void again(long number, String subscriber, int attempts, Instant due, Optional<Instant> since) {
        place(number, subscriber)
                .ifPresent(place -> wait(
                        place,
                        line(subscriber),
                        attempts,
                        due,
                        since.orElse(place.item.event().received())));
    }

    private void wait(Place place, BacklogLine line, int attempts, Instant due, Instant since) {
        leave(place, line);
        place.attempts = attempts;
        place.due = due;
        place.since = since;
        line.add(place);
    }

    void dead(long number, String subscriber, int attempts, Instant buried, String why) {
        place(number, subscriber).ifPresent(place -> {
            var line = line(subscriber);
            leave(place, line);
            place.attempts = attempts;
            place.dead = new DeadLetter(place.item.event(), attempts, buried, why);
            var key = place.item.event().key();
            var former = Optional.ofNullable(line.dead.remove(key));
            line.dead.put(key, place);
            former.ifPresent(letter -> done(letter.item.number(), subscriber));
        });
    }

    /** @param at empty in an entry of an earlier build: not known any more */
    void revived(long number, String subscriber, Optional<Instant> at) {
        place(number, subscriber)
                .filter(place -> place.dead != null)
                .ifPresent(place -> wait(place, line(subscriber), 0, Instant.EPOCH, at.orElseGet(clock::instant)));
    }

    void forgotten(String subscriber) {
        var line = line(subscriber);
        Stream.concat(line.open.values().stream(), line.dead.values().stream())
                .map(place -> place.item.number())
                .toList()
                .forEach(number -> done(number, subscriber));
        lines.remove(subscriber);
    }

    void seen(long day, long[] marks) {
        for (long mark : marks) {
            see(mark, day);
        }
    }

    private void see(long mark, long day) {
        int forgotten = seen.add(mark, day);
        if (forgotten > 0) {
            events.forgotten(forgotten);
        }
    }

    @Override
    public synchronized long footprint() {
        seen.forget(clock.instant());
        return bytes + (long) Long.BYTES * seen.count();
    }

    /** Asked by the one thread that also adds, so what is kept stays as it is meanwhile; event by event, for there may be many. */
    @Override
    public Stream<byte[]> entries() {
        List<Held> held;
        List<SeenIds.Day> marks;
        synchronized (this) {
            held = List.copyOf(items.values());
            marks = seen.all();
        }
        return Stream.concat(
                marks.stream().flatMap(BacklogEntry::seen), held.stream().flatMap(this::entries));
    }

    private synchronized Stream<byte[]> entries(Held item) {
        return item.entries().stream();
    }
}
