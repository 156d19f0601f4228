package io.ghlgateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How often a process's event loops had work and for long no CPU to do it on, which is the machine's doing: by Linux's own
 * account (the second number of {@code schedstat}: ns that a thread waited on a run queue, told when it goes on). It is looked
 * at so often that many brief waits do not pass for a long one.
 */
final class CpuWaits implements AutoCloseable {

    /** As the kernel shortens them to 15 characters. */
    private static final String LOOPS = "vert.x-eventloo";

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(12);
    /** What makes one of the gateway's own looks at its loops late. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<Path> loops;
    private final AtomicLong count = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "cpu-waits");

    CpuWaits(long pid) {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            loops = tasks.filter(task -> read(task.resolve("comm")).startsWith(LOOPS))
                    .map(task -> task.resolve("schedstat"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        Map<Path, Long> before = new HashMap<>();
        while (!Thread.currentThread().isInterrupted()) {
            for (var loop : loops) {
                long now = Long.parseLong(read(loop).trim().split(" ")[1]);
                var last = before.put(loop, now);
                if (last != null) {
                    count.addAndGet(now - last > LONG_NANOS ? 1 : 0);
                }
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** How often one of them waited for more than 10 ms; each time makes at most one look at that loop late. */
    long count() {
        return count.get();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
