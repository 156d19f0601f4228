package io.ghlgateway.credentials;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Leases and presence within one process, in memory. Any thread. */
final class LocalLeases {

    private final InstantSource clock;
    private final Map<RecordName, Held> held = new HashMap<>();
    private final Map<String, Instant> present = new HashMap<>();
    private long given;

    LocalLeases(InstantSource clock) {
        this.clock = clock;
    }

    private record Held(Lease lease, Instant until) {}

    /** @param run of this process, greater than that of any before */
    synchronized Optional<Lease> take(RecordName name, String owner, Duration life, long run) {
        var now = clock.instant();
        var has = held.get(name);
        if (has != null && now.isBefore(has.until()) && !has.lease().owner().equals(owner)) {
            return Optional.empty();
        }
        var lease = new Lease(name, owner, (run << 32) + ++given);
        held.put(name, new Held(lease, now.plus(life)));
        return Optional.of(lease);
    }

    synchronized void release(Lease lease) {
        held.computeIfPresent(lease.name(), (name, has) -> has.lease().equals(lease) ? null : has);
    }

    synchronized Set<String> present(String replica, Duration life) {
        var now = clock.instant();
        present.put(replica, now.plus(life));
        present.values().removeIf(until -> !now.isBefore(until));
        return Set.copyOf(present.keySet());
    }
}
