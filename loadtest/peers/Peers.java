import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The yardstick: the gateway beside its peers, and what it needs by itself, held against the bars. */
final class Peers {

    private final Options options;
    private final Path work;
    private final List<Figures> figures = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Bars bars = new Bars(figures);

    private Peers(Options options, Path work) {
        this.options = options;
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = new Options(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println("peers.sh: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new Peers(options, options.path("work")).run() ? 0 : 1);
    }

    /** Whether no bar was missed. */
    private boolean run() throws Exception {
        if (options.has("peers")) {
            int locations = Options.PEERS.size() * options.number("locations");
            try (var stand = new Stand(options, work.resolve("race"), locations, Race.LIMIT)) {
                var race = new Race(options, stand);
                figures.addAll(race.run());
                missing.putAll(race.missing());
            }
        }
        bars.peers();
        alone(new Alone(options, work));
        var date = LocalDate.now().toString();
        var report = new Report(date, Machine.describe(), options.toString(), figures, bars.bars(), missing);
        var results = options.path("results");
        report.write(results.resolve(date + "-peers.md"), results.resolve("raw").resolve(date + "-peers.html"));
        System.out.print(report.text());
        return !bars.missed();
    }

    private void alone(Alone alone) throws Exception {
        for (var shared : List.of(false, true)) {
            var ratio = OptionalDouble.empty();
            if (options.has("tenants")) {
                try {
                    var micros = alone.tenants(shared);
                    ratio = OptionalDouble.of(micros[1] / micros[0]);
                } catch (Stand.Missing notHere) {
                    missing.put("tenants with a Redis", notHere.getMessage());
                }
            }
            var what = "CPU per request with %d tenants vs 10, %s"
                    .formatted(options.number("many"), shared ? "Redis" : "embedded");
            bars.add(what, "≤ 1.15", ratio, 1.15, false, "%.2f");
        }
        var heap = options.has("heap") ? OptionalDouble.of(alone.heap()) : OptionalDouble.empty();
        bars.add(
                "heap for %d known, a tenth active tenants".formatted(options.number("many")),
                "≤ 1 GiB",
                heap,
                1024,
                false,
                "%.0f MiB");
        var resident = OptionalDouble.empty();
        if (options.has("rss")) {
            try {
                resident = OptionalDouble.of(alone.resident());
            } catch (Stand.Missing notHere) {
                missing.put("RSS", notHere.getMessage());
            }
        }
        bars.add("RSS at 1,000 requests/s steady", "≤ 350 MB", resident, 350, false, "%.0f MB");
        start(alone, 17, "≤ 2.5 s", 2_500);
        start(alone, 25, "≤ 1.2 s", 1_200);
    }

    private void start(Alone alone, int version, String bar, double limit) throws Exception {
        Optional<Double> millis = Optional.empty();
        if (options.has("start")) {
            millis = alone.start(version);
            if (millis.isEmpty()) {
                missing.put("start on JDK " + version, "no such JDK here; set JAVA" + version + "_HOME");
            }
        }
        var measured = millis.isPresent() ? OptionalDouble.of(millis.get()) : OptionalDouble.empty();
        bars.add("start to ready, JDK " + version + " with cache", bar, measured, limit, false, "%.0f ms");
    }
}
