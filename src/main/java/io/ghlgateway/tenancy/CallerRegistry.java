package io.ghlgateway.tenancy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

    /** All of them at one moment: a look-up sees the callers as they were before a change, or as they are after it. */
    private record State(Map<KeyHash, Entry> byKey, Map<String, Known> byName) {}

    private final InstantSource clock;
    /** Replaced, never changed, under this object's lock. */
    private volatile State state = new State(Map.of(), Map.of());

    public CallerRegistry(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Adds the caller, in the place of one of the same name if there is one: keys that are not among these open nothing
     * any more.
     *
     * @throws IllegalArgumentException if a key is another caller's; nothing is changed then
     */
    public void put(Caller caller, Set<CallerKey> itsKeys) {
        replace(Set.of(), Map.of(caller, itsKeys));
    }

    /** Forgets the caller and its keys. */
    public void remove(String name) {
        replace(Set.of(name), Map.of());
    }

    /**
     * Forgets some callers and adds others, all at one moment.
     *
     * @throws IllegalArgumentException if two of those that there would be had a key in common; nothing is changed then
     */
    public synchronized void replace(Set<String> gone, Map<Caller, Set<CallerKey>> put) {
        var byName = new HashMap<>(state.byName());
        byName.keySet().removeAll(gone);
        put.forEach((caller, keys) -> byName.put(caller.name(), new Known(caller, Set.copyOf(keys))));
        var byKey = new HashMap<KeyHash, Entry>();
        for (var known : byName.values()) {
            for (var key : known.keys()) {
                var before = state.byKey().get(key.hash());
                var entry = new Entry(known.caller(), key, before == null ? new Use() : before.use());
                var other = byKey.put(key.hash(), entry);
                if (other != null) {
                    throw new IllegalArgumentException("a key of caller '"
                            + known.caller().name() + "' is that of caller '"
                            + other.caller().name() + "' too");
                }
            }
        }
        state = new State(byKey, byName);
    }

    /** Of this name, whatever its keys. */
    public Optional<Caller> named(String name) {
        return Optional.ofNullable(state.byName().get(name)).map(Known::caller);
    }

    /** Of all callers, in order. */
    public Set<String> names() {
        return new TreeSet<>(state.byName().keySet());
    }

    /** The name of the caller whose key this is, good or expired. */
    public Optional<String> owner(KeyHash key) {
        return Optional.ofNullable(state.byKey().get(key))
                .map(entry -> entry.caller().name());
    }

    /** Of the caller of this name; none if there is none. */
    public Set<CallerKey> keys(String name) {
        var known = state.byName().get(name);
        return known == null ? Set.of() : known.keys();
    }

    /** Whose key this is; empty if nobody's, or if it has expired. */
    public Optional<Caller> caller(KeyHash key) {
        var entry = state.byKey().get(key);
        if (entry == null || entry.key().expires().isPresent() && !entry.key().isGoodAt(clock.instant())) {
            return Optional.empty();
        }
        entry.use().at(clock.millis());
        return entry.found();
    }

    /** When this key, which somebody came with, ended; empty if it never was anybody's, or is good. */
    public Optional<Instant> ended(KeyHash key) {
        var entry = state.byKey().get(key);
        return entry == null
                ? Optional.empty()
                : entry.key().expires().filter(end -> !clock.instant().isBefore(end));
    }

    /** When the key last opened here, to the minute; empty if it has not since this process began. */
    public Optional<Instant> lastUsed(KeyHash key) {
        var entry = state.byKey().get(key);
        return entry == null || entry.use().last == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(entry.use().last));
    }
}
