package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts how calls ended. Owned by the traffic's event loop. */
final class Tally {

    private static final int MOST_WAITS = 100_000;
    private static final int MOST_ENDS = 20;
    private static final Pattern QUEUE =
            Pattern.compile("(?:^|,)\\s*queue\\s*;(?:[^,]*;)?\\s*dur=(\\d{1,12}(?:\\.\\d{1,9})?)");

    private final WaitTimes waits;
    private Allowance stated = new Allowance(100, Duration.ofSeconds(10));
    private long sent;
    private long ok;
    private long refusedByGateway;
    private long upstream429;
    private long failed;
    /** Ends other than 2xx, by status and the gateway's code, or by what the connection died of. */
    private final Map<String, Long> others = new TreeMap<>();

    Tally(RandomGenerator random) {
        this.waits = new WaitTimes(MOST_WAITS, random);
    }

    void sent() {
        sent++;
    }

    void failed(Throwable cause) {
        failed++;
        ended(String.valueOf(cause.getMessage()));
    }

    private void ended(String how) {
        others.merge(others.size() < MOST_ENDS || others.containsKey(how) ? how : "other", 1L, Long::sum);
    }

    /** @param latency from the moment at which the call was due to the end of its answer */
    void answered(int status, MultiMap headers, Duration latency) {
        if (!headers.contains("X-Gateway-Error")) { // the gateway's own answers state waits in these headers
            stated = stated(headers).orElse(stated);
        }
        if (headers.contains("X-Gateway-Error")) {
            refusedByGateway++;
        } else if (status == 429) {
            upstream429++;
        } else if (status >= 200 && status < 300) {
            ok++;
        } else {
            failed++;
        }
        if (status < 200 || status > 299) {
            ended((status + " " + Objects.requireNonNullElse(headers.get("X-Gateway-Error"), "")).strip());
        }
        waits.add(queued(headers).orElse(latency));
    }

    boolean isComplete() {
        return unanswered() == 0;
    }

    long ok() {
        return ok;
    }

    /**
     * @param run what the quota used is measured over
     * @param upstream the upstream's own counts, if it is known
     * @param accepted what it had accepted at the end of the run
     */
    TrafficReport report(TrafficOptions options, Duration run, Optional<UpstreamCounts> upstream, long accepted) {
        var limit = options.limit().orElse(stated);
        long interval = limit.interval().toNanos();
        long intervals = Math.max(1, (run.toNanos() + interval - 1) / interval);
        return new TrafficReport(
                options.url().toString(),
                sent,
                ok,
                refusedByGateway,
                upstream.map(UpstreamCounts::refused).orElse(upstream429),
                failed,
                unanswered(),
                accepted,
                upstream.filter(UpstreamCounts::anew).isPresent(),
                (double) accepted / (limit.max() * intervals),
                waits.percentile(50),
                waits.percentile(99),
                Map.copyOf(others));
    }

    private long unanswered() {
        return sent - ok - refusedByGateway - upstream429 - failed;
    }

    /** What the upstream says its quota is. */
    private static Optional<Allowance> stated(MultiMap headers) {
        try {
            return headers.contains("X-RateLimit-Max")
                    ? Optional.of(new Allowance(
                            Integer.parseInt(headers.get("X-RateLimit-Max")),
                            Duration.ofMillis(Long.parseLong(headers.get("X-RateLimit-Interval-Milliseconds")))))
                    : Optional.empty();
        } catch (IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> queued(MultiMap headers) {
        Matcher queue = QUEUE.matcher(String.join(",", headers.getAll("Server-Timing")));
        return queue.find()
                ? Optional.of(Duration.ofNanos((long) (Double.parseDouble(queue.group(1)) * 1_000_000)))
                : Optional.empty();
    }
}
