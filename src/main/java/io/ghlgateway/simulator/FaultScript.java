package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The faults that are lined up, in order: the first that befalls a call has it. Lives on the simulator's event loop. */
final class FaultScript {

    private static final class Step {
        private final Fault fault;
        private int spare;
        private int left;

        Step(Fault fault) {
            this.fault = fault;
            this.spare = fault.after();
            this.left = fault.times();
        }
    }

    private final List<Step> steps = new ArrayList<>();

    void add(List<Fault> faults) {
        faults.forEach(fault -> steps.add(new Step(fault)));
    }

    void clear() {
        steps.clear();
    }

    Optional<Fault> next(String method, String path, String resource) {
        for (var step : steps) {
            if (step.left != 0 && step.fault.befalls(method, path, resource)) {
                if (step.spare > 0) {
                    step.spare--;
                    continue;
                }
                if (step.left > 0) {
                    step.left--;
                }
                return Optional.of(step.fault);
            }
        }
        return Optional.empty();
    }

    /** What is still to come. */
    JsonArray left() {
        var left = new JsonArray();
        for (var step : steps) {
            if (step.left != 0) {
                left.add(new JsonObject()
                        .put("kind", step.fault.kind().name().toLowerCase(Locale.ROOT))
                        .put("times", step.left)
                        .put("after", step.spare));
            }
        }
        return left;
    }
}
