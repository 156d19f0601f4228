package io.ghlgateway.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * What the console shows of one moment: a value, made once and sent to all who watch. Holds no secret.
 *
 * @param event a server-sent event (WHATWG HTML, 9.2), encoded by who makes it, so that no event loop has to
 */
public record Snapshot(Buffer event) {

    static Snapshot of(JsonObject json) {
        return new Snapshot(event("snapshot", json));
    }

    static Buffer event(String name, JsonObject json) {
        return Buffer.buffer("event: " + name + "\ndata: ")
                .appendBuffer(json.toBuffer())
                .appendString("\n\n");
    }
}
