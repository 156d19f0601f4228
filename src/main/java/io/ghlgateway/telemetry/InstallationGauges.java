package io.ghlgateway.telemetry;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installation.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** How installations stand: all of them looked through once for a scrape, a hundred thousand in some milliseconds. */
final class InstallationGauges {

    private static final Duration FRESH = Duration.ofSeconds(1);

    /** @param firstEnd of active ones' tokens; {@code Instant.MAX} where there are none */
    private record Look(Instant at, Map<Status, Integer> counts, Instant firstEnd) {}

    private final Supplier<Collection<Installation>> all;
    private final InstantSource clock;
    private volatile Look last = new Look(Instant.MIN, Map.of(), Instant.MAX);

    InstallationGauges(Supplier<Collection<Installation>> all, InstantSource clock) {
        this.all = all;
        this.clock = clock;
    }

    void register(MeterMaker meters) {
        for (var status : Status.values()) {
            meters.gauge(
                    "installations",
                    "Installations by how they stand",
                    () -> look().counts().getOrDefault(status, 0),
                    "status",
                    status.name().toLowerCase(Locale.ROOT));
        }
        meters.gauge(
                "credential_ends_seconds",
                "How long the token of an active installation that ends first is still good; NaN: there is none",
                this::firstEnd);
    }

    private double firstEnd() {
        var first = look().firstEnd();
        return first.equals(Instant.MAX)
                ? Double.NaN
                : Duration.between(clock.instant(), first).toMillis() / 1_000.0;
    }

    private Look look() {
        var now = clock.instant();
        var before = last;
        if (before.at().isAfter(now.minus(FRESH))) {
            return before;
        }
        var counts = new EnumMap<Status, Integer>(Status.class);
        var firstEnd = Instant.MAX;
        for (var each : all.get()) {
            counts.merge(each.status(), 1, Integer::sum);
            if (each.status() == Status.ACTIVE && each.tokens().isPresent()) {
                var ends = each.tokens().get().expires();
                firstEnd = ends.isBefore(firstEnd) ? ends : firstEnd;
            }
        }
        last = new Look(now, counts, firstEnd);
        return last;
    }
}
