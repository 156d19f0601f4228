package io.ghlgateway.tenancy;

import java.time.Instant;
import java.time.InstantSource;
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

    /** @param found the caller, as a look-up gives it */
    private record Entry(Caller caller, CallerKey key, Use use, Optional<Caller> found) {

        Entry(Caller caller, CallerKey key, Use use) {
            this(caller, key, use, Optional.of(caller));
        }
    }

    /** When a key opened last, to the minute: what every event loop writes to, none can keep in its cache. */
    private static final class Use {

        private static final long RESOLUTION_MILLIS = 60_000;

        /** Milliseconds since the epoch; 0: never. Written by any thread, the last of them within a minute. */
        private volatile long last;

        void at(long now) {
            if (now - last >= RESOLUTION_MILLIS) {
                last = now;
            }
        }
    }

    private record Known(Caller caller, Set<CallerKey> keys) {}

    private final InstantSource clock;
    private final ConcurrentMap<KeyHash, Entry> byKey = new ConcurrentHashMap<>();
    /** Written under this object's lock. */
    private final ConcurrentMap<String, Known> byName = new ConcurrentHashMap<>();

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
        itsKeys.forEach(key -> byKey.merge(
                key.hash(), new Entry(caller, key, new Use()), (before, now) -> new Entry(caller, key, before.use())));
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
    public Optional<Caller> named(String name) {
        return Optional.ofNullable(byName.get(name)).map(Known::caller);
    }

    /** Of all callers, in order. */
    public Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /** Of the caller of this name; none if there is none. */
    public Set<CallerKey> keys(String name) {
        var known = byName.get(name);
        return known == null ? Set.of() : known.keys();
    }

    /** Whose key this is; empty if nobody's, or if it has expired. */
    public Optional<Caller> caller(KeyHash key) {
        var entry = byKey.get(key);
        if (entry == null || entry.key().expires().isPresent() && !entry.key().isGoodAt(clock.instant())) {
            return Optional.empty();
        }
        entry.use().at(clock.millis());
        return entry.found();
    }

    /** When this key, which somebody came with, ended; empty if it never was anybody's, or is good. */
    public Optional<Instant> ended(KeyHash key) {
        var entry = byKey.get(key);
        return entry == null
                ? Optional.empty()
                : entry.key().expires().filter(end -> !clock.instant().isBefore(end));
    }

    /** When the key last opened here, to the minute; empty if it has not since this process began. */
    public Optional<Instant> lastUsed(KeyHash key) {
        var entry = byKey.get(key);
        return entry == null || entry.use().last == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(entry.use().last));
    }
}
