package io.ghlgateway.highlevel;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Reads JSON that somebody else wrote, and that need not be any. Pure. */
final class JsonText {

    private JsonText() {}

    /** Empty where it is anything but an object. */
    static Optional<JsonObject> object(Buffer text) {
        try {
            return Optional.of(new JsonObject(text));
        } catch (DecodeException | ClassCastException anythingElse) {
            return Optional.empty();
        }
    }
}
