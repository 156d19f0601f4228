import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What requests take of the CPU, of Redis and of the heap, at a rate that is kept, or without a pause. */
final class Costs implements AutoCloseable {

    /** Of heap until the last collection, and what was since. */
    private static final Pattern ALLOCATED =
            Pattern.compile("jvm_gc_memory_allocated_bytes_total|jvm_memory_used_bytes\\{.*Eden Space.*");

    /**
     * Of all replicas together.
     *
     * @param perSecond requests, answered
     * @param cores of the CPU, the replicas'
     * @param redisCores and Redis'
     * @param commands a second, of Redis
     * @param wire bytes a second, to and from Redis
     * @param allocated bytes a second, of heap
     * @param strangers share of the machine's work meanwhile that was others'
     */
    record Load(
            double perSecond,
            double cores,
            double redisCores,
            double commands,
            double wire,
            double allocated,
            double strangers) {}

    private record Moment(long nanos, Cpu cpu, long commands, double wire, double allocated) {}

    private final Stand stand;
    private final Stand.Peer peer;
    private final Driver driver;
    private final HttpClient operator = HttpClient.newHttpClient();
    private final List<URI> metrics = new ArrayList<>();

    Costs(Stand stand, Stand.Peer peer, Options options, List<String> locations)
            throws IOException, InterruptedException {
        this.stand = stand;
        this.peer = peer;
        for (var replica : peer.processes()) {
            metrics.add(replica.ready("admin").resolve("/metrics"));
        }
        this.driver = new Driver(peer.urls(), options.number("connections"), Requests.get(locations));
    }

    /** As {@link Warm#up}. */
    void warm(long requests) throws IOException {
        Warm.up(driver, peer, requests);
    }

    /** @param perSecond zero: nobody asks anything */
    Load at(double perSecond, double seconds) throws IOException, InterruptedException {
        var before = moment();
        long answers = 0;
        if (perSecond == 0) {
            Thread.sleep((long) (seconds * 1e3));
        } else {
            var lap = driver.rate(perSecond, seconds);
            answers = lap.ok();
            if (!lap.others().isEmpty()) {
                System.err.println(peer.name() + ": not 2xx: " + lap.others());
            }
        }
        return load(before, answers, "at %.0f/s".formatted(perSecond));
    }

    private Load load(Moment before, long answers, String how) throws IOException, InterruptedException {
        var after = moment();
        double took = (after.nanos - before.nanos) / 1e9;
        var used = after.cpu.since(before.cpu);
        var load = new Load(
                answers / took,
                used.own() / took,
                used.redis() / took,
                (after.commands - before.commands) / took,
                (after.wire - before.wire) / took,
                (after.allocated - before.allocated) / took,
                used.strangersShare());
        System.err.printf("%s %s: %s%n", peer.name(), how, load);
        return load;
    }

    /** When all connections ask without a pause. */
    Load full(double seconds) throws IOException, InterruptedException {
        Warm.again(driver, peer);
        var before = moment();
        var lap = driver.saturate(seconds);
        return load(before, lap.ok(), "without a pause");
    }

    /** Connections to Redis, of all replicas; this process's own to ask for it apart. */
    double redisConnections() throws IOException {
        return redis() == null ? 0 : redis().info("connected_clients") - 1;
    }

    private Moment moment() throws IOException, InterruptedException {
        double allocated = 0;
        for (var url : metrics) {
            allocated += allocated(url);
        }
        for (var replica : peer.processes()) {
            replica.emptyLogs();
        }
        var redis = redis();
        return new Moment(
                System.nanoTime(),
                Cpu.of(peer, stand),
                redis == null ? 0 : redis.commands(),
                redis == null ? 0 : redis.info("total_net_input_bytes") + redis.info("total_net_output_bytes"),
                allocated);
    }

    private double allocated(URI metrics) throws IOException, InterruptedException {
        return operator.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .map(line -> line.split(" (?=[^ ]+$)"))
                .filter(line -> ALLOCATED.matcher(line[0]).matches())
                .mapToDouble(line -> Double.parseDouble(line[1]))
                .sum();
    }

    private Redis redis() {
        return peer.redis().orElse(null);
    }

    @Override
    public void close() throws IOException {
        driver.close();
    }
}
