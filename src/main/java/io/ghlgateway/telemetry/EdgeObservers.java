package io.ghlgateway.telemetry;

import io.ghlgateway.edge.EdgeEvents;
import java.util.List;

/** Tells several observers of the callers' door, in order. */
public record EdgeObservers(List<EdgeEvents> observers) implements EdgeEvents {

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
