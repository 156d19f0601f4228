package io.ghlgateway.credentials;

import io.ghlgateway.disk.DurableLog;
import io.ghlgateway.disk.LogEntry;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the entries of {@link FileRefreshJournal} add up to. One thread at a time. */
final class KeptRenewals implements DurableLog.Contents {

    /** For so long a settled result is kept: a store that is set back to an old copy gets it again from here. */
    static final Duration MEMORY = Duration.ofDays(7);

    private static final int INTENT = 1;
    private static final int RESULT = 2;
    private static final int SETTLED = 3;
    private static final int ABANDONED = 4;

    private final InstantSource clock;
    private final Map<RecordName, RefreshJournal.Intent> intents = new HashMap<>();
    private final Map<RecordName, Result> results = new HashMap<>();

    KeptRenewals(InstantSource clock) {
        this.clock = clock;
    }

    private record Result(Sealed record, Instant at, boolean settled) {}

    static byte[] intent(RefreshJournal.Intent intent) {
        return LogEntry.of(INTENT, out -> {
            EntryBytes.name(out, intent.name());
            out.writeLong(intent.generation());
            EntryBytes.bytes(out, intent.tokenHash());
            out.writeLong(intent.fence());
            out.writeLong(intent.begun().toEpochMilli());
        });
    }

    static byte[] result(Sealed record, Instant at) {
        return LogEntry.of(RESULT, out -> {
            EntryBytes.sealed(out, record);
            out.writeLong(at.toEpochMilli());
        });
    }

    static byte[] settled(RecordName name, long generation) {
        return ending(SETTLED, name, generation);
    }

    static byte[] abandoned(RecordName name, long generation) {
        return ending(ABANDONED, name, generation);
    }

    private static byte[] ending(int type, RecordName name, long generation) {
        return LogEntry.of(type, out -> {
            EntryBytes.name(out, name);
            out.writeLong(generation);
        });
    }

    RefreshJournal.Unfinished unfinished() {
        forgetOld();
        return new RefreshJournal.Unfinished(
                results.values().stream().map(Result::record).toList(),
                intents.values().stream().toList());
    }

    @Override
    public void add(byte[] entry) {
        LogEntry.read(entry, this::add);
    }

    private void add(int type, DataInputStream in) throws IOException {
        switch (type) {
            case INTENT -> {
                var intent = new RefreshJournal.Intent(
                        EntryBytes.name(in),
                        in.readLong(),
                        EntryBytes.bytes(in),
                        in.readLong(),
                        Instant.ofEpochMilli(in.readLong()));
                intents.put(intent.name(), intent);
            }
            case RESULT -> add(new Result(EntryBytes.sealed(in), Instant.ofEpochMilli(in.readLong()), false));
            case SETTLED -> settle(EntryBytes.name(in), in.readLong());
            case ABANDONED -> endIntents(EntryBytes.name(in), in.readLong());
            default -> throw LogEntry.unknown(type);
        }
    }

    private void add(Result result) {
        var name = result.record().name();
        long generation = result.record().generation();
        results.merge(name, result, (before, now) -> before.record().generation() > generation ? before : now);
        endIntents(name, generation - 1);
    }

    private void settle(RecordName name, long generation) {
        results.computeIfPresent(
                name,
                (same, result) -> result.record().generation() <= generation
                        ? new Result(result.record(), result.at(), true)
                        : result);
        endIntents(name, generation - 1);
    }

    /** Those of this generation and below. */
    private void endIntents(RecordName name, long generation) {
        intents.computeIfPresent(name, (same, intent) -> intent.generation() <= generation ? null : intent);
    }

    private void forgetOld() {
        var oldest = clock.instant().minus(MEMORY);
        results.values().removeIf(result -> result.settled() && result.at().isBefore(oldest));
    }

    @Override
    public Stream<byte[]> entries() {
        forgetOld();
        return Stream.concat(
                results.values().stream().flatMap(KeptRenewals::entries),
                intents.values().stream().map(KeptRenewals::intent));
    }

    private static Stream<byte[]> entries(Result result) {
        var record = result.record();
        var whole = Stream.of(result(record, result.at()));
        return result.settled() ? Stream.concat(whole, Stream.of(settled(record.name(), record.generation()))) : whole;
    }
}
