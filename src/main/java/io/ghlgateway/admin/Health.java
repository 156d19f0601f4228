package io.ghlgateway.admin;

import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;

/**
 * Whether this replica should get traffic. A lost Redis must not take every replica out of service at once, so it makes
 * the answer "degraded", not 503; only a first start that is not complete, and draining, do that. Any thread.
 */
public final class Health {

    private final BooleanSupplier degraded;
    private volatile boolean started;
    private volatile boolean draining;
    private volatile boolean closing;

    public Health(BooleanSupplier degraded) {
        this.degraded = degraded;
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
        return started ? report : report.put("reason", "Redis has not been reached yet; requests wait for it");
    }
}
