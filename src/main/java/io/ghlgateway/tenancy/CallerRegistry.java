package io.ghlgateway.tenancy;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All callers, by their keys; they come and go while requests look them up. A caller is known by its name and may have
 * several keys, of which an old one runs out while a new one is handed round. Any thread; a look-up takes no lock.
 */
public final class CallerRegistry {

    private record Entry(Caller caller, CallerKey key) {}

    private record Known(Caller caller, Set<CallerKey> keys) {}

    private final InstantSource clock;
    private final ConcurrentMap<KeyHash, Entry> byKey = new ConcurrentHashMap<>();
    /** Guarded by this. */
    private final Map<String, Known> byName = new HashMap<>();

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
        var former = byName.put(caller.name(), new Known(caller, Set.copyOf(itsKeys)));
        itsKeys.forEach(key -> byKey.put(key.hash(), new Entry(caller, key)));
        if (former != null) {
            former.keys().stream()
                    .map(CallerKey::hash)
                    .filter(hash -> itsKeys.stream().noneMatch(key -> key.hash().equals(hash)))
                    .forEach(byKey::remove);
        }
    }

    /** Forgets the caller and its keys. */
    public synchronized void remove(String name) {
        var former = byName.remove(name);
        if (former != null) {
            former.keys().forEach(key -> byKey.remove(key.hash()));
        }
    }

    /** Of this name, whatever its keys. */
    public synchronized Optional<Caller> named(String name) {
        return Optional.ofNullable(byName.get(name)).map(Known::caller);
    }

    /** Of all callers, in order. */
    public synchronized Set<String> names() {
        return new TreeSet<>(byName.keySet());
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
