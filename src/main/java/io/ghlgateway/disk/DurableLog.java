package io.ghlgateway.disk;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was appended is on the disk when its future completes, in the order of the calls. One thread writes; what comes
 * while it is at it goes out together (group commit). When more than half of the file is waste it writes the file anew.
 * Any thread may append; futures complete on the writing thread, which must not be held up. Whatever ends that thread
 * closes the log: who appends is always told.
 */
public final class DurableLog {

    private static final Logger LOG = LoggerFactory.getLogger(DurableLog.class);
    private static final int BATCH_BYTES = 1 << 20;
    private static final int MOST_WAITING = 10_000;
    private static final long WORTH_REWRITING = 1 << 20;

    private final Disk disk;
    private final String path;
    private final LogFile file;
    private final Contents contents;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    /** Whoever adds to the queue holds this. */
    private final Object entrance = new Object();

    private final Promise<Void> ended = Promise.promise();
    private boolean closed; // guarded by the entrance
    private @Nullable Throwable brokenBy; // likewise
    private long rewriteBeyond = WORTH_REWRITING; // the writing thread's

    private DurableLog(Disk disk, String path, LogFile file, Contents contents) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.contents = contents;
    }

    /** What the entries add up to. Called by the one who opens, then by the writing thread only. */
    public interface Contents {

        /** This entry is on the disk. */
        void add(byte[] entry);

        /** What {@link #entries} would take, or about that. May be costly. */
        default long footprint() {
            return entries().mapToLong(LogFile::footprint).sum();
        }

        /** Entries that add up to the same. */
        Stream<byte[]> entries();
    }

    private record Waiting(byte[] entry, @Nullable Promise<Void> told) {}

    /**
     * Reads what is there; blocks. Closes the disk when it is closed itself, or fails.
     *
     * @throws IOException where the file cannot be used or was damaged
     */
    public static DurableLog open(Disk disk, String name, Contents contents) throws IOException {
        var log = new DurableLog(disk, disk.pathOf(name), read(disk, name, contents), contents);
        var writer = new Thread(log::write, "ghl-gateway-" + name);
        writer.setDaemon(true);
        writer.start();
        return log;
    }

    private static LogFile read(Disk disk, String name, Contents contents) throws IOException {
        try {
            return LogFile.open(disk, name, contents::add);
        } catch (IOException e) {
            disk.close();
            throw e;
        } catch (RuntimeException e) {
            disk.close();
            throw new IOException(disk.pathOf(name) + " holds what this version cannot read: " + e.getMessage(), e);
        }
    }

    /** Completes when it is on the disk and {@link Contents} has it; after a failure it may be found there or not. */
    public Future<Void> append(byte[] entry) {
        if (entry.length > LogFile.MOST_BYTES) {
            return Future.failedFuture(
                    new IOException("an entry of " + entry.length + " bytes is too long for " + path));
        }
        var told = Promise.<Void>promise();
        synchronized (entrance) {
            if (brokenBy != null) {
                return Future.failedFuture(broken(brokenBy));
            }
            if (closed) {
                return Future.failedFuture(new IOException(path + " is closed"));
            }
            if (queue.size() >= MOST_WAITING) {
                return Future.failedFuture(new IOException(path + " is too far behind: the disk is too slow"));
            }
            queue.add(new Waiting(entry, told));
        }
        return told.future();
    }

    /** Writes what waits, then lets go of the disk. */
    public Future<Void> close() {
        synchronized (entrance) {
            if (!closed) {
                closed = true;
                queue.add(new Waiting(new byte[0], null));
            }
        }
        return ended.future();
    }

    private void write() {
        var batch = new ArrayList<Waiting>();
        try {
            for (boolean last = false; !last; ) {
                last = collect(batch);
                if (!batch.isEmpty()) {
                    commit(batch);
                    batch.clear();
                    rewriteIfWorthIt();
                }
            }
        } catch (Throwable e) {
            // An Error too, for without this thread whoever waits for it would wait for ever.
            breakOff(batch, e);
        }
        try (disk) {
            file.close();
        } catch (Throwable e) {
            ended.tryFail(e);
        }
        ended.tryComplete();
    }

    private void breakOff(List<Waiting> batch, Throwable cause) {
        LOG.error("{} is not written any more; restart the gateway", path, cause);
        var untold = new ArrayList<>(batch);
        synchronized (entrance) {
            closed = true;
            brokenBy = cause;
            queue.drainTo(untold);
        }
        untold.forEach(waiting -> tell(waiting, broken(cause)));
    }

    private IOException broken(Throwable cause) {
        return new IOException(path + " is not written any more, after " + cause + "; restart the gateway", cause);
    }

    /** @return whether none will come after these */
    private boolean collect(List<Waiting> batch) {
        int bytes = 0;
        try {
            for (var next = queue.take(); ; ) {
                if (next.told() == null) {
                    return true;
                }
                batch.add(next);
                bytes += next.entry().length;
                next = bytes < BATCH_BYTES ? queue.poll() : null;
                if (next == null) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            return false; // nobody interrupts it; if somebody does it goes on
        }
    }

    private void commit(List<Waiting> batch) {
        @Nullable Throwable failure = null;
        try {
            file.append(batch.stream().map(Waiting::entry).toList());
            batch.forEach(written -> contents.add(written.entry()));
        } catch (IOException e) {
            failure = new IOException("cannot write " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            LOG.error("a defect in what {} adds up to", path, e);
            failure = e;
        }
        for (var written : batch) {
            tell(written, failure);
        }
    }

    private void tell(Waiting written, @Nullable Throwable failure) {
        var told = written.told();
        try {
            if (told != null && failure == null) {
                told.tryComplete();
            } else if (told != null) {
                told.tryFail(failure);
            }
        } catch (Throwable e) {
            LOG.error("a defect in what follows a write to {}", path, e);
        }
    }

    private void rewriteIfWorthIt() {
        long length = file.length();
        if (length <= rewriteBeyond) {
            return;
        }
        try {
            rewriteBeyond = Math.max(WORTH_REWRITING, 2 * contents.footprint());
            if (length <= rewriteBeyond) {
                return;
            }
            file.rewrite(contents.entries()::iterator);
        } catch (IOException | RuntimeException e) {
            rewriteBeyond = length + WORTH_REWRITING;
            LOG.warn("could not write {} anew, which is to shorten it; it goes on growing: {}", path, e.toString());
        }
    }
}
