package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * What is asked of the records.
 *
 * @param owner whose records are meant
 * @param url of the call, without its query
 */
record Errand(
        String method,
        String url,
        MultiMap query,
        RecordPath target,
        String owner,
        Paging paging,
        ReceivedBody body,
        Instant now,
        Voice voice) {

    /** Whether nothing is to change. */
    boolean asks() {
        return reads() || target.isQuestion();
    }

    /** Method and collection, as the published table would name them: {@code POST contacts/{}/tags}. */
    String operation() {
        return (reads() ? "GET" : method) + " " + target.form();
    }

    Shape shape() {
        return Shape.of(target);
    }

    /** Where the records that are meant are kept, which other paths may share. */
    RecordStore.Shelf shelf() {
        String shared = shape().shelf();
        return shelf(shared.isEmpty() ? target.collection() : shared);
    }

    RecordStore.Shelf shelf(String collection) {
        return new RecordStore.Shelf(owner, collection);
    }

    /** The body's fields; of a body too large to keep its size and hash. */
    JsonObject content() {
        if (body.kept().isEmpty()) {
            return new JsonObject().put("bytes", body.bytes()).put("sha256", body.sha256());
        }
        return body.json().map(JsonObject::copy).orElseGet(JsonObject::new);
    }

    private boolean reads() {
        return method.equals("GET") || method.equals("HEAD");
    }
}
