import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures what the model of capacity rests on and writes it to the model's page; then measures something else, and holds
 * the model's predictions against it. With {@code --check} nothing is written, and the page's own figures are held.
 */
final class Capacity {

    private static final int FEW = 1_000;
    private static final int KNOWN = 10_000;
    private static final int ACTIVE = 2_000;
    private static final int AGAIN = 5;
    private static final int WAITING = 1_000;
    private static final double LOW = 500;
    private static final double HIGH = 2_000;
    private static final double SECONDS = 4;
    private static final int WARM_UP = 60_000;

    // Of the points at which predictions are held against what is measured: none of them is one of the above.
    private static final int OTHER_KNOWN = 20_000;
    private static final int OTHER_ACTIVE = 5_000;
    private static final int OTHER_AGAIN = 1;
    private static final int OTHER_WAITING = 2_500;
    private static final int REPLICAS = 2;
    private static final double MIDDLE = 1_500;
    private static final double MODEST = 1_000;

    private static final double KEPT = 0.9; // of a rate, or the machine is too busy to tell what it takes

    private static final double KIB = 1024;

    private final Options options;
    private final Path work;
    private final boolean measures;
    private final Map<Constant, Double> constants = new EnumMap<>(Constant.class);
    private final List<Prediction> predictions = new ArrayList<>();
    private final List<Double> strangers = new ArrayList<>();
    private String kinds = "";
    private String notMeasured = "";
    private double fullMicros;
    private Costs.Load modest;

    private Capacity(Options options, boolean measures) {
        this.options = options;
        this.work = options.path("work");
        this.measures = measures;
    }

    /** {@code Capacity PAGE COMMIT measure|check OPTIONS...} */
    public static void main(String[] args) throws Exception {
        var page = Path.of(args[0]);
        boolean measures = args[2].equals("measure");
        Options options;
        try {
            options = new Options(List.of(args).subList(3, args.length).toArray(String[]::new));
        } catch (IllegalArgumentException wrong) {
            System.err.println("capacity.sh: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new Capacity(options, measures).run(page, args[1]) ? 0 : 1);
    }

    /** Whether all predictions held. */
    private boolean run(Path page, String commit) throws Exception {
        var model = measures ? null : Model.of(Files.readString(page));
        try (var stand = new Stand(options, work, OTHER_KNOWN, Race.LIMIT)) {
            if (measures) {
                sizes(new Sizes(stand, options));
                costs(stand);
                model = new Model(constants);
            }
            hold(stand, model);
        } catch (Stand.Missing missing) {
            System.err.println("capacity.sh: " + missing.getMessage());
            return false;
        }
        double others =
                strangers.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        var report = new CapacityPage(
                model, predictions, kinds, fullMicros, Machine.describe(), commit, others, notMeasured);
        if (measures) {
            report.write(page);
        }
        System.out.print(report.text());
        return predictions.stream().allMatch(Prediction::holds);
    }

    private void sizes(Sizes sizes) throws Exception {
        var few = sizes.tenants(FEW, 0, 0, true);
        var many = sizes.tenants(KNOWN, ACTIVE, AGAIN, true);
        var embedded = sizes.tenants(KNOWN, ACTIVE, 0, false);
        kinds = many.kinds();
        double known = (many.idle() - few.idle()) / (KNOWN - FEW);
        double active = (many.active() - many.idle()) / ACTIVE;
        constants.put(Constant.HEAP_KNOWN, known * KIB);
        constants.put(Constant.HEAP_ACTIVE, active * KIB);
        constants.put(Constant.HEAP_ACTIVE_EMBEDDED, (embedded.active() - embedded.idle()) / ACTIVE * KIB);
        constants.put(Constant.HEAP_BASE, few.idle() - FEW * known - Sizes.FIRST * active);
        double entry = many.redisAgain() / (ACTIVE * AGAIN);
        constants.put(Constant.REDIS_ENTRY, entry * KIB * KIB);
        constants.put(Constant.REDIS_LOCATION, (many.redisOnce() / ACTIVE - entry) * KIB * KIB);
    }

    private void costs(Stand stand) throws Exception {
        var locations = Requests.locations(0, options.number("locations"));
        var peer = stand.ours("costs-redis", 1, true, locations, Race.LIMIT, options.text("heap"));
        try (var costs = new Costs(stand, peer, options, locations)) {
            costs.warm(WARM_UP);
            var line = Line.through(costs);
            constants.put(Constant.CPU_REQUEST, line.each(Costs.Load::cores) * 1e6);
            constants.put(Constant.CPU_REPLICA, line.always(Costs.Load::cores) * 1e3);
            constants.put(Constant.REDIS_COMMANDS_REQUEST, line.each(Costs.Load::commands));
            constants.put(Constant.REDIS_COMMANDS_REPLICA, line.always(Costs.Load::commands));
            constants.put(
                    Constant.REDIS_CPU_REQUEST,
                    line.high(Costs.Load::redisCores) / line.high(Costs.Load::perSecond) * 1e6);
            constants.put(Constant.REDIS_WIRE_REQUEST, line.each(Costs.Load::wire) / KIB);
            constants.put(
                    Constant.ALLOCATED_REQUEST,
                    line.high(Costs.Load::allocated) / line.high(Costs.Load::perSecond) / KIB);
            constants.put(Constant.REDIS_CONNECTIONS, costs.redisConnections());
            fullMicros = costs.full(SECONDS);
            modest = costs.at(MODEST, SECONDS);
            strangers.add(line.high(Costs.Load::strangers));
        }
        double heap = options.megabytes("heap");
        constants.put(Constant.BESIDE_HEAP, peer.processes().get(0).residentMegabytes() - heap);
        stand.end(peer);

        peer = stand.ours("costs", 1, false, locations, Race.LIMIT, options.text("heap"));
        try (var costs = new Costs(stand, peer, options, locations)) {
            costs.warm(WARM_UP);
            var line = Line.through(costs);
            constants.put(Constant.CPU_REQUEST_EMBEDDED, line.each(Costs.Load::cores) * 1e6);
            strangers.add(line.high(Costs.Load::strangers));
        }
        var waiting = new Sizes(stand, options).waiting(peer, WAITING);
        double connection = (waiting.after() - waiting.before()) / waiting.connections();
        constants.put(Constant.HEAP_CONNECTION, connection * KIB);
        constants.put(
                Constant.HEAP_WAITING,
                (waiting.during() - waiting.before() - waiting.connections() * connection) / WAITING * KIB);
        stand.end(peer);
    }

    /** What is predicted, and what is so. */
    private void hold(Stand stand, Model model) throws Exception {
        var sizes = new Sizes(stand, options);
        for (var shared : List.of(true, false)) {
            var seen = sizes.tenants(OTHER_KNOWN, OTHER_ACTIVE, shared ? OTHER_AGAIN : 0, shared);
            predict(
                    "heap alive, %,d tenants known and %,d in use, %s"
                            .formatted(OTHER_KNOWN, OTHER_ACTIVE, shared ? "Redis" : "embedded"),
                    "MiB",
                    model.heap(OTHER_KNOWN, OTHER_ACTIVE, 0, 0, shared),
                    seen.active());
            if (shared) {
                int recent = OTHER_ACTIVE * (1 + OTHER_AGAIN);
                predict(
                        "Redis' memory, %,d locations in use, %,d requests in the interval"
                                .formatted(OTHER_ACTIVE, recent),
                        "MiB",
                        model.redisMemory(OTHER_ACTIVE, recent),
                        seen.redisOnce() + seen.redisAgain());
            }
        }
        var locations = Requests.locations(0, options.number("locations"));
        var peer = stand.ours("replicas", REPLICAS, true, locations, Race.LIMIT, options.text("heap"));
        try (var costs = new Costs(stand, peer, options, locations)) {
            costs.warm(WARM_UP * REPLICAS);
            var load = costs.at(MIDDLE, 2 * SECONDS);
            strangers.add(load.strangers());
            var there = " at %,.0f requests/s, %d replicas".formatted(MIDDLE, REPLICAS);
            double rate = load.perSecond();
            predict("Redis' commands" + there, "/s", model.redisCommands(rate, REPLICAS), load.commands());
            predict(
                    "to and from Redis" + there,
                    "KiB/s",
                    rate * model.get(Constant.REDIS_WIRE_REQUEST),
                    load.wire() / KIB);
            predict(
                    "heap used up" + there,
                    "KiB/s",
                    rate * model.get(Constant.ALLOCATED_REQUEST),
                    load.allocated() / KIB);
            predict(
                    "connections to Redis, %d replicas".formatted(REPLICAS),
                    "",
                    REPLICAS * model.get(Constant.REDIS_CONNECTIONS),
                    costs.redisConnections());
            if (measures) {
                predict(
                        "cores of the CPU at %,.0f requests/s, 1 replica".formatted(MODEST),
                        "",
                        model.cores(modest.perSecond(), 1, true),
                        modest.cores());
            }
            if (measures && rate < KEPT * MIDDLE) {
                notMeasured = "Not measured: cores" + there + ", of which %,.0f were answered.%n".formatted(rate);
            } else if (measures) {
                predict("cores of the CPU" + there, "", model.cores(rate, REPLICAS, true), load.cores());
                predict("Redis' cores of the CPU" + there, "", model.redisCores(rate), load.redisCores());
            }
        }
        var waiting = sizes.waiting(peer, OTHER_WAITING);
        predict(
                "heap taken by %,d requests that wait on %,d connections, %d replicas"
                        .formatted(OTHER_WAITING, waiting.connections(), REPLICAS),
                "MiB",
                model.heap(0, 0, waiting.connections(), OTHER_WAITING, true) - model.get(Constant.HEAP_BASE),
                waiting.during() - waiting.before());
        stand.end(peer);
    }

    private void predict(String what, String unit, double predicted, double measured) {
        var prediction = new Prediction(what, unit, predicted, measured);
        predictions.add(prediction);
        System.err.println(prediction.line());
    }

    /** What grows with the rate, and what comes with the time. */
    private record Line(List<Costs.Load> low, List<Costs.Load> high) {

        /** Twice at each rate, in turn: what still gets warmer is the same for both. */
        static Line through(Costs costs) throws IOException, InterruptedException {
            var low = new ArrayList<Costs.Load>();
            var high = new ArrayList<Costs.Load>();
            for (int i = 0; i < 2; i++) {
                high.add(costs.at(HIGH, SECONDS));
                low.add(costs.at(LOW, SECONDS));
            }
            return new Line(low, high);
        }

        private static double mean(List<Costs.Load> loads, ToDoubleFunction<Costs.Load> figure) {
            return loads.stream().mapToDouble(figure).average().orElseThrow();
        }

        double high(ToDoubleFunction<Costs.Load> figure) {
            return mean(high, figure);
        }

        double each(ToDoubleFunction<Costs.Load> figure) {
            return (mean(high, figure) - mean(low, figure))
                    / (mean(high, Costs.Load::perSecond) - mean(low, Costs.Load::perSecond));
        }

        /** At no rate; nothing where noise has it below that. */
        double always(ToDoubleFunction<Costs.Load> figure) {
            return Math.max(0, mean(low, figure) - each(figure) * mean(low, Costs.Load::perSecond));
        }
    }
}
