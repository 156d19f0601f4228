package io.ghlgateway.simulator;

import io.ghlgateway.simulator.Quantities.Range;
import io.ghlgateway.simulator.Quantities.Rate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What HighLevel to simulate.
 *
 * @param port 0 for any free one
 * @param also a second, sliding window that a call must pass too
 * @param daily quota of a day that begins when the simulator does
 * @param phase where the windows of CLOCK and COUNTER begin
 * @param latency between a call's arrival and its answer, evenly spread
 * @param tail the share of calls, 0 to 1, that take five times as long
 * @param refusedCount whether refused calls count
 * @param retryAfter whether a 429 says when to come again; HighLevel's does not
 * @param rateHeaders whether answers carry the six rate headers
 * @param tokens which location or company each private token opens; empty: any {@code pit-…} token opens any, and each
 *     counts for itself
 */
public record SimulatorOptions(
        String host,
        int port,
        RateWindow.Kind window,
        int max,
        Duration interval,
        Optional<Rate> also,
        long daily,
        Duration phase,
        Range latency,
        double tail,
        boolean refusedCount,
        boolean retryAfter,
        boolean rateHeaders,
        Map<String, String> tokens) {

    public SimulatorOptions {
        if (max < 1 || daily < 1 || interval.isZero() || tail < 0 || tail > 1) {
            throw new IllegalArgumentException("max, daily and interval are at least 1, and tail is between 0 and 1");
        }
        tokens = Map.copyOf(tokens);
    }

    /** 100 calls in any 10 s, 200,000 a day, answered at once, on any free port of the loopback. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions(
                "127.0.0.1",
                0,
                RateWindow.Kind.SLIDING,
                100,
                Duration.ofSeconds(10),
                Optional.empty(),
                200_000,
                Duration.ZERO,
                new Range(Duration.ZERO, Duration.ZERO),
                0,
                false,
                false,
                true,
                Map.of());
    }

    public SimulatorOptions at(int otherPort) {
        return new SimulatorOptions(
                host,
                otherPort,
                window,
                max,
                interval,
                also,
                daily,
                phase,
                latency,
                tail,
                refusedCount,
                retryAfter,
                rateHeaders,
                tokens);
    }

    public SimulatorOptions counting(RateWindow.Kind kind, int calls, Duration per) {
        return new SimulatorOptions(
                host,
                port,
                kind,
                calls,
                per,
                also,
                daily,
                phase,
                latency,
                tail,
                refusedCount,
                retryAfter,
                rateHeaders,
                tokens);
    }

    public SimulatorOptions taking(Range time) {
        return new SimulatorOptions(
                host,
                port,
                window,
                max,
                interval,
                also,
                daily,
                phase,
                time,
                tail,
                refusedCount,
                retryAfter,
                rateHeaders,
                tokens);
    }

    public SimulatorOptions opening(Map<String, String> locationsByToken) {
        return new SimulatorOptions(
                host,
                port,
                window,
                max,
                interval,
                also,
                daily,
                phase,
                latency,
                tail,
                refusedCount,
                retryAfter,
                rateHeaders,
                locationsByToken);
    }
}
