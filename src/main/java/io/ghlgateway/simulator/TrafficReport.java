package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of the calls; their ends add up to {@code sent}, but for {@code upstream_429} where the upstream's own
 * count is known.
 *
 * @param ok answered 2xx
 * @param refusedByGateway answers that carry {@code X-Gateway-Error}
 * @param upstream429 429s of the upstream: by its own count, else the 429s that came through
 * @param failed every other answer, and calls that got none because their connection failed
 * @param unanswered still out
 * @param accepted calls that the upstream had accepted when the last call was made, by its own count, else 2xx answers
 *     until then
 * @param countedAnew whether the upstream was started anew or reset meanwhile, so that its counts are since then
 * @param quotaUsed {@code accepted} as a share of the quota of the run, 1.0 being all of it; not capped
 * @param waitP50 of answered calls: the {@code queue} of their {@code Server-Timing}, else from the moment at which the
 *     call was due to the end of its answer
 * @param otherEnds how often calls ended otherwise than 2xx, by status and code, or by what their connection failed of
 */
public record TrafficReport(
        String target,
        long sent,
        long ok,
        long refusedByGateway,
        long upstream429,
        long failed,
        long unanswered,
        long accepted,
        boolean countedAnew,
        double quotaUsed,
        Duration waitP50,
        Duration waitP99,
        Map<String, Long> otherEnds) {

    /** Why calls ended otherwise than well, the most frequent first; empty where none did. */
    public Optional<String> notOk() {
        return otherEnds.isEmpty()
                ? Optional.empty()
                : Optional.of(otherEnds.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .map(end -> end.getValue() + " x " + end.getKey())
                        .collect(Collectors.joining(", ")));
    }

    /** The traffic line. */
    public JsonObject toJson() {
        JsonObject line = new JsonObject()
                .put("sent", sent)
                .put("ok", ok)
                .put("refused_by_gateway", refusedByGateway)
                .put("upstream_429", upstream429)
                .put("quota_used", Math.round(quotaUsed * 10_000) / 10_000.0)
                .put("wait_p50_ms", millis(waitP50))
                .put("wait_p99_ms", millis(waitP99))
                .put("failed", failed)
                .put("unanswered", unanswered)
                .put("accepted_upstream", accepted)
                .put("target", target);
        return countedAnew ? line.put("upstream_counted_anew", true) : line;
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 100_000.0) / 10.0;
    }
}
