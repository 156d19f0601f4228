package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the simulator has counted since its start or last reset.
 *
 * @param resources by location or company id, or by {@code token-…} where tokens are not listed; what an app's OAuth
 *     tokens spent stands under {@code <app id>:<location or company id>}
 * @param faults how many calls met a scripted fault
 */
public record SimulatorStats(Map<String, Counts> resources, long faults, Instant started, Duration elapsed) {

    /**
     * The calls of one resource.
     *
     * @param accepted calls that spent quota, whatever they were answered
     * @param refused calls answered 429, scripted ones included
     * @param busiest the most calls accepted in any one interval, by an exact recount
     */
    public record Counts(long accepted, long refused, int busiest) {}

    public SimulatorStats {
        resources = Map.copyOf(resources);
    }

    public long accepted() {
        return resources.values().stream().mapToLong(Counts::accepted).sum();
    }

    public long refused() {
        return resources.values().stream().mapToLong(Counts::refused).sum();
    }

    public JsonObject toJson() {
        JsonObject each = new JsonObject();
        new TreeMap<>(resources)
                .forEach((resource, counts) -> each.put(
                        resource,
                        new JsonObject()
                                .put("accepted", counts.accepted())
                                .put("refused", counts.refused())
                                .put("max_in_any_interval", counts.busiest())));
        return new JsonObject()
                .put("accepted", accepted())
                .put("refused", refused())
                .put("faults", faults)
                .put("resources", each)
                .put("started", started.toString())
                .put("elapsed_ms", elapsed.toMillis());
    }
}
