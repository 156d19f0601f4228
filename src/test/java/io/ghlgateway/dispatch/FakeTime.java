package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock and its timers, moved by the test alone. */
final class FakeTime implements Ticker, Alarm {

    private final List<Entry> entries = new ArrayList<>();
    private long now = 1_000_000_000L;
    private int count;

    private record Entry(long at, int number, Runnable action) {}

    @Override
    public long read() {
        return now;
    }

    @Override
    public Runnable set(Duration delay, Runnable action) {
        var entry = new Entry(now + delay.toNanos(), count++, action);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** Lets time pass; what falls due meanwhile runs at its moment. */
    void pass(Duration duration) {
        long end = now + duration.toNanos();
        var due = nextUntil(end);
        while (due != null) {
            entries.remove(due);
            now = Math.max(now, due.at());
            due.action().run();
            due = nextUntil(end);
        }
        now = end;
    }

    int pending() {
        return entries.size();
    }

    private Entry nextUntil(long end) {
        return entries.stream()
                .filter(entry -> entry.at() <= end)
                .min(Comparator.comparingLong(Entry::at).thenComparingInt(Entry::number))
                .orElse(null);
    }
}
