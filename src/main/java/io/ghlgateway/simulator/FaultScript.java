package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The faults still to come, in the order in which they were scripted. Each one counts the calls that match it by itself;
 * of several that are due the first strikes. Owned by the simulator's event loop.
 */
final class FaultScript {

    private final List<Line> lines = new ArrayList<>();

    void add(List<Fault> faults) {
        faults.stream().map(Line::new).forEach(lines::add);
    }

    void clear() {
        lines.clear();
    }

    /** The fault that this call meets, which thereby has struck once more. */
    Optional<Fault> strike(String method, String path, String resource) {
        List<Line> due = lines.stream()
                .filter(line -> line.matches(method, path, resource))
                .filter(Line::isDue)
                .toList();
        if (due.isEmpty()) {
            return Optional.empty();
        }
        Line first = due.get(0);
        first.struck++;
        lines.removeIf(Line::isSpent);
        return Optional.of(first.fault);
    }

    /** What is left, each fault with the calls it still lets pass and still strikes. */
    JsonArray toJson() {
        JsonArray left = new JsonArray();
        lines.forEach(line -> left.add(line.toJson()));
        return left;
    }

    private static final class Line {
        private final Fault fault;
        private final Pattern path;
        private int met;
        private int struck;

        Line(Fault fault) {
            this.fault = fault;
            this.path = fault.match().pathPattern();
        }

        boolean matches(String actualMethod, String actualPath, String actualResource) {
            String method = fault.match().method();
            String resource = fault.match().resource();
            return (method.equals("*") || method.equalsIgnoreCase(actualMethod))
                    && (resource.equals("*") || resource.equals(actualResource))
                    && path.matcher(actualPath).matches();
        }

        /** Counts the call at hand as met. */
        boolean isDue() {
            if (met < fault.after()) {
                met++;
                return false;
            }
            return true;
        }

        boolean isSpent() {
            return fault.times() != Fault.ALWAYS && struck >= fault.times();
        }

        JsonObject toJson() {
            Fault.Match match = fault.match();
            return new JsonObject()
                    .put(
                            "match",
                            new JsonObject()
                                    .put("method", match.method())
                                    .put("path", match.path())
                                    .put("resource", match.resource()))
                    .put("kind", fault.kind().toString())
                    .put("times", fault.times() == Fault.ALWAYS ? Fault.ALWAYS : fault.times() - struck)
                    .put("after", fault.after() - met)
                    .put("delay", fault.delay().toMillis() + "ms");
        }
    }
}
