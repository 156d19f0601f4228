import java.util.Map;

/**
 * What one round saw of one peer and one kind of request.
 *
 * @param perSecond answered with all connections asking without a pause
 * @param micros of the CPU for each of these, of its own processes
 * @param redisMicros and of its Redis
 * @param redisCalls commands for each of these, such as {@code evalsha 1.00}; what scripts call counts too
 * @param rate at which what follows was measured
 * @param microsAtRate of the CPU for each request then, Redis included
 * @param busyCores of the machine then, by whomever
 * @param waitedMicros how long threads of all processes then had something to do and no core to do it on, for each request
 * @param p50 latency in ms, as are the next two
 * @param driverP99 by how many ms the driver was late itself
 * @param megabytes resident after that
 * @param strangers share of all the machine's work meanwhile that was neither the peer's, the upstream's nor the driver's
 * @param others ends of requests that were not 2xx
 */
record Figures(
        String peer,
        String kind,
        int round,
        double perSecond,
        double micros,
        double redisMicros,
        String redisCalls,
        double rate,
        double microsAtRate,
        double busyCores,
        double waitedMicros,
        double p50,
        double p99,
        double p999,
        double driverP99,
        double megabytes,
        double strangers,
        Map<String, Long> others) {

    /** With its Redis. */
    double allMicros() {
        return micros + redisMicros;
    }

    /** For whoever watches. */
    String line() {
        return "round %d %-9s %-4s %6.0f/s %6.1f us + redis %5.1f us | at %5.0f/s %6.1f us, %.2f cores busy, waited %.0f us, p50 %.2f p99 %.2f p99.9 %.2f ms, %.0f MB%s"
                        .formatted(
                                round,
                                peer,
                                kind,
                                perSecond,
                                micros,
                                redisMicros,
                                rate,
                                microsAtRate,
                                busyCores,
                                waitedMicros,
                                p50,
                                p99,
                                p999,
                                megabytes,
                                others.isEmpty() ? "" : " " + others)
                + (strangers < 0.1 ? "" : " (%.0f %% of the machine's work was others')".formatted(strangers * 100));
    }
}
