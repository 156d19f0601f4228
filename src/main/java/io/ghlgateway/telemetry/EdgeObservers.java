package io.ghlgateway.telemetry;

import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.edge.EdgeEvents;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Tells several observers of the callers' door, in order. */
public record EdgeObservers(List<EdgeEvents> observers) implements EdgeEvents {

    /** One of them at most follows requests. */
    @Override
    public CallTrace arrived(HttpServerRequest request) {
        for (int i = 0; i < observers.size(); i++) {
            var trace = observers.get(i).arrived(request);
            if (trace != CallTrace.NONE) {
                return trace;
            }
        }
        return CallTrace.NONE;
    }

    @Override
    public void answered(Answer answer) {
        for (var observer : observers) {
            observer.answered(answer);
        }
    }

    @Override
    public void issuerKnown(String issuer, int keys) {
        observers.forEach(observer -> observer.issuerKnown(issuer, keys));
    }

    @Override
    public void issuerSilent(String issuer, String why) {
        observers.forEach(observer -> observer.issuerSilent(issuer, why));
    }

    @Override
    public void defect(String requestId, Throwable cause) {
        for (var observer : observers) {
            observer.defect(requestId, cause);
        }
    }
}
