package io.ghlgateway.webhooks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Which events were taken in the last days: 64 bits of each one's digest, a set for each day, so that a day is forgotten
 * as a whole and a million ids take 16 to 32 MB. Of a million ids two are mistaken for each other with a chance of
 * 3 in 10^8. One thread at a time.
 */
final class SeenIds {

    private static final long DAY = 86_400_000;
    private static final long DAYS = EventQueue.REMEMBERED.toDays();

    private final TreeMap<Long, Marks> days = new TreeMap<>();

    static long mark(String key) {
        long mark = ByteBuffer.wrap(digest(key)).getLong();
        return mark == 0 ? 1 : mark;
    }

    static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static long dayOf(Instant instant) {
        return Math.floorDiv(instant.toEpochMilli(), DAY);
    }

    boolean has(long mark) {
        return days.values().stream().anyMatch(day -> day.has(mark));
    }

    void add(long mark, long day) {
        days.computeIfAbsent(day, first -> new Marks()).add(mark);
    }

    /** Drops the days that are over for good: never one before the whole time is up for all of its ids. */
    void forget(Instant now) {
        days.headMap(dayOf(now) - DAYS).clear();
    }

    int count() {
        return days.values().stream().mapToInt(day -> day.count).sum();
    }

    /** What is held, by day. */
    TreeMap<Long, long[]> all() {
        var all = new TreeMap<Long, long[]>();
        days.forEach((day, marks) -> all.put(day, marks.all()));
        return all;
    }

    /** Open addressing with steps of one; no zero is ever put in. */
    private static final class Marks {
        private long[] slots = new long[64];
        private int count;

        boolean has(long mark) {
            return slots[place(slots, mark)] == mark;
        }

        void add(long mark) {
            int at = place(slots, mark);
            if (slots[at] == mark) {
                return;
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
