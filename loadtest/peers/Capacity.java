import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
    private static final int WARM_UP = 100_000; // of each replica

    // Of the points at which predictions are held against what is measured: none of them is one of the above.
    private static final int OTHER_KNOWN = 20_000;
    private static final int OTHER_ACTIVE = 5_000;
    private static final int OTHER_AGAIN = 1;
    private static final int OTHER_WAITING = 2_500;
    private static final int REPLICAS = 2;
    private static final int MOST_REPLICAS = 4;
    private static final double MIDDLE = 1_600;
    private static final double MODEST = 1_100;

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
    private final List<CapacityPage.Replicas> replicas = new ArrayList<>();

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
                model, predictions, kinds, replicas, Machine.describe(), commit, others, notMeasured);
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
        var all = Requests.locations(0, Regime.SCATTERED);
        var some = all.subList(0, Regime.LOCATIONS);
        var peer = stand.ours("costs-redis", 1, true, all, Race.LIMIT, options.text("heap"));
        try (var costs = new Costs(stand, peer, options, some);
                var scattered = new Costs(stand, peer, options, all)) {
            scattered.warm(WARM_UP);
            var regime = Regime.of(costs, scattered);
            constants.put(Constant.CPU_400, regime.lowRequest(Costs.Load::cores) * 1e6);
            constants.put(Constant.CPU_1900, regime.highRequest(Costs.Load::cores) * 1e6);
            constants.put(Constant.CPU_LOOK, regime.look(Costs.Load::cores) * 1e6);
            constants.put(Constant.REDIS_CPU_400, regime.lowRequest(Costs.Load::redisCores) * 1e6);
            constants.put(Constant.REDIS_CPU_1900, regime.highRequest(Costs.Load::redisCores) * 1e6);
            constants.put(Constant.REDIS_CPU_LOOK, regime.look(Costs.Load::redisCores) * 1e6);
            constants.put(Constant.REDIS_COMMANDS_REQUEST, regime.highRequest(Costs.Load::commands));
            constants.put(Constant.REDIS_COMMANDS_LOOK, regime.look(Costs.Load::commands));
            constants.put(Constant.REDIS_WIRE_REQUEST, regime.highRequest(Costs.Load::wire) / KIB);
            constants.put(Constant.REDIS_WIRE_LOOK, regime.look(Costs.Load::wire) / KIB);
            constants.put(Constant.ALLOCATED_REQUEST, regime.highRequest(Costs.Load::allocated) / KIB);
            constants.put(Constant.ALLOCATED_LOOK, regime.look(Costs.Load::allocated) / KIB);
            constants.put(Constant.REDIS_CONNECTIONS, costs.redisConnections());
            var full = costs.full(Regime.SECONDS);
            constants.put(Constant.CPU_FULL, regime.request(full, Costs.Load::cores) * 1e6);
            constants.put(Constant.RATE_FULL, full.perSecond());
            constants.put(Constant.REDIS_CPU_FULL, regime.request(full, Costs.Load::redisCores) * 1e6);
            costs.at(0, Regime.SECONDS); // what is still to be done
            var idle = costs.at(0, Regime.SECONDS);
            constants.put(Constant.CPU_IDLE, idle.cores() * 1e3);
            constants.put(Constant.REDIS_COMMANDS_REPLICA, idle.commands());
            strangers.add(Math.max(regime.strangers(), full.strangers()));
        }
        double heap = options.megabytes("heap");
        constants.put(Constant.BESIDE_HEAP, peer.processes().get(0).residentMegabytes() - heap);
        stand.end(peer);

        peer = stand.ours("costs", 1, false, some, Race.LIMIT, options.text("heap"));
        try (var costs = new Costs(stand, peer, options, some)) {
            costs.warm(WARM_UP);
            embedded(Constant.CPU_1900_EMBEDDED, costs.at(Regime.HIGH, 2 * Regime.SECONDS));
            embedded(Constant.CPU_400_EMBEDDED, costs.at(Regime.LOW, 2 * Regime.SECONDS));
            var full = costs.full(Regime.SECONDS);
            embedded(Constant.CPU_FULL_EMBEDDED, full);
            constants.put(Constant.RATE_FULL_EMBEDDED, full.perSecond());
        }
        var waiting = new Sizes(stand, options).waiting(peer, WAITING);
        double connection = (waiting.after() - waiting.before()) / waiting.connections();
        constants.put(Constant.HEAP_CONNECTION, connection * KIB);
        constants.put(
                Constant.HEAP_WAITING,
                (waiting.during() - waiting.before() - waiting.connections() * connection) / WAITING * KIB);
        stand.end(peer);
    }

    private void embedded(Constant constant, Costs.Load load) {
        constants.put(constant, load.cores() / load.perSecond() * 1e6);
        strangers.add(load.strangers());
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
        for (int count = measures ? 1 : REPLICAS; count <= (measures ? MOST_REPLICAS : REPLICAS); count++) {
            hold(stand, model, count);
        }
    }

    private void hold(Stand stand, Model model, int count) throws Exception {
        var locations = Requests.locations(0, Regime.LOCATIONS);
        var peer = stand.ours("replicas-" + count, count, true, locations, Race.LIMIT, options.text("heap"));
        try (var costs = new Costs(stand, peer, options, locations)) {
            costs.warm((long) WARM_UP * count);
            if (count == 1) {
                costs.at(MODEST, Regime.SECONDS);
                var load = costs.at(MODEST, Regime.SECONDS);
                strangers.add(load.strangers());
                cores(" at %,.0f requests/s, 1 replica".formatted(MODEST), MODEST, 1, model, load);
            }
            costs.at(MIDDLE, Regime.SECONDS);
            var load = costs.at(MIDDLE, 2 * Regime.SECONDS);
            strangers.add(load.strangers());
            if (measures) {
                replicas.add(new CapacityPage.Replicas(count, load));
            }
            if (count == REPLICAS) {
                hold(model, load, costs.redisConnections());
            }
        }
        if (count == REPLICAS) {
            var waiting = new Sizes(stand, options).waiting(peer, OTHER_WAITING);
            predict(
                    "heap taken by %,d requests that wait on %,d connections, %d replicas"
                            .formatted(OTHER_WAITING, waiting.connections(), REPLICAS),
                    "MiB",
                    model.heap(0, 0, waiting.connections(), OTHER_WAITING, true) - model.get(Constant.HEAP_BASE),
                    waiting.during() - waiting.before());
        }
        stand.end(peer);
    }

    private void hold(Model model, Costs.Load load, double connections) {
        var there = " at %,.0f requests/s, %d replicas".formatted(MIDDLE, REPLICAS);
        double rate = load.perSecond();
        double looks = Model.looks(rate, REPLICAS, Regime.LOCATIONS);
        predict("Redis' commands" + there, "/s", model.redisCommands(rate, REPLICAS, looks), load.commands());
        predict("to and from Redis" + there, "KiB/s", model.redisWire(rate, looks), load.wire() / KIB);
        predict("heap used up" + there, "KiB/s", model.allocated(rate, looks), load.allocated() / KIB);
        predict(
                "connections to Redis, %d replicas".formatted(REPLICAS),
                "",
                REPLICAS * model.get(Constant.REDIS_CONNECTIONS),
                connections);
        if (measures) {
            cores(there, MIDDLE, REPLICAS, model, load);
        }
    }

    private void cores(String there, double asked, int count, Model model, Costs.Load load) {
        double rate = load.perSecond();
        if (rate < KEPT * asked) {
            notMeasured += "- Not measured: cores%s, of which %,.0f were answered.%n".formatted(there, rate);
            return;
        }
        double looks = Model.looks(rate, count, Regime.LOCATIONS);
        predict("cores of the CPU" + there, "", model.cores(rate, count, looks), load.cores());
        predict("Redis' cores of the CPU" + there, "", model.redisCores(rate, looks), load.redisCores());
    }

    private void predict(String what, String unit, double predicted, double measured) {
        var prediction = new Prediction(what, unit, predicted, measured);
        predictions.add(prediction);
        System.err.println(prediction.line());
    }
}
