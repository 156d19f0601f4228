package io.ghlgateway.credentials;

import io.ghlgateway.disk.DirectoryDisk;
import io.ghlgateway.disk.Disk;
import io.ghlgateway.disk.DurableLog;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records of one gateway without Redis, in one file of a directory that no other may use; all of them are in memory,
 * too. What it has confirmed survives a power cut. Claims survive a restart, leases end with it. Futures complete on the
 * thread that writes the file, or at once.
 */
public final class FileTokenStore implements TokenStore {

    /** Where the records are, in its directory. */
    public static final String FILE = "records.log";

    private static final String CURSOR = "alone";

    private final DurableLog log;
    private final KeptRecords records;
    private final LocalLeases leases;
    private final InstantSource clock;
    private final List<String> weaknesses;

    /** What is on its way to the disk, by the record's name or what is claimed; its monitor guards the decisions. */
    private final Map<Object, Future<Void>> pending = new HashMap<>();

    private @Nullable Future<Long> run; // guarded by pending

    private FileTokenStore(
            DurableLog log, KeptRecords records, LocalLeases leases, InstantSource clock, List<String> weaknesses) {
        this.log = log;
        this.records = records;
        this.leases = leases;
        this.clock = clock;
        this.weaknesses = weaknesses;
    }

    /**
     * Reads what is there; blocks, so for the start only.
     *
     * @param directory made if need be
     * @throws IOException where it cannot be used, another process uses it, or a file was damaged; says which and where
     */
    public static FileTokenStore open(Path directory, InstantSource clock) throws IOException {
        var disk = DirectoryDisk.lock(directory, "records");
        return open(disk, clock, disk.weaknesses());
    }

    static FileTokenStore open(Disk disk, InstantSource clock, List<String> weaknesses) throws IOException {
        var records = new KeptRecords(clock);
        var log = DurableLog.open(disk, FILE, records);
        return new FileTokenStore(log, records, new LocalLeases(clock), clock, weaknesses);
    }

    @Override
    public Future<Optional<Sealed>> read(RecordName name) {
        return Future.succeededFuture(records.read(name));
    }

    @Override
    public Future<Sealed> write(Sealed record) {
        synchronized (pending) {
            var before = pending.get(record.name());
            if (before != null) {
                return before.transform(ended -> write(record));
            }
            var kept = records.read(record.name());
            return kept.isPresent() && kept.get().generation() >= record.generation()
                    ? Future.succeededFuture(kept.get())
                    : append(record.name(), KeptRecords.record(record)).map(record);
        }
    }

    /** To be called with the monitor of {@link #pending}; the end of the write waits for it. */
    private Future<Void> append(Object key, byte[] entry) {
        var written = log.append(entry).andThen(ended -> {
            synchronized (pending) {
                pending.remove(key);
            }
        });
        if (!written.isComplete()) {
            pending.put(key, written);
        }
        return written;
    }

    @Override
    public Future<Void> scan(Consumer<Sealed> each) {
        try {
            records.all().forEach(each);
            return Future.succeededFuture();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public Future<Optional<Lease>> lease(RecordName name, String owner, Duration life) {
        return run().map(number -> leases.take(name, owner, life, number));
    }

    /** The number of this run, on the disk before it gives its first lease, so that fences grow from run to run. */
    private Future<Long> run() {
        synchronized (pending) {
            var known = run;
            if (known == null || known.failed()) {
                long number = records.run() + 1;
                known = log.append(KeptRecords.run(number)).map(number);
                run = known;
            }
            return known;
        }
    }

    @Override
    public Future<Void> release(Lease lease) {
        leases.release(lease);
        return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> claim(String once, Duration life) {
        synchronized (pending) {
            var before = pending.get(once);
            if (before != null) {
                return before.transform(ended -> claim(once, life));
            }
            return records.isClaimed(once)
                    ? Future.succeededFuture(false)
                    : append(once, KeptRecords.claim(once, clock.instant().plus(life)))
                            .map(true);
        }
    }

    /** Nobody else writes here: there is never anything to tell. */
    @Override
    public Future<Changes> changes(Optional<String> cursor) {
        return Future.succeededFuture(new Changes(CURSOR, Set.of(), false));
    }

    @Override
    public Future<Set<String>> present(String replica, Duration life) {
        return Future.succeededFuture(leases.present(replica, life));
    }

    @Override
    public Future<List<String>> weaknesses() {
        return Future.succeededFuture(weaknesses);
    }

    @Override
    public Future<Void> close() {
        return log.close();
    }
}
