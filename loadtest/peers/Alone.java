import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the gateway needs by itself, beside nobody. */
final class Alone {

    private static final int FEW = 10;
    private static final int TENANTS_RATE = 2_000; // a second, so that ten tenants have 200 each
    private static final int TENANTS_LIMIT = 10_000; // in ten seconds, so that nothing is refused
    private static final int STEADY_RATE = 1_000;
    private static final int ACTIVE_PART = 10; // one in so many of the known tenants
    private static final int LEAST_VISITS = 300_000;
    private static final int VISITS_EACH = 3; // and with more than what a tenant's first request takes
    private static final double VISIT_SECONDS = 2;

    private final Options options;
    private final Path work;

    Alone(Options options, Path work) {
        this.options = options;
        this.work = work;
    }

    /** CPU for each request, Redis included, in us: with ten tenants, then with very many. */
    double[] tenants(boolean shared) throws IOException, InterruptedException, Stand.Missing {
        var micros = new double[2];
        int[] counts = {FEW, options.number("many")};
        for (int i = 0; i < 2; i++) {
            var locations = Requests.locations(0, counts[i]);
            var name = "tenants-" + counts[i] + (shared ? "-redis" : "");
            try (var stand = new Stand(options, work.resolve(name), counts[i], TENANTS_LIMIT)) {
                var peer = stand.ours(name, 1, shared, locations, TENANTS_LIMIT, options.text("heap-many"));
                try (var driver = new Driver(peer.urls(), options.number("connections"), Requests.get(locations))) {
                    Warm.up(driver, peer, Math.max(VISITS_EACH * counts[i], LEAST_VISITS));
                    var before = Cpu.of(peer, stand);
                    var lap = driver.rate(TENANTS_RATE, 2.0 * options.number("seconds"));
                    var used = Cpu.of(peer, stand).since(before);
                    long answers = lap.latencies().length;
                    micros[i] = used.ownMicros(answers) + used.redisMicros(answers);
                    System.err.printf("%s: %.1f us a request %s%n", name, micros[i], lap.others());
                }
            }
        }
        return micros;
    }

    /** Heap in use after a collection, in MiB, with very many tenants of which one in ten was called. */
    double heap() throws IOException, InterruptedException, Stand.Missing {
        int known = options.number("many");
        try (var stand = new Stand(options, work.resolve("heap"), known, Race.LIMIT)) {
            var locations = Requests.locations(0, known);
            var active = Requests.get(locations.subList(0, known / ACTIVE_PART));
            var peer = stand.ours("heap", 1, false, locations, Race.LIMIT, options.text("heap-many"));
            try (var driver = new Driver(peer.urls(), options.number("connections"), active)) {
                visit(driver, known / ACTIVE_PART * 3L);
            }
            return peer.processes().get(0).liveHeapMegabytes();
        }
    }

    /** The most that is resident in MB at a thousand requests a second, with a Redis. */
    double resident() throws IOException, InterruptedException, Stand.Missing {
        var locations = Requests.locations(0, options.number("locations"));
        try (var stand = new Stand(options, work.resolve("rss"), locations.size(), Race.LIMIT)) {
            var peer = stand.ours("rss", 1, true, locations, Race.LIMIT, options.text("heap"));
            double most = 0;
            try (var driver = new Driver(peer.urls(), options.number("connections"), Requests.get(locations))) {
                for (int lap = 0; lap < 6; lap++) {
                    driver.rate(STEADY_RATE, options.number("seconds"));
                    most = Math.max(most, peer.processes().get(0).residentMegabytes());
                }
            }
            return most;
        }
    }

    /** The median ms from the command to {@code ready:} with this JDK and a cache made by a training run; empty without it. */
    Optional<Double> start(int version) throws IOException, InterruptedException {
        var java = jdk(version);
        if (java.isEmpty()) {
            return Optional.empty();
        }
        var folder = Files.createDirectories(work.resolve("start-" + version));
        var cache = folder.resolve("cache");
        boolean aot = version >= 25;
        run(
                folder,
                java.get(),
                (aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + cache,
                "demo",
                "--for",
                "5s");
        var times = new ArrayList<Double>();
        for (int i = 0; i < options.number("starts"); i++) {
            var home = folder.resolve(Integer.toString(i));
            long began = System.nanoTime();
            var environment = Map.of(
                    "GHL_TOKEN",
                    "pit-start",
                    "GHL_LOCATION",
                    "start",
                    "GHL_GATEWAY_KEY",
                    Requests.KEY,
                    "GHL_PROXY_HOST",
                    "127.0.0.1",
                    "GHL_PROXY_PORT",
                    "0",
                    "GHL_ADMIN_PORT",
                    "0");
            var command = new ArrayList<>(List.of(
                    java.get().toString(),
                    "-Xmx" + options.text("heap"),
                    (aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + cache));
            command.addAll(options.flags("gateway-options"));
            command.addAll(List.of("-jar", options.path("jar").toString(), "serve"));
            try (var server = Server.start(home, environment, command)) {
                server.ready("proxy");
                times.add((System.nanoTime() - began) / 1e6);
            }
        }
        Collections.sort(times);
        return Optional.of(times.get(times.size() / 2));
    }

    /** So many requests at least, as fast as they are answered. */
    private static void visit(Driver driver, long requests) throws IOException {
        for (long seen = 0; seen < requests; ) {
            long more = driver.saturate(VISIT_SECONDS).ok();
            if (more == 0) {
                throw new IOException("nothing is answered with 2xx");
            }
            seen += more;
        }
    }

    private void run(Path folder, Path java, String flag, String... command) throws IOException, InterruptedException {
        var all = new ArrayList<>(
                List.of(java.toString(), flag));
        all.addAll(options.flags("gateway-options"));
        all.addAll(List.of("-jar", options.path("jar").toString()));
        all.addAll(List.of(command));
        var training = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("training.log").toFile())
                .start();
        if (!training.waitFor(5, TimeUnit.MINUTES) || training.exitValue() != 0) {
            training.destroyForcibly();
            throw new IOException("the training run failed: " + folder.resolve("training.log"));
        }
    }

    /** Its {@code java}: of this process if it is that version, of {@code JAVA17_HOME}, or beside this process's JDK. */
    static Optional<Path> jdk(int version) throws IOException {
        var homes = new ArrayList<Path>();
        if (Runtime.version().feature() == version) {
            homes.add(Path.of(System.getProperty("java.home")));
        }
        Optional.ofNullable(System.getenv("JAVA" + version + "_HOME"))
                .map(Path::of)
                .ifPresent(homes::add);
        for (var folder : List.of(Path.of(System.getProperty("java.home")).getParent(), Path.of("/usr/lib/jvm"))) {
            if (Files.isDirectory(folder)) {
                try (var found = Files.list(folder)) {
                    found.sorted().forEach(homes::add);
                }
            }
        }
        for (var home : homes) {
            var release = home.resolve("release");
            if (Files.isRegularFile(release) && Files.readString(release).contains("JAVA_VERSION=\"" + version + ".")) {
                return Optional.of(home.resolve("bin/java"));
            }
        }
        return Optional.empty();
    }
}
