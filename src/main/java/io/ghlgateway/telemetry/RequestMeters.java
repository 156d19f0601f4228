package io.ghlgateway.telemetry;

import io.ghlgateway.edge.EdgeEvents.Answer;
import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Requests by how they ended. Any thread. */
final class RequestMeters {

    static final int MOST_SERIES = 5_000;
    private static final String OTHER = "other";

    private record Series(String outcome, String route, String caller) {}

    private final MeterMaker meters;
    private final Map<Series, Counter> requests = new ConcurrentHashMap<>();

    RequestMeters(MeterMaker meters) {
        this.meters = meters;
    }

    void answered(Answer answer) {
        var known = requests.get(new Series(answer.outcome(), answer.route(), answer.caller()));
        (known == null ? made(answer) : known).increment();
    }

    private Counter made(Answer answer) {
        var route = requests.size() < MOST_SERIES ? answer.route() : OTHER;
        return requests.computeIfAbsent(
                new Series(answer.outcome(), route, answer.caller()),
                series -> meters.counter(
                        "requests",
                        "Requests by how they ended",
                        "outcome",
                        series.outcome(),
                        "route",
                        series.route(),
                        "caller",
                        series.caller()));
    }
}
