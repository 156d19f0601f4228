package io.ghlgateway.telemetry;

import io.ghlgateway.edge.EdgeEvents.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Requests by how they ended. Any thread. */
final class RequestMeters {

    static final int MOST_SERIES = 5_000;
    private static final String OTHER = "other";

    private record Series(String outcome, String route, String caller) {}

    private final String prefix;
    private final MeterRegistry registry;
    private final Map<Series, Counter> requests = new ConcurrentHashMap<>();

    RequestMeters(String prefix, MeterRegistry registry) {
        this.prefix = prefix;
        this.registry = registry;
    }

    void answered(Answer answer) {
        var known = requests.get(new Series(answer.outcome(), answer.route(), answer.caller()));
        (known == null ? made(answer) : known).increment();
    }

    private Counter made(Answer answer) {
        var route = requests.size() < MOST_SERIES ? answer.route() : OTHER;
        return requests.computeIfAbsent(
                new Series(answer.outcome(), route, answer.caller()),
                series -> Counter.builder(prefix + "requests")
                        .description("Requests by how they ended")
                        .tag("outcome", series.outcome())
                        .tag("route", series.route())
                        .tag("caller", series.caller())
                        .register(registry));
    }
}
