package io.ghlgateway.tenancy;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All callers, by their keys; they come and go while requests look them up. A caller is known by its name and may have
 * several keys, of which an old one runs out while a new one is handed round. Any thread; a look-up takes no lock.
 */
public final class CallerRegistry {

    private record Entry(Caller caller, CallerKey key) {}

    private final InstantSource clock;
    private final ConcurrentMap<KeyHash, Entry> byKey = new ConcurrentHashMap<>();
    /** Guarded by this. */
    private final Map<String, Set<CallerKey>> keys = new HashMap<>();

    public CallerRegistry(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Adds the caller, in the place of one of the same name if there is one: keys that are not among these open nothing
     * any more.
     *
     * @throws IllegalArgumentException if a key is another caller's; nothing is changed then
     */
    public synchronized void put(Caller caller, Set<CallerKey> itsKeys) {
        for (var key : itsKeys) {
            var owner = byKey.get(key.hash());
            if (owner != null && !owner.caller().name().equals(caller.name())) {
                throw new IllegalArgumentException("a key of caller '" + caller.name() + "' is that of caller '"
                        + owner.caller().name() + "' too");
            }
        }
        var former = keys.put(caller.name(), Set.copyOf(itsKeys));
        itsKeys.forEach(key -> byKey.put(key.hash(), new Entry(caller, key)));
        if (former != null) {
            former.stream()
                    .map(CallerKey::hash)
                    .filter(hash -> itsKeys.stream().noneMatch(key -> key.hash().equals(hash)))
                    .forEach(byKey::remove);
        }
    }

    /** Forgets the caller and its keys. */
    public synchronized void remove(String name) {
        var former = keys.remove(name);
        if (former != null) {
            former.forEach(key -> byKey.remove(key.hash()));
        }
    }

    /** Whose key this is; empty if nobody's, or if it has expired. */
    public Optional<Caller> caller(KeyHash key) {
        var entry = byKey.get(key);
        return entry == null
                        || entry.key().expires().isPresent() && !entry.key().isGoodAt(clock.instant())
                ? Optional.empty()
                : Optional.of(entry.caller());
    }
}
