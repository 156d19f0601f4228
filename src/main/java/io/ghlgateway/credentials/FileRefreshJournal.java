package io.ghlgateway.credentials;

import io.ghlgateway.disk.DirectoryDisk;
import io.ghlgateway.disk.Disk;
import io.ghlgateway.disk.DurableLog;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as a file of a directory that no other gateway may use for its own. Futures complete on the thread that
 * writes it.
 */
public final class FileRefreshJournal implements RefreshJournal {

    private static final Logger LOG = LoggerFactory.getLogger(FileRefreshJournal.class);

    /** Where the renewals are, in its directory. */
    public static final String FILE = "renewals.log";

    private static final int UUID_LENGTH = 36;
    private static final Path NAME = Path.of("replica");

    private final String owner;
    private final DurableLog log;
    private final InstantSource clock;
    private final Unfinished unfinished;
    private final List<String> weaknesses;

    private FileRefreshJournal(
            String owner, DurableLog log, InstantSource clock, Unfinished unfinished, List<String> weaknesses) {
        this.owner = owner;
        this.log = log;
        this.clock = clock;
        this.unfinished = unfinished;
        this.weaknesses = List.copyOf(weaknesses);
    }

    /**
     * Reads what an earlier run left; blocks, so for the start only.
     *
     * @param directory made if need be; may be that of a {@link FileTokenStore}
     * @throws IOException where it cannot be used, another process uses it, or a file was damaged; says which and where
     */
    public static FileRefreshJournal open(Path directory, InstantSource clock) throws IOException {
        var disk = DirectoryDisk.lock(directory, "renewals");
        try {
            return open(disk, clock, owner(directory.resolve(NAME)), disk.weaknesses());
        } catch (IOException e) {
            disk.close(); // or the next try finds it taken
            throw e;
        }
    }

    /** The name that the first start in this directory made up. One that a crash cut short is replaced: nobody knows it yet. */
    private static String owner(Path file) throws IOException {
        if (Files.exists(file)) {
            var kept = Files.readString(file).strip();
            if (kept.length() == UUID_LENGTH) {
                return kept;
            }
        }
        var made = UUID.randomUUID().toString();
        Files.writeString(file, made);
        return made;
    }

    static FileRefreshJournal open(Disk disk, InstantSource clock, String owner, List<String> weaknesses)
            throws IOException {
        var renewals = new KeptRenewals(clock);
        var log = DurableLog.open(disk, FILE, renewals);
        return new FileRefreshJournal(owner, log, clock, renewals.unfinished(), weaknesses);
    }

    /** What makes its place less durable than it looks. */
    public List<String> weaknesses() {
        return weaknesses;
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public Future<Void> intend(Intent intent) {
        return log.append(KeptRenewals.intent(intent));
    }

    @Override
    public Future<Void> result(Sealed record) {
        return log.append(KeptRenewals.result(record, clock.instant()));
    }

    @Override
    public void settled(RecordName name, long generation) {
        log.append(KeptRenewals.settled(name, generation)).onFailure(e -> warn(name, e));
    }

    @Override
    public void abandoned(RecordName name, long generation) {
        log.append(KeptRenewals.abandoned(name, generation)).onFailure(e -> warn(name, e));
    }

    private static void warn(RecordName name, Throwable failure) {
        LOG.warn("the journal could not note that a renewal of {} is over: {}", name, failure.toString());
    }

    @Override
    public Unfinished unfinished() {
        return unfinished;
    }

    @Override
    public Future<Void> close() {
        return log.close();
    }
}
