package io.ghlgateway.telemetry;

import io.ghlgateway.http.ConnectionEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a door has, and which it ended by itself. Any thread. */
final class ConnectionMeters implements ConnectionEvents {

    private final AtomicInteger open = new AtomicInteger();
    private final Map<End, Counter> ends = new EnumMap<>(End.class);

    ConnectionMeters(String door, String prefix, MeterRegistry registry) {
        Gauge.builder(prefix + "connections", open::get)
                .description("Connections that are open at a door")
                .tag("door", door)
                .register(registry);
        for (var end : End.values()) {
            ends.put(
                    end,
                    Counter.builder(prefix + "connections_ended")
                            .description("Connections that a door ended by itself")
                            .tag("door", door)
                            .tag("cause", end.wire())
                            .register(registry));
        }
    }

    @Override
    public void opened() {
        open.incrementAndGet();
    }

    @Override
    public void closed() {
        open.decrementAndGet();
    }

    @Override
    public void ended(End end) {
        var counter = ends.get(end);
        if (counter != null) {
            counter.increment();
        }
    }
}
