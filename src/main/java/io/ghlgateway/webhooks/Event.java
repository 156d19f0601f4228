package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;

/**
 * A webhook that was verified.
 *
 * @param app whose door it came to
 * @param id the same for each time HighLevel sends it, and for each time it is delivered
 * @param type as HighLevel calls it; empty where the body does not say
 * @param resource the location or company it is about, where that can be told
 * @param received when it was accepted first
 * @param body as it came; nobody may change it
 */
public record Event(App app, String id, String type, Optional<Resource> resource, Instant received, Buffer body) {

    /** What makes it one and the same, over all replicas and deliveries. */
    String key() {
        return app + "/" + id;
    }

    /** Without the body, which holds customers' data. */
    @Override
    public String toString() {
        return "Event[" + app + " " + type + " " + id + "]";
    }
}
