package io.ghlgateway.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether this replica should get traffic. A lost Redis must not take every replica out of service at once, so it makes
 * the answer "degraded", not 503; only a start that is not complete, and draining, do that. Any thread.
 */
public final class Health {

    private final BooleanSupplier degraded;
    private final Supplier<List<String>> weaknesses;
    private volatile boolean started;
    private volatile boolean draining;
    private volatile boolean closing;

    /**
     * @param degraded whether the shared budgets cannot be used
     * @param weaknesses what should be otherwise though all works, a sentence each
     */
    public Health(BooleanSupplier degraded, Supplier<List<String>> weaknesses) {
        this.degraded = degraded;
        this.weaknesses = weaknesses;
    }

    public void started() {
        started = true;
    }

    public void draining() {
        draining = true;
    }

    /** From now on new requests are refused. */
    public void closing() {
        closing = true;
    }

    public boolean isClosing() {
        return closing;
    }

    boolean isReady() {
        return started && !draining;
    }

    JsonObject report() {
        var status = !started ? "starting" : draining ? "draining" : degraded.getAsBoolean() ? "degraded" : "ok";
        var report = new JsonObject().put("status", status);
        var weak = weaknesses.get();
        if (!weak.isEmpty()) {
            report.put("warnings", new JsonArray(weak));
        }
        return started
                ? report
                : report.put(
                        "reason", "not all doors are open yet, or Redis has not been reached; requests wait for it");
    }
}
