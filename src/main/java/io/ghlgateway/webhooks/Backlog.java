package io.ghlgateway.webhooks;

import io.ghlgateway.disk.DurableLog;
import io.ghlgateway.webhooks.EventQueue.DeadLetter;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.ghlgateway.webhooks.EventQueue.Standing;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the embedded queue holds, as its file says. Only {@link #add} changes what is kept, and only once it is on the
 * disk; which deliveries are in hand is known here alone, so after a crash they are due again. Any thread; its monitor
 * guards it all.
 */
final class Backlog implements DurableLog.Contents, BacklogEntry.Reader {

    /** What an event takes beside its body, in memory and on the disk; a guess on the safe side. */
    private static final int OVERHEAD = 512;

    private static final int MARKS_AT_ONCE = 10_000;

    private final InstantSource clock;
    private final TreeMap<Long, Item> items = new TreeMap<>();
    private final Map<String, Line> lines = new HashMap<>();
    private final SeenIds seen = new SeenIds();
    private long numbers;
    private long bytes;

    Backlog(InstantSource clock) {
        this.clock = clock;
    }

    /** An event, with those who do not have it yet. */
    private record Item(long number, Event event, Map<String, Place> places) {
        long bytes() {
            return event.body().length() + OVERHEAD;
        }
    }

    /** Where an event stands in a subscriber's line. */
    private static final class Place {
        private final Item item;
        private int attempts;
        private Instant due;
        private @Nullable DeadLetter dead;

        Place(Item item) {
            this.item = item;
            this.due = item.event().received();
        }
    }

    private static final class Line {
        private final TreeMap<Long, Place> open = new TreeMap<>();
        private final TreeSet<Place> ready = new TreeSet<>(
                Comparator.<Place, Instant>comparing(place -> place.due).thenComparing(place -> place.item.number()));
        private final LinkedHashMap<String, Place> dead = new LinkedHashMap<>();
    }

    private Line line(String subscriber) {
        return lines.computeIfAbsent(subscriber, first -> new Line());
    }

    synchronized boolean hasSeen(long mark) {
        return seen.has(mark);
    }

    synchronized long nextNumber() {
        return ++numbers;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized List<Delivery> take(String subscriber, int most) {
        var line = line(subscriber);
        var now = clock.instant();
        var taken = new ArrayList<Delivery>();
        while (taken.size() < most
                && !line.ready.isEmpty()
                && !line.ready.first().due.isAfter(now)) {
            var place = line.ready.pollFirst();
            taken.add(new Delivery(
                    subscriber, Long.toString(place.item.number()), place.attempts + 1, place.item.event()));
        }
        return taken;
    }

    synchronized List<DeadLetter> dead(String subscriber, int from, int most) {
        return line(subscriber).dead.values().stream()
                .skip(from)
                .limit(most)
                .map(place -> Optional.ofNullable(place.dead))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The numbers of the dead letters of this id, or of all. */
    synchronized List<Long> deadNumbers(String subscriber, Optional<String> id) {
        var dead = line(subscriber).dead;
        var places = id.map(wanted -> Stream.ofNullable(dead.get(wanted))).orElseGet(() -> dead.values().stream());
        return places.map(place -> place.item.number()).toList();
    }

    /** For whom something is kept. */
    synchronized Set<String> names() {
        return lines.entrySet().stream()
                .filter(line ->
                        !line.getValue().open.isEmpty() || !line.getValue().dead.isEmpty())
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
                Optional.ofNullable(line.open.firstEntry())
                        .map(first -> first.getValue().item.event().received()));
    }

    @Override
    public synchronized void add(byte[] entry) {
        BacklogEntry.read(entry, this);
    }

    @Override
    public void taken(long number, Event event, List<String> subscribers) {
        numbers = Math.max(numbers, number);
        seen.add(SeenIds.mark(event.key()), SeenIds.dayOf(event.received()));
        if (subscribers.isEmpty()) {
            return;
        }
        var item = new Item(number, event, new LinkedHashMap<>());
        items.put(number, item);
        bytes += item.bytes();
        for (var subscriber : subscribers) {
            var place = new Place(item);
            item.places().put(subscriber, place);
            line(subscriber).open.put(number, place);
            line(subscriber).ready.add(place);
        }
    }

    private Optional<Place> place(long number, String subscriber) {
        return Optional.ofNullable(items.get(number))
                .flatMap(item -> Optional.ofNullable(item.places().get(subscriber)));
    }

    private void leave(Place place, Line line) {
        line.ready.remove(place);
        line.open.remove(place.item.number());
        line.dead.remove(place.item.event().id(), place);
        place.dead = null;
    }

    @Override
    public void done(long number, String subscriber) {
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

    @Override
    public void again(long number, String subscriber, int attempts, Instant due) {
        place(number, subscriber).ifPresent(place -> wait(place, line(subscriber), attempts, due));
    }

    private void wait(Place place, Line line, int attempts, Instant due) {
        leave(place, line);
        place.attempts = attempts;
        place.due = due;
        line.open.put(place.item.number(), place);
        line.ready.add(place);
    }

    @Override
    public void dead(long number, String subscriber, int attempts, Instant buried, String why) {
        place(number, subscriber).ifPresent(place -> {
            var line = line(subscriber);
            leave(place, line);
            place.attempts = attempts;
            place.dead = new DeadLetter(place.item.event(), attempts, buried, why);
            line.dead.put(place.item.event().id(), place);
        });
    }

    @Override
    public void revived(long number, String subscriber) {
        place(number, subscriber)
                .filter(place -> place.dead != null)
                .ifPresent(place -> wait(place, line(subscriber), 0, Instant.EPOCH));
    }

    @Override
    public void forgotten(String subscriber) {
        var line = line(subscriber);
        Stream.concat(line.open.values().stream(), line.dead.values().stream())
                .map(place -> place.item.number())
                .toList()
                .forEach(number -> done(number, subscriber));
        lines.remove(subscriber);
    }

    @Override
    public void seen(long day, long[] marks) {
        for (long mark : marks) {
            seen.add(mark, day);
        }
    }

    @Override
    public synchronized long footprint() {
        seen.forget(clock.instant());
        return bytes + (long) Long.BYTES * seen.count();
    }

    /** Asked by the one thread that also adds, so what is kept stays as it is meanwhile; event by event, for there may be many. */
    @Override
    public Iterable<byte[]> entries() {
        List<Item> held;
        TreeMap<Long, long[]> marks;
        synchronized (this) {
            held = List.copyOf(items.values());
            marks = seen.all();
        }
        return () -> Stream.concat(
                        marks.entrySet().stream().flatMap(day -> marks(day.getKey(), day.getValue())),
                        held.stream().flatMap(this::entries))
                .iterator();
    }

    private static Stream<byte[]> marks(long day, long[] marks) {
        var chunks = new ArrayList<byte[]>();
        for (int from = 0; from < marks.length; from += MARKS_AT_ONCE) {
            chunks.add(BacklogEntry.seen(day, marks, from, Math.min(marks.length, from + MARKS_AT_ONCE)));
        }
        return chunks.stream();
    }

    private synchronized Stream<byte[]> entries(Item item) {
        var entries = new ArrayList<byte[]>();
        entries.add(
                BacklogEntry.taken(item.number(), item.event(), item.places().keySet()));
        item.places().forEach((subscriber, place) -> {
            if (place.dead != null) {
                entries.add(BacklogEntry.dead(
                        item.number(), subscriber, place.attempts, place.dead.buried(), place.dead.why()));
            } else if (place.attempts > 0 || !place.due.equals(item.event().received())) {
                entries.add(BacklogEntry.again(item.number(), subscriber, place.attempts, place.due));
            }
        });
        return entries.stream();
    }
}
