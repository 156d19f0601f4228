package io.ghlgateway.simulator;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts the calls for tokens: in all, at the moment, and the most at any moment. Owned by the simulator's event loop. */
final class TokenTraffic {

    private long calls;
    private int inFlight;
    private int mostInFlight;

    /** One more has come, which ends with its answer or when its caller has gone. */
    void begin(HttpServerResponse response) {
        calls++;
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
        AtomicBoolean open = new AtomicBoolean(true); // either handler may be called, or both
        response.endHandler(answered -> end(open)).closeHandler(gone -> end(open));
    }

    private void end(AtomicBoolean open) {
        if (open.getAndSet(false)) {
            inFlight--;
        }
    }

    void reset() {
        calls = 0;
        mostInFlight = inFlight;
    }

    JsonObject toJson() {
        return new JsonObject().put("calls", calls).put("inFlight", inFlight).put("mostInFlight", mostInFlight);
    }
}
