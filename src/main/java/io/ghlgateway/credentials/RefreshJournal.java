package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * This replica's write-ahead log of renewals: what it was about to do with a single-use token, and what came of it. What
 * it has confirmed survives a crash and a power cut. Any thread; futures complete on any thread and in the order of the
 * calls; never throws.
 */
public interface RefreshJournal {

    /**
     * A refresh token is about to be used up.
     *
     * @param generation of the record it stands in
     * @param tokenHash SHA-256 of the refresh token
     * @param begun by the wall clock
     */
    record Intent(RecordName name, long generation, byte[] tokenHash, long fence, Instant begun) {}

    /** This replica's name at leases: the same after a restart, so that what it left undone it may go on with at once. */
    String owner();

    /** Completes when the intent is on the disk. A renewal that cannot write its intent must not begin. */
    Future<Void> intend(Intent intent);

    /** Completes when the record is on the disk; only then may its token be used. It ends the intent before it. */
    Future<Void> result(Sealed record);

    /** The store has this record or a later one: a start need not write it there again. Makes no haste. */
    void settled(RecordName name, long generation);

    /** The intent came to nothing that had to be kept. Makes no haste. */
    void abandoned(RecordName name, long generation);

    /** What an earlier run left unfinished, read once at the start. */
    Unfinished unfinished();

    Future<Void> close();

    /**
     * @param results the latest result of each record that this replica renewed within the last days, also those that
     *     were settled: a store that was rolled back may lack them
     * @param intents those without a result
     */
    record Unfinished(List<Sealed> results, List<Intent> intents) {
        public Unfinished {
            results = List.copyOf(results);
            intents = List.copyOf(intents);
        }
    }
}
