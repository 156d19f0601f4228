package io.ghlgateway.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The replicas that were last known to live, and which of them a record falls to when they cannot agree: the one with
 * the highest random weight for it (rendezvous hashing, Thaler and Ravishankar 1996). Any thread.
 */
public final class Members {

    private volatile Set<String> known = Set.of();

    void are(Set<String> replicas) {
        known = Set.copyOf(replicas);
    }

    /** @param self counted as a member, known or not */
    boolean isMine(RecordName name, String self) {
        return known.stream()
                .filter(other -> !other.equals(self))
                .max(Comparator.comparingLong((String other) -> weight(name, other))
                        .thenComparing(other -> other))
                .map(rival -> weight(name, rival) < weight(name, self)
                        || weight(name, rival) == weight(name, self) && rival.compareTo(self) < 0)
                .orElse(true);
    }

    private static long weight(RecordName name, String replica) {
        var hash = new CRC32();
        hash.update((replica + " " + name).getBytes(StandardCharsets.UTF_8));
        return hash.getValue();
    }
}
