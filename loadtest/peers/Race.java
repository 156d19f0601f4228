import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All peers before one upstream, asked in turn by one driver, round after round, each round begun by another of them. */
final class Race {

    static final int LIMIT = 100; // HighLevel's own, in ten seconds for each location
    private static final List<String> KINDS = List.of("GET", "POST");
    private static final double SOLVENT = 0.6; // of its own knee: a peer that can do less gets a lower rate

    private final Options options;
    private final Stand stand;
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final List<Stand.Peer> peers = new ArrayList<>();
    private final Map<String, Double> knees = new TreeMap<>();
    private final List<Figures> figures = new ArrayList<>();

    Race(Options options, Stand stand) {
        this.options = options;
        this.stand = stand;
    }

    List<Figures> run() throws IOException, InterruptedException {
        for (var name : options.peers()) {
            try {
                peers.add(stand.peer(name, locations(name), LIMIT));
            } catch (Stand.Missing notHere) {
                missing.put(name, notHere.getMessage());
                System.err.println(name + " is missing: " + notHere.getMessage());
            }
        }
        for (var peer : peers) {
            for (var kind : KINDS) {
                warm(peer, kind);
            }
        }
        for (int round = 1; round <= options.number("rounds"); round++) {
            for (var peer : peers) {
                for (var kind : KINDS) {
                    figures.add(measure(peer, kind, round));
                }
            }
            Collections.rotate(peers, 1);
        }
        return figures;
    }

    /** Names that were to be measured and are not, with the reason. */
    Map<String, String> missing() {
        return missing;
    }

    private void warm(Stand.Peer peer, String kind) throws IOException {
        try (var driver = driver(peer, kind)) {
            knees.put(peer.name() + kind, Warm.up(driver, peer, options.number("warm-up")));
        }
    }

    private Figures measure(Stand.Peer peer, String kind, int round) throws IOException, InterruptedException {
        double seconds = options.number("seconds");
        double rate = rate(peer, kind);
        try (var driver = driver(peer, kind)) {
            Warm.again(driver, peer);
            Map<String, Long> calls =
                    peer.redis().isPresent() ? peer.redis().get().calls() : Map.of();
            var before = Cpu.of(peer, stand);
            var full = driver.saturate(seconds);
            var used = Cpu.of(peer, stand).since(before);
            var called = peer.redis().isPresent() ? peer.redis().get().callsSince(calls, answers(full)) : "";
            var waits = stand.waits();
            long began = System.nanoTime();
            var between = Cpu.of(peer, stand);
            var steady = driver.rate(rate, seconds);
            var after = Cpu.of(peer, stand);
            double took = (System.nanoTime() - began) / 1e9;
            double waited = stand.waits().since(waits);
            Warm.emptyLogs(peer);
            var usedThen = after.since(between);
            var others = new TreeMap<>(full.others());
            steady.others().forEach((end, count) -> others.merge(end, count, Long::sum));
            var seen = new Figures(
                    peer.name(),
                    kind,
                    round,
                    full.perSecond(),
                    used.ownMicros(answers(full)),
                    used.redisMicros(answers(full)),
                    called,
                    rate,
                    usedThen.ownMicros(answers(steady)) + usedThen.redisMicros(answers(steady)),
                    usedThen.all() / took,
                    waited * 1e6 / answers(steady),
                    steady.millis(0.5),
                    steady.millis(0.99),
                    steady.millis(0.999),
                    steady.lateMillis(0.99),
                    megabytes(peer),
                    Math.max(used.strangersShare(), usedThen.strangersShare()),
                    others);
            System.err.println(seen.line());
            return seen;
        }
    }

    private static double megabytes(Stand.Peer peer) throws IOException {
        double megabytes = 0;
        for (var process : peer.processes()) {
            megabytes += process.residentMegabytes();
        }
        return megabytes;
    }

    /** Half of what ours with a Redis can do; half of its own for a peer that cannot do as much. */
    private double rate(Stand.Peer peer, String kind) {
        double knee = Optional.ofNullable(knees.get("redis" + kind))
                .or(() -> Optional.ofNullable(knees.get("embedded" + kind)))
                .orElse(10_000.0);
        double rate = options.number("rate") > 0 ? options.number("rate") : knee / 2;
        double own = knees.get(peer.name() + kind);
        return Math.max(1, Math.round(rate > own * SOLVENT ? own / 2 : rate));
    }

    private Driver driver(Stand.Peer peer, String kind) throws IOException {
        var locations = locations(peer.name());
        return new Driver(
                peer.urls(),
                options.number("connections"),
                kind.equals("GET") ? Requests.get(locations) : Requests.post(locations, options.number("body")));
    }

    /** A peer's own: what others have just asked for counts against no quota of its. */
    private List<String> locations(String peer) {
        int count = options.number("locations");
        return Requests.locations(Options.PEERS.indexOf(peer) * count, count);
    }

    private static long answers(Lap lap) {
        return lap.latencies().length;
    }
}
