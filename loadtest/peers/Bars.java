import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What is asked for, with what was measured beside it. */
final class Bars {

    enum Verdict {
        MET,
        MISSED,
        NOT_MEASURED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    record Bar(String what, String bar, String measured, Verdict verdict) {}

    private final List<Figures> figures;
    private final List<Bar> bars = new ArrayList<>();

    Bars(List<Figures> figures) {
        this.figures = figures;
    }

    List<Bar> bars() {
        return List.copyOf(bars);
    }

    boolean missed() {
        return bars.stream().anyMatch(bar -> bar.verdict() == Verdict.MISSED);
    }

    /** Those that hold the gateway against the others of the same round. */
    void peers() {
        for (var kind : List.of("GET", "POST")) {
            cpu(
                    "CPU per request, Redis, vs Spring Cloud Gateway with its Redis limiter, " + kind,
                    "redis",
                    "scg",
                    kind,
                    0.25);
            var faster = ratio("redis", "scg", kind, Figures::perSecond);
            add("throughput, Redis, vs the same, " + kind, "≥ 4 ×", faster, 4, true, "%.2f ×");
            cpu(
                    "CPU per request, Redis, vs nginx with Lua and Redis limiter, " + kind,
                    "redis",
                    "nginx-lua",
                    kind,
                    1.5);
            cpu("CPU per request, Redis, vs nginx as a plain reverse proxy, " + kind, "redis", "nginx", kind, 4.0);
            cpu("CPU per request, embedded, vs bare Vert.x proxy, " + kind, "embedded", "vertx", kind, 1.5);
            cpu("CPU per request, Redis, vs bare Vert.x proxy, " + kind, "redis", "vertx", kind, 2.0);
            for (var ours : List.of("embedded", "redis")) {
                var there = ", " + ours + ", at 50 % of the knee, " + kind;
                add("added latency p50" + there, "≤ 1 ms", added(ours, kind, Figures::p50), 1, false, "%.2f ms");
                add("added latency p99" + there, "≤ 5 ms", added(ours, kind, Figures::p99), 5, false, "%.2f ms");
            }
        }
    }

    /** @param measured empty: it could not be */
    void add(String what, String bar, OptionalDouble measured, double limit, boolean atLeast, String format) {
        if (measured.isEmpty() || Double.isNaN(measured.getAsDouble())) {
            bars.add(new Bar(what, bar, "-", Verdict.NOT_MEASURED));
            return;
        }
        double value = measured.getAsDouble();
        boolean met = atLeast ? value >= limit : value <= limit;
        bars.add(new Bar(what, bar, format.formatted(value), met ? Verdict.MET : Verdict.MISSED));
    }

    private void cpu(String what, String ours, String other, String kind, double limit) {
        var ratio = ratio(ours, other, kind, Figures::allMicros);
        add(what, "≤ " + limit, ratio, limit, false, "%.2f");
    }

    /** The median, over the rounds, of ours by the other's. */
    private OptionalDouble ratio(String ours, String other, String kind, ToDoubleFunction<Figures> figure) {
        return median(rounds(ours, kind).stream()
                .flatMapToDouble(our -> rounds(other, kind).stream()
                        .filter(their -> their.round() == our.round())
                        .mapToDouble(their -> figure.applyAsDouble(our) / figure.applyAsDouble(their)))
                .toArray());
    }

    /** The median, over the rounds, of ours less that of the upstream called directly. */
    private OptionalDouble added(String ours, String kind, ToDoubleFunction<Figures> figure) {
        return median(rounds(ours, kind).stream()
                .flatMapToDouble(our -> rounds("direct", kind).stream()
                        .filter(direct -> direct.round() == our.round())
                        .mapToDouble(direct -> figure.applyAsDouble(our) - figure.applyAsDouble(direct)))
                .toArray());
    }

    private List<Figures> rounds(String peer, String kind) {
        return figures.stream()
                .filter(seen -> seen.peer().equals(peer) && seen.kind().equals(kind))
                .toList();
    }

    static OptionalDouble median(double[] values) {
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2);
    }
}
