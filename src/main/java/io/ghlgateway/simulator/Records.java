package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Records under every path: what was created can be read, listed, changed and deleted, by the account that created it. A
 * record never heard of is made up on the spot, so that any GET can be tried; a deleted one is 404. Promises shape (in
 * HighLevel's spelling, {@code succeded}) and memory, not HighLevel's validation: no field is required. Owned by the
 * simulator's event loop.
 */
final class Records {

    private final RecordStore store;
    private final Messages messages;
    private final ContactTags tags;
    private final FreeSlots freeSlots;

    Records(RandomGenerator random) {
        store = new RecordStore(random);
        messages = new Messages(store);
        tags = new ContactTags(store);
        freeSlots = new FreeSlots(store);
    }

    Answer answer(Errand errand) {
        Function<Errand, Answer> doing = switch (errand.operation()) {
            case "POST conversations/messages" -> messages::send;
            case "POST conversations/messages/inbound" -> messages::inbound;
            case "POST conversations/messages/outbound" -> messages::outbound;
            case "POST contacts/{}/tags" -> tags::add;
            case "DELETE contacts/{}/tags" -> tags::remove;
            case "GET calendars/{}/free-slots" -> freeSlots::list;
            default -> this::usual;
        };
        return doing.apply(errand);
    }

    void clear() {
        store.clear();
    }

    private Answer usual(Errand errand) {
        RecordPath target = errand.target();
        if (target.isItem()) {
            return item(errand, errand.shelf().key(target.id()));
        }
        if (errand.asks()) {
            return list(errand);
        }
        return errand.method().equals("POST") || target.isUpsert()
                ? create(errand)
                : errand.voice().json(200, done(errand)); // a whole collection is never deleted
    }

    private Answer item(Errand errand, RecordStore.Key key) {
        RecordPath target = errand.target();
        if (store.isDeleted(key)) {
            return errand.voice().missing(target.singular(), target.id());
        }
        JsonObject record =
                store.find(key).orElseGet(() -> MadeUp.record(target.singular(), target.id(), errand.owner()));
        if (errand.asks()) {
            return errand.voice().json(200, named(errand.shape().one(), record)).with("ETag", tag(record));
        }
        if (errand.method().equals("DELETE")) {
            store.delete(key);
            return errand.voice().json(200, done(errand));
        }
        JsonObject changed = record.copy()
                .mergeIn(errand.content())
                .put("id", target.id())
                .put("dateUpdated", errand.now().toString());
        store.keep(key, changed);
        return errand.voice().json(200, changed(errand, changed));
    }

    private Answer create(Errand errand) {
        String id = store.newId();
        JsonObject record =
                errand.content().put("id", id).put("dateAdded", errand.now().toString());
        store.keep(errand.shelf().key(id), record);
        Shape shape = errand.shape();
        JsonObject answer = shape.confirms() == Shape.Confirms.ALL ? done(errand) : new JsonObject();
        if (errand.target().isUpsert()) {
            answer.put("new", true);
        }
        return errand.voice().json(201, answer.mergeIn(named(shape.written(), record)));
    }

    private Answer list(Errand errand) {
        List<JsonObject> kept = store.all(errand.shelf());
        List<JsonObject> records = kept.isEmpty() && errand.shape().standing()
                ? List.of(MadeUp.standing(errand.target().singular(), errand.owner()))
                : Selection.of(errand).from(kept);
        return errand.voice().json(200, Listing.of(errand, records).toJson());
    }

    private static JsonObject changed(Errand errand, JsonObject record) {
        Shape shape = errand.shape();
        if (!errand.target().verb().isEmpty()) {
            return done(errand);
        }
        JsonObject confirmed = shape.confirms() == Shape.Confirms.DELETIONS ? new JsonObject() : done(errand);
        return confirmed.mergeIn(named(shape.written(), record));
    }

    private static JsonObject done(Errand errand) {
        return new JsonObject().put(errand.shape().done(), true);
    }

    private static JsonObject named(String name, JsonObject record) {
        return name.isEmpty() ? record.copy() : new JsonObject(Map.of(name, record));
    }

    /** Weak, for the trace around the record is another one each time. */
    private static String tag(JsonObject record) {
        return "W/\"" + Integer.toHexString(record.encode().hashCode()) + "\"";
    }
}
