package io.ghlgateway.webhooks;

import io.ghlgateway.digest.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Which events were taken in the last days: 64 bits of each one's digest, in sets of some thousands that are forgotten as a
 * whole, so that an id takes 16 to 32 bytes. Of a million ids two are mistaken for each other with a chance of 3 in 10^8.
 * There are no more than a given number: beyond it the oldest are forgotten before their time. One thread at a time.
 */
final class SeenIds {

    /** At most 64 MB in memory and 16 MB on the disk; reached where more than 3 a second come for a whole week. */
    static final int MOST = 2_000_000;

    private static final long DAY = 86_400_000;
    private static final long DAYS = EventQueue.REMEMBERED.toDays();
    private static final int SETS = 16;

    private final ArrayDeque<Marks> sets = new ArrayDeque<>(); // the oldest first
    private final int most;
    private int count;

    SeenIds(int most) {
        this.most = most;
    }

    static long mark(String key) {
        long mark = ByteBuffer.wrap(Sha256.of(key)).getLong();
        return mark == 0 ? 1 : mark;
    }

    static long dayOf(Instant instant) {
        return Math.floorDiv(instant.toEpochMilli(), DAY);
    }

    boolean has(long mark) {
        return sets.stream().anyMatch(set -> set.has(mark));
    }

    /** @return how many were forgotten before their time to make room */
    int add(long mark, long day) {
        var latest = sets.peekLast();
        if (latest == null || latest.day != day || latest.count >= Math.max(1, most / SETS)) {
            latest = new Marks(day);
            sets.add(latest);
        }
        count += latest.add(mark) ? 1 : 0;
        int before = count;
        while (count > most) {
            count -= sets.remove().count;
        }
        return before - count;
    }

    /** Drops the days that are over for good: never one before the whole time is up for all of its ids. */
    void forget(Instant now) {
        sets.removeIf(set -> set.day < dayOf(now) - DAYS);
        count = sets.stream().mapToInt(set -> set.count).sum();
    }

    int count() {
        return count;
    }

    /** What is held, in the order in which it came. */
    List<Day> all() {
        return sets.stream().map(set -> new Day(set.day, set.all())).toList();
    }

    /** Some of the ids of a day. */
    record Day(long day, long[] marks) {}

    /** Open addressing with steps of one; no zero is ever put in. */
    private static final class Marks {
        private final long day;
        private long[] slots = new long[64];
        private int count;

        Marks(long day) {
            this.day = day;
        }

        boolean has(long mark) {
            return slots[place(slots, mark)] == mark;
        }

        /** @return whether it was not there */
        boolean add(long mark) {
            int at = place(slots, mark);
            if (slots[at] == mark) {
                return false;
            }
            slots[at] = mark;
            if (++count > slots.length / 2) {
                var wider = new long[2 * slots.length];
                for (long each : slots) {
                    if (each != 0) {
                        wider[place(wider, each)] = each;
                    }
                }
                slots = wider;
            }
            return true;
        }

        long[] all() {
            return Arrays.stream(slots).filter(mark -> mark != 0).toArray();
        }

        private static int place(long[] slots, long mark) {
            int at = (int) (mark >>> 8) & slots.length - 1;
            while (slots[at] != 0 && slots[at] != mark) {
                at = at + 1 & slots.length - 1;
            }
            return at;
        }
    }
}
