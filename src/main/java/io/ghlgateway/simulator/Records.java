package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A record store for every path: what was created can be read, listed, changed and deleted, by the account that created
 * it. A record never heard of is made up on the spot, so that any GET can be tried; a deleted one is 404. Promises shape
 * (in HighLevel's spelling, {@code succeded}) and memory, not HighLevel's validation: no field is required. Bounded in records and bytes, the oldest go first. Owned
 * by the simulator's event loop.
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

    /** One collection of one account. */
    private record Shelf(String owner, String collection) {}

    private record Key(Shelf shelf, String id) {}

    /** @param record empty once deleted */
    private record Stored(Optional<JsonObject> record, int bytes) {}

    Answer answer(String method, String path, String owner, int limit, ReceivedBody body, Instant now) {
        RecordPath target = RecordPath.of(method, path);
        Shelf shelf = new Shelf(owner, target.collection());
        if (target.collection().isEmpty()) {
            return Answer.refusal(404, "Cannot " + method + " " + path);
        }
        boolean asks = method.equals("GET") || method.equals("HEAD") || target.isQuestion();
        if (!target.isItem()) {
            return asks ? list(target, shelf, limit) : change(method, target, shelf, body, now);
        }
        Key key = new Key(shelf, target.id());
        Stored known = stored.get(key);
        if (known != null && known.record().isEmpty()) {
            return Answer.refusal(404, target.singular() + " with id " + target.id() + " not found");
        }
        JsonObject record =
                known == null ? madeUp(target, owner) : known.record().get();
        if (asks) {
            return Answer.json(200, traced().put(target.singular(), record));
        }
        if (method.equals("DELETE")) {
            store(key, new Stored(Optional.empty(), 0));
            return Answer.json(200, traced().put("succeded", true));
        }
        JsonObject changed =
                record.copy().mergeIn(content(body)).put("id", target.id()).put("dateUpdated", now.toString());
        store(key, new Stored(Optional.of(changed), size(body)));
        return Answer.json(200, traced().put("succeded", true).put(target.singular(), changed));
    }

    void clear() {
        stored.clear();
        shelves.clear();
        bytes = 0;
    }

    private Answer change(String method, RecordPath target, Shelf shelf, ReceivedBody body, Instant now) {
        return method.equals("DELETE")
                ? Answer.json(200, traced().put("succeded", true)) // a whole collection is never deleted
                : create(target, shelf, body, now);
    }

    private Answer create(RecordPath target, Shelf shelf, ReceivedBody body, Instant now) {
        String id = newId();
        JsonObject record = content(body).put("id", id).put("dateAdded", now.toString());
        store(new Key(shelf, id), new Stored(Optional.of(record), size(body)));
        return Answer.json(201, traced().put(target.singular(), record));
    }

    private Answer list(RecordPath target, Shelf shelf, int limit) {
        Map<String, JsonObject> records = shelves.getOrDefault(shelf, Map.of());
        JsonArray page = new JsonArray(records.values().stream().limit(limit).collect(Collectors.toList()));
        return Answer.json(
                200,
                traced().put(target.plural(), page)
                        .put("total", records.size())
                        .put("meta", new JsonObject().put("total", records.size())));
    }

    private void store(Key key, Stored entry) {
        forget(key);
        stored.put(key, entry);
        bytes += entry.bytes();
        entry.record()
                .ifPresent(record -> shelves.computeIfAbsent(key.shelf(), shelf -> new LinkedHashMap<>())
                        .put(key.id(), record));
        while (stored.size() > MOST_RECORDS || bytes > MOST_BYTES) {
            forget(stored.keySet().iterator().next());
        }
    }

    private void forget(Key key) {
        Stored old = stored.remove(key);
        if (old == null) {
            return;
        }
        bytes -= old.bytes();
        Map<String, JsonObject> shelf = shelves.getOrDefault(key.shelf(), new HashMap<>());
        shelf.remove(key.id());
        if (shelf.isEmpty()) {
            shelves.remove(key.shelf());
        }
    }

    private static JsonObject madeUp(RecordPath target, String owner) {
        return new JsonObject()
                .put("id", target.id())
                .put("locationId", owner)
                .put("name", target.singular() + " " + target.id())
                .put("email", target.id() + "@example.com");
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

    private JsonObject traced() {
        return new JsonObject().put("traceId", new UUID(random.nextLong(), random.nextLong()).toString());
    }

    private String newId() {
        return random.ints(20, 0, ID_LETTERS.length())
                .mapToObj(letter -> String.valueOf(ID_LETTERS.charAt(letter)))
                .collect(Collectors.joining());
    }
}
