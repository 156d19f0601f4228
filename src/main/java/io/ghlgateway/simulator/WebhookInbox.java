package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A subscriber that takes deliveries, or fails to, and counts them. Owned by the simulator's event loop. */
final class WebhookInbox {

    private final WebhookEmitter emitter;
    private final RandomGenerator random;
    private final Map<String, Integer> taken = new HashMap<>();
    private double fails;
    private long refused;

    WebhookInbox(WebhookEmitter emitter, RandomGenerator random) {
        this.emitter = emitter;
        this.random = random;
    }

    /** @param share of the deliveries that fail from now on */
    JsonObject failing(double share) {
        fails = share;
        return state();
    }

    /** @return the status to answer with */
    int deliver(String id) {
        if (random.nextDouble() < fails) {
            refused++;
            return 503;
        }
        taken.merge(id, 1, Integer::sum);
        return 200;
    }

    JsonObject state() {
        long foreign =
                taken.keySet().stream().filter(id -> !emitter.isGenuine(id)).count();
        return new JsonObject()
                .put(
                        "taken",
                        taken.values().stream().mapToInt(Integer::intValue).sum())
                .put("distinct", taken.size())
                .put("twice", taken.values().stream().filter(times -> times > 1).count())
                .put("refused", refused)
                .put("forged", foreign)
                .put("missing", emitter.genuineCount() - (taken.size() - foreign));
    }
}
