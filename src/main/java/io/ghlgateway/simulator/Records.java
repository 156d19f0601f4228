package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A record store for every path: what was created can be read, listed, changed and deleted, by the account that created
 * it. A record never heard of is made up on the spot, so that any GET can be tried; a deleted one is 404. Promises shape
 * (in HighLevel's spelling, {@code succeded}) and memory, not HighLevel's validation: no field is required. Bounded in
 * records and bytes, the oldest go first. Owned by the simulator's event loop.
 */
final class Records {

    private static final int MOST_RECORDS = 10_000;
    private static final long MOST_BYTES = 64L << 20;
    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final RandomGenerator random;
    private final Map<Key, Stored> stored = new LinkedHashMap<>();
    private final Map<Shelf, Map<String, JsonObject>> shelves = new HashMap<>();
    private long bytes;

    Records(RandomGenerator random) {
        this.random = random;
    }

    /**
     * What is asked of the store.
     *
     * @param owner whose records are meant
     * @param url of the call, without its query
     */
    record Errand(
            String method,
            String url,
            RecordPath target,
            String owner,
            Paging paging,
            ReceivedBody body,
            Instant now,
            Voice voice) {

        boolean asks() {
            return method.equals("GET") || method.equals("HEAD") || target.isQuestion();
        }

        Shape shape() {
            return Shape.of(target);
        }
    }

    /** One collection of one account. */
    private record Shelf(String owner, String collection) {}

    private record Key(Shelf shelf, String id) {}

    /** @param record empty once deleted */
    private record Stored(Optional<JsonObject> record, int bytes) {}

    Answer answer(Errand errand) {
        RecordPath target = errand.target();
        Shelf shelf = new Shelf(errand.owner(), target.collection());
        if (target.isItem()) {
            return item(errand, new Key(shelf, target.id()));
        }
        if (errand.asks()) {
            return list(errand, shelf);
        }
        return errand.method().equals("POST") || target.isUpsert()
                ? create(errand, shelf)
                : errand.voice().json(200, done(errand)); // a whole collection is never deleted
    }

    void clear() {
        stored.clear();
        shelves.clear();
        bytes = 0;
    }

    private Answer item(Errand errand, Key key) {
        RecordPath target = errand.target();
        Stored known = stored.get(key);
        if (known != null && known.record().isEmpty()) {
            return errand.voice().refusal(404, target.singular() + " with id " + target.id() + " not found");
        }
        JsonObject record = known == null
                ? MadeUp.record(target.singular(), target.id(), errand.owner())
                : known.record().get();
        if (errand.asks()) {
            return errand.voice().json(200, named(errand, record)).with("ETag", tag(record));
        }
        if (errand.method().equals("DELETE")) {
            store(key, new Stored(Optional.empty(), 0));
            return errand.voice().json(200, done(errand));
        }
        JsonObject changed = record.copy()
                .mergeIn(content(errand.body()))
                .put("id", target.id())
                .put("dateUpdated", errand.now().toString());
        store(key, new Stored(Optional.of(changed), size(errand.body())));
        JsonObject answer = target.verb().isEmpty() ? done(errand).mergeIn(named(errand, changed)) : done(errand);
        return errand.voice().json(200, answer);
    }

    private Answer create(Errand errand, Shelf shelf) {
        String id = newId();
        JsonObject record = content(errand.body())
                .put("id", id)
                .put("dateAdded", errand.now().toString());
        store(new Key(shelf, id), new Stored(Optional.of(record), size(errand.body())));
        JsonObject answer = named(errand, record);
        return errand.voice()
                .json(
                        201,
                        errand.target().isUpsert()
                                ? new JsonObject().put("new", true).mergeIn(answer)
                                : answer);
    }

    private Answer list(Errand errand, Shelf shelf) {
        Map<String, JsonObject> kept = shelves.getOrDefault(shelf, Map.of());
        List<JsonObject> records = kept.isEmpty() && errand.shape().standing()
                ? List.of(MadeUp.standing(errand.target().singular(), errand.owner()))
                : List.copyOf(kept.values());
        return errand.voice().json(200, Listing.of(errand, records).toJson());
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

    private static JsonObject done(Errand errand) {
        return new JsonObject().put(errand.shape().done(), true);
    }

    private static JsonObject named(Errand errand, JsonObject record) {
        String name = errand.shape().one();
        return name.isEmpty() ? record.copy() : new JsonObject().put(name, record);
    }

    /** Weak, for the trace around the record is another one each time. */
    private static String tag(JsonObject record) {
        return "W/\"" + Integer.toHexString(record.encode().hashCode()) + "\"";
    }

    private static JsonObject content(ReceivedBody body) {
        if (body.kept().isEmpty()) {
            return new JsonObject().put("bytes", body.bytes()).put("sha256", body.sha256());
        }
        return body.json().map(JsonObject::copy).orElseGet(JsonObject::new);
    }

    private static int size(ReceivedBody body) {
        return (int) Math.min(body.bytes(), ReceivedBody.KEPT);
    }

    private String newId() {
        return random.ints(20, 0, ID_LETTERS.length())
                .mapToObj(letter -> String.valueOf(ID_LETTERS.charAt(letter)))
                .collect(Collectors.joining());
    }
}
