package io.ghlgateway.credentials;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The replicas that were last known to live, and which of them a record falls to when they cannot agree: the one with
 * the highest random weight for it (rendezvous hashing, Thaler and Ravishankar 1996). Any thread.
 */
public final class Members {

    /** For about five seconds: who renewed something alone has found the store by then, and shared it. */
    private static final int LOOKS_TO_SHARE = (int) (Duration.ofSeconds(5).toMillis() / Upkeep.LOOK_EVERY.toMillis());

    private volatile Set<String> known = Set.of();
    private final AtomicInteger looksToShare = new AtomicInteger();

    void are(Set<String> replicas) {
        known = Set.copyOf(replicas);
    }

    /** Those that were last known. */
    public Set<String> known() {
        return known;
    }

    /** Told after each look at the store. */
    void looked(boolean found) {
        looksToShare.updateAndGet(left -> found ? Math.max(0, left - 1) : LOOKS_TO_SHARE);
    }

    /** Whether the store was away a moment ago, so that it may not know yet what one of us did without it. */
    boolean isCatchingUp() {
        return looksToShare.get() > 0;
    }

    /** @param self counted as a member, known or not */
    public boolean isMine(RecordName name, String self) {
        return Stream.concat(known.stream(), Stream.of(self))
                .max(Comparator.comparingLong((String replica) -> weight(name, replica))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(self::equals)
                .isPresent();
    }

    private static long weight(RecordName name, String replica) {
        var hash = new CRC32();
        hash.update((replica + " " + name).getBytes(StandardCharsets.UTF_8));
        return hash.getValue();
    }
}
