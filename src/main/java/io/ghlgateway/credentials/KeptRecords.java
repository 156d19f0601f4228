package io.ghlgateway.credentials;

import io.ghlgateway.disk.DurableLog;
import io.ghlgateway.disk.LogEntry;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What the entries of {@link FileTokenStore} add up to. Written by one thread, read by any. */
final class KeptRecords implements DurableLog.Contents {

    private static final int RECORD = 1;
    private static final int CLAIM = 2;
    private static final int RUN = 3;

    private final InstantSource clock;
    private final Map<RecordName, Sealed> records = new ConcurrentHashMap<>();
    private final Map<String, Instant> claims = new ConcurrentHashMap<>(); // to when they hold
    private volatile long run;

    KeptRecords(InstantSource clock) {
        this.clock = clock;
    }

    static byte[] record(Sealed sealed) {
        return LogEntry.of(RECORD, out -> EntryBytes.sealed(out, sealed));
    }

    static byte[] claim(String once, Instant until) {
        return LogEntry.of(CLAIM, out -> {
            EntryBytes.text(out, once);
            out.writeLong(until.toEpochMilli());
        });
    }

    /** A run of the gateway that gives leases. */
    static byte[] run(long number) {
        return LogEntry.of(RUN, out -> out.writeLong(number));
    }

    Optional<Sealed> read(RecordName name) {
        return Optional.ofNullable(records.get(name));
    }

    Collection<Sealed> all() {
        return records.values();
    }

    boolean isClaimed(String once) {
        var until = claims.get(once);
        return until != null && clock.instant().isBefore(until);
    }

    /** The greatest number of a run so far. */
    long run() {
        return run;
    }

    @Override
    public void add(byte[] entry) {
        LogEntry.read(entry, this::add);
    }

    private void add(int type, DataInputStream in) throws IOException {
        switch (type) {
            case RECORD -> {
                var sealed = EntryBytes.sealed(in);
                records.put(sealed.name(), sealed);
            }
            case CLAIM -> claims.put(EntryBytes.text(in), Instant.ofEpochMilli(in.readLong()));
            case RUN -> run = in.readLong();
            default -> throw LogEntry.unknown(type);
        }
    }

    @Override
    public Stream<byte[]> entries() {
        claims.values().removeIf(until -> !clock.instant().isBefore(until));
        var others = Stream.concat(
                Stream.of(run(run)), claims.entrySet().stream().map(claim -> claim(claim.getKey(), claim.getValue())));
        return Stream.concat(others, records.values().stream().map(KeptRecords::record));
    }
}
