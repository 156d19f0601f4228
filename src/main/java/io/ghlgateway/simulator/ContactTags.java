package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/** The tags of a contact, which are changed by themselves but stand in its record. */
final class ContactTags {

    private static final String TAGS = "tags";

    private final RecordStore store;

    ContactTags(RecordStore store) {
        this.store = store;
    }

    Answer add(Errand errand) {
        return change(errand, 201, Set::addAll);
    }

    Answer remove(Errand errand) {
        return change(errand, 200, Set::removeAll);
    }

    private Answer change(Errand errand, int status, BiConsumer<Set<Object>, Set<Object>> change) {
        String id = errand.target().parent();
        RecordStore.Key key = errand.shelf("contacts").key(id);
        if (store.isDeleted(key)) {
            return errand.voice().missing("contact", id);
        }
        JsonObject contact = store.find(key).orElseGet(() -> MadeUp.record("contact", id, errand.owner()));
        Set<Object> tags = tags(contact);
        change.accept(tags, tags(errand.content()));
        JsonArray changed = new JsonArray();
        tags.forEach(changed::add);
        store.keep(
                key,
                contact.copy()
                        .put(TAGS, changed)
                        .put("dateUpdated", errand.now().toString()));
        return errand.voice().json(status, new JsonObject().put(TAGS, changed));
    }

    private static Set<Object> tags(JsonObject record) {
        Set<Object> tags = new LinkedHashSet<>();
        if (record.getValue(TAGS) instanceof JsonArray array) {
            array.forEach(tags::add);
        }
        return tags;
    }
}
