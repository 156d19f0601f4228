import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs scenarios, before a simulated HighLevel or at somebody's own deployment, and holds what came of them against what must. */
final class Scenarios {

    /** Nothing more was sent, since it might have been at somebody's expense. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    private static final String STATS = "/_simulator/stats";
    private static final double WARM_UP_RATE = 200;
    private static final double WARM_UP_RATE_EACH = 5; // half of what a location's quota allows
    private static final double WARM_UP_SECONDS = 20;
    private static final long QUIET_SECONDS = 11; // one interval of HighLevel's, and some

    private final Map<String, String> options;
    private final AtomicLong allowance; // requests that may still be sent
    private boolean passed = true;

    private Scenarios(Map<String, String> options) {
        this.options = options;
        this.allowance = new AtomicLong(Long.parseLong(options.getOrDefault("spend-real-quota", "" + Long.MAX_VALUE)));
    }

    public static void main(String[] args) throws Exception {
        var options = new HashMap<String, String>();
        var names = new ArrayList<String>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("--")) {
                options.put(args[i].substring(2), args[++i]);
            } else {
                names.add(args[i]);
            }
        }
        var scenarios = new Scenarios(options);
        for (var name : names) {
            double longer = Double.parseDouble(options.getOrDefault("longer", "1"));
            try {
                scenarios.run(Scenario.read(Path.of("loadtest/scenarios", name + ".properties"), longer));
            } catch (Refused refused) {
                System.err.println("refused: " + refused.getMessage());
                System.exit(1);
            }
        }
        System.exit(scenarios.passed ? 0 : 1);
    }

    private void run(Scenario scenario) throws Exception {
        System.out.println(scenario.name() + ": " + scenario.question());
        Map<String, Double> figures;
        if (options.containsKey("url")) {
            figures = abroad(scenario);
        } else {
            var work = Files.createDirectories(Path.of(options.get("work"), scenario.name()));
            try (var scene = new Scene(scenario, Path.of(options.get("jar")).toAbsolutePath(), work)) {
                warm(scenario, scene.proxy());
                figures =
                        play(scenario, scene.proxy(), Requests.KEY, Optional.of(scene.simulator()), Optional.of(scene));
            }
        }
        figures.forEach((name, value) -> System.out.printf("  %-28s %.3f%n", name, value));
        for (var condition : scenario.conditions()) {
            var value = figures.get(condition.figure());
            boolean holds = value != null && condition.holds(value);
            passed &= holds || value == null;
            System.out.printf("  %-28s %s%n", condition, value == null ? "not measured" : holds ? "met" : "missed");
        }
    }

    /** So that no compiler and no new connection is what is measured; what it sends is counted in no figure. */
    private void warm(Scenario scenario, URI proxy) throws Exception {
        int locations = Math.max(1, scenario.installations() > 0 ? scenario.installations() : scenario.locations());
        double rate = Math.min(WARM_UP_RATE, locations * WARM_UP_RATE_EACH);
        var requests = Requests.of(
                proxy.getAuthority(),
                Requests.KEY,
                own(scenario.installations() > 0 ? -1 : 0, locations),
                scenario.streams().get(0).ask().size() > 0
                        ? Requests.Ask.PAGE
                        : scenario.streams().get(0).ask());
        try (var driver = new Driver(List.of(proxy), 100, requests)) {
            driver.rate(rate, WARM_UP_SECONDS);
        }
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
    }

    /** At a deployment of the user's own: never without knowing what is behind it. */
    private Map<String, Double> abroad(Scenario scenario) throws Exception {
        var url = URI.create(options.get("url"));
        var simulator = Optional.ofNullable(options.get("simulator")).map(URI::create);
        if (simulator.isPresent()) {
            long before = spent(simulator.get());
            var location = own(0, 1).get(0);
            Scene.get(
                    url.resolve("/contacts/?limit=1&locationId=" + location),
                    "Authorization",
                    "Bearer " + options.get("key"));
            if (spent(simulator.get()) == before) {
                throw new Refused(url + " does not stand before the simulator at " + simulator.get()
                        + "; --spend-real-quota N sends N requests all the same");
            }
        } else if (!options.containsKey("spend-real-quota")) {
            throw new Refused(
                    "what is behind " + url + " may be HighLevel itself. Name its simulator (--simulator URL),"
                            + " or allow so many real requests: --spend-real-quota N");
        }
        return play(scenario, url, options.get("key"), simulator, Optional.empty());
    }

    private static long spent(URI simulator) throws IOException, InterruptedException {
        var stats = Scene.get(simulator.resolve(STATS));
        return Scene.number(stats, "accepted", true).orElseThrow(() -> new IOException(simulator + " is no simulator"))
                + Scene.number(stats, "refused", true).orElse(0L);
    }

    private Map<String, Double> play(
            Scenario scenario, URI proxy, String key, Optional<URI> simulator, Optional<Scene> scene) throws Exception {
        var threads = Executors.newCachedThreadPool();
        try {
            var laps = new LinkedHashMap<Scenario.Stream, Future<Lap>>();
            for (var stream : scenario.streams()) {
                laps.put(stream, threads.submit(lap(stream, proxy, key)));
            }
            var figures = new TreeMap<String, Double>();
            var before = simulator.isPresent() ? Scene.get(simulator.get().resolve(STATS)) : "";
            long began = System.nanoTime();
            var faults = new TreeMap<>(scenario.faults());
            double early = 0;
            double most = 0;
            for (boolean over = false; !over; TimeUnit.MILLISECONDS.sleep(200)) {
                over = laps.values().stream().allMatch(Future::isDone);
                double seconds = (System.nanoTime() - began) / 1e9;
                while (!faults.isEmpty() && faults.firstKey() <= seconds && simulator.isPresent()) {
                    Scene.post(
                            simulator.get().resolve("/_simulator/faults"),
                            faults.pollFirstEntry().getValue());
                }
                if (scene.isPresent()) {
                    double now = scene.get().residentMegabytes();
                    most = Math.max(most, now);
                    early = seconds < scenario.seconds() / 4.0 ? Math.max(early, now) : early;
                    figures.put("rss", most);
                    figures.put("rss_growth", now / early);
                }
            }
            long sent = 0;
            for (var lap : laps.entrySet()) {
                sent += put(figures, lap.getKey().name(), lap.getValue().get());
            }
            if (simulator.isPresent()) {
                count(figures, simulator.get(), before, sent, scenario.installations());
            }
            return figures;
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<Lap> lap(Scenario.Stream stream, URI proxy, String key) {
        return () -> {
            TimeUnit.SECONDS.sleep(stream.from());
            var locations = own(stream.first(), stream.locations());
            var requests = Requests.of(proxy.getAuthority(), key, locations, stream.ask());
            try (var driver = new Driver(List.of(proxy), stream.connections(), requests)) {
                return driver.within(allowance).rate(stream.rate(), stream.seconds());
            }
        };
    }

    /** The scenario's locations; of a deployment of the user's own, those that were named, over and over. */
    private List<String> own(int first, int count) {
        if (!options.containsKey("locations")) {
            return first < 0 ? many(count) : Requests.locations(first, count);
        }
        var named = List.of(options.get("locations").split(","));
        var some = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            some.add(named.get(Math.floorMod(first + i, named.size())));
        }
        return some;
    }

    private static List<String> many(int count) {
        var all = new ArrayList<String>();
        for (int i = 1; i <= count; i++) {
            all.add("many-" + i);
        }
        return all;
    }

    private static long put(Map<String, Double> figures, String name, Lap lap) {
        long answered = lap.latencies().length;
        long unanswered = lap.others().getOrDefault("failed", 0L) + lap.others().getOrDefault("open", 0L);
        long sent = answered + unanswered;
        figures.put(name + ".sent", (double) sent);
        if (sent > 0) {
            figures.put(name + ".ok", (double) lap.ok() / sent);
        }
        if (answered > 0) {
            figures.put(name + ".p50", lap.millis(0.5));
            figures.put(name + ".p99", lap.millis(0.99));
            figures.put(name + ".max", lap.millis(1));
        }
        lap.others().forEach((end, count) -> figures.put(name + "." + end, (double) count));
        return sent;
    }

    /** The largest of all counts by this name is that of all resources together. */
    private static double total(String stats, String name) {
        return Scene.number(stats, name, true).orElse(0L);
    }

    private static void count(Map<String, Double> figures, URI simulator, String before, long sent, int installations)
            throws Exception {
        var stats = Scene.get(simulator.resolve(STATS));
        double accepted = total(stats, "accepted") - total(before, "accepted");
        double refused = total(stats, "refused") - total(before, "refused");
        figures.put("accepted", accepted);
        figures.put("refused", refused);
        figures.put("sent_upstream_each", (accepted + refused) / Math.max(1, sent));
        Scene.number(stats, "max_in_any_interval", true)
                .ifPresent(most -> figures.put("max_in_any_interval", (double) most));
        if (installations > 0) {
            var tokens = Scene.get(simulator.resolve("/_simulator/oauth"));
            figures.put(
                    "rotations_each", Scene.number(tokens, "rotations", false).orElse(0L) / (double) installations);
            figures.put("reconnects", (double)
                    Scene.number(tokens, "reconnects", false).orElse(0L));
        }
    }
}
