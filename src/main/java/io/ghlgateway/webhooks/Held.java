package io.ghlgateway.webhooks;

import io.ghlgateway.webhooks.EventQueue.DeadLetter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event of the embedded queue, with those who do not have it yet. Guarded by its {@link Backlog}. */
record Held(long number, Event event, Map<String, Place> places) {

    /** What an event takes beside its body, in memory and on the disk; a guess on the safe side. */
    private static final int OVERHEAD = 512;

    /** Where an event stands in a subscriber's line. */
    static final class Place {
        final Held item;
        int attempts;
        Instant due;
        Instant since;

        @Nullable
        DeadLetter dead;

        Place(Held item) {
            this.item = item;
            this.due = item.event().received();
            this.since = due;
        }
    }

    /** What it takes to keep an event. */
    static long size(Event event) {
        return event.body().length() + OVERHEAD;
    }

    long bytes() {
        return size(event);
    }

    /** What is to be written down of it. */
    List<byte[]> entries() {
        var entries = new ArrayList<byte[]>();
        entries.add(BacklogEntry.taken(number, event, places.keySet()));
        places.forEach((subscriber, place) -> {
            if (place.dead != null) {
                entries.add(
                        BacklogEntry.dead(number, subscriber, place.attempts, place.dead.buried(), place.dead.why()));
            } else if (place.attempts > 0 || !place.due.equals(event.received())) {
                entries.add(BacklogEntry.again(number, subscriber, place.attempts, place.due, place.since));
            }
        });
        return entries;
    }
}
