import java.util.HashMap;
import java.util.Map;

/** Seconds by thread. Threads end and take what they had along, so what is new is told for those alone that are still there. */
record Threads(Map<String, Double> seconds) {

    static Threads none() {
        return new Threads(Map.of());
    }

    Threads and(Threads others) {
        var both = new HashMap<>(seconds);
        both.putAll(others.seconds);
        return new Threads(both);
    }

    double since(Threads before) {
        return seconds.entrySet().stream()
                .mapToDouble(thread -> thread.getValue() - before.seconds.getOrDefault(thread.getKey(), 0.0))
                .sum();
    }
}
