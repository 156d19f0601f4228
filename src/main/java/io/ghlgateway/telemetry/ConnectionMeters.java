package io.ghlgateway.telemetry;

import io.ghlgateway.http.ConnectionEvents;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** How many connections a door has, and which it ended by itself. Any thread. */
final class ConnectionMeters implements ConnectionEvents {

    private final AtomicInteger open = new AtomicInteger();
    private final Consumer<End> ends;

    ConnectionMeters(String door, MeterMaker meters) {
        meters.gauge("connections", "Connections that are open at a door", open::get, "door", door);
        ends = meters.counters(
                "connections_ended",
                "Connections that a door ended by itself",
                EnumSet.allOf(End.class),
                End::wire,
                "door",
                door);
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
        ends.accept(end);
    }
}
