package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Every account's records, by the collection they belong to and in the order of their creation. Knows of a deleted record
 * that it was there. Bounded in records and bytes, the oldest go first. Owned by the simulator's event loop.
 */
final class RecordStore {

    private static final int MOST_RECORDS = 10_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final RandomGenerator random;
    private final Map<Key, Stored> stored = new LinkedHashMap<>();
    private final Map<Shelf, Map<String, JsonObject>> shelves = new HashMap<>();
    private long bytes;

    RecordStore(RandomGenerator random) {
        this.random = random;
    }

    /** One collection of one account. */
    record Shelf(String owner, String collection) {

        Key key(String id) {
            return new Key(this, id);
        }
    }

    record Key(Shelf shelf, String id) {}

    /** @param record empty once deleted */
    private record Stored(Optional<JsonObject> record, int bytes) {}

    /** Empty for one that is deleted or was never heard of. */
    Optional<JsonObject> find(Key key) {
        return Optional.ofNullable(stored.get(key)).flatMap(Stored::record);
    }

    boolean isDeleted(Key key) {
        Stored known = stored.get(key);
        return known != null && known.record().isEmpty();
    }

    List<JsonObject> all(Shelf shelf) {
        return List.copyOf(shelves.getOrDefault(shelf, Map.of()).values());
    }

    /** Takes the place of what was kept there; the record must not be changed any more. */
    void keep(Key key, JsonObject record) {
        store(key, new Stored(Optional.of(record), record.toBuffer().length()));
    }

    void delete(Key key) {
        store(key, new Stored(Optional.empty(), 0));
    }

    void clear() {
        stored.clear();
        shelves.clear();
        bytes = 0;
    }

    /** One that HighLevel could have given. */
    String newId() {
        return random.ints(20, 0, ID_LETTERS.length())
                .mapToObj(letter -> String.valueOf(ID_LETTERS.charAt(letter)))
                .collect(Collectors.joining());
    }

    private void store(Key key, Stored entry) {
        forget(key, entry.record().isEmpty());
        stored.put(key, entry);
        bytes += entry.bytes();
        entry.record()
                .ifPresent(record -> shelves.computeIfAbsent(key.shelf(), shelf -> new LinkedHashMap<>())
                        .put(key.id(), record));
        while (stored.size() > MOST_RECORDS || bytes > MOST_BYTES) {
            forget(stored.keySet().iterator().next(), true);
        }
    }

    /** @param leaves whether its place on the shelf goes too; a record that is changed keeps it */
    private void forget(Key key, boolean leaves) {
        Stored old = stored.remove(key);
        if (old == null) {
            return;
        }
        bytes -= old.bytes();
        Map<String, JsonObject> shelf = shelves.getOrDefault(key.shelf(), new HashMap<>());
        if (leaves) {
            shelf.remove(key.id());
        }
        if (shelf.isEmpty()) {
            shelves.remove(key.shelf());
        }
    }
}
