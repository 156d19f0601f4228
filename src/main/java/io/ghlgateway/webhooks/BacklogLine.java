package io.ghlgateway.webhooks;

import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.ghlgateway.webhooks.Held.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is kept for one subscriber of the embedded queue. Guarded by its {@link Backlog}. */
final class BacklogLine {

    /** What is not delivered yet, by the numbers of the events. */
    final Map<Long, Place> open = new TreeMap<>();

    /** Dead letters by the events' keys, the oldest first. */
    final Map<String, Place> dead = new LinkedHashMap<>();

    private final String subscriber;
    private final TreeSet<Place> fresh = byDue();
    private final TreeSet<Place> failed = byDue();
    private boolean freshIsNext; // where one alone is asked for

    BacklogLine(String subscriber) {
        this.subscriber = subscriber;
    }

    private static TreeSet<Place> byDue() {
        return new TreeSet<>(
                Comparator.<Place, Instant>comparing(place -> place.due).thenComparing(place -> place.item.number()));
    }

    private TreeSet<Place> ready(Place place) {
        return place.attempts == 0 ? fresh : failed;
    }

    /** It may be taken when it is due. */
    void add(Place place) {
        open.put(place.item.number(), place);
        ready(place).add(place);
    }

    /** Before anything of the place changes. */
    void remove(Place place) {
        ready(place).remove(place);
        open.remove(place.item.number());
        dead.remove(place.item.event().key(), place);
    }

    /** When the last of what is kept came. */
    Optional<Instant> latest() {
        return Stream.concat(open.values().stream(), dead.values().stream())
                .map(place -> place.item.event().received())
                .max(Comparator.naturalOrder());
    }

    /** What failed comes first, but for one place in two, and the other way round each second time that one is asked for. */
    List<Delivery> take(Instant now, int most) {
        var taken = new ArrayList<Delivery>();
        boolean freshFirst = most == 1 && freshIsNext;
        if (most == 1) {
            freshIsNext = !freshIsNext;
        }
        if (!freshFirst) {
            take(failed, now, (most + 1) / 2, taken);
        }
        take(fresh, now, most, taken);
        take(failed, now, most, taken);
        return taken;
    }

    private void take(TreeSet<Place> ready, Instant now, int most, List<Delivery> taken) {
        while (taken.size() < most && !ready.isEmpty() && !ready.first().due.isAfter(now)) {
            var place = ready.pollFirst();
            taken.add(delivery(place, place.attempts + 1));
        }
    }

    /** Events lie in the order in which they came, so what is younger need not be looked at. */
    List<Delivery> expired(Instant before, int most) {
        var expired = new ArrayList<Delivery>();
        for (var place : open.values()) {
            if (expired.size() == most || !place.item.event().received().isBefore(before)) {
                break;
            }
            if (place.since.isBefore(before) && ready(place).remove(place)) { // else it is in hand
                expired.add(delivery(place, place.attempts));
            }
        }
        return expired;
    }

    private Delivery delivery(Place place, int attempt) {
        return new Delivery(subscriber, Long.toString(place.item.number()), attempt, place.since, place.item.event());
    }
}
