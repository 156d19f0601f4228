package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.limits.Await;
import io.ghlgateway.simulator.Simulator;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Replicas as processes, a simulated HighLevel, and a {@link FaultProxy} before each that is to have one. When it closes, each replica that is
 * still there must have let go of all that it took.
 */
final class World implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_NANOS = 10_000_000;

    private static final int MORE_DESCRIPTORS =
            6; // of those that come and go by themselves: Redis, the log, a look at /proc

    private final Plan plan;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Path directory;
    private final Simulator simulator;
    private final FaultProxy highLevel;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<FaultProxy> doors = new ArrayList<>();
    private final Map<Replica, Integer> descriptors = new HashMap<>();
    private final Hiccups hiccups = new Hiccups();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    World(Plan plan) {
        this.plan = plan.set("upstream.idle-timeout", "3s");
        simulator = Await.result(Simulator.start(vertx, plan.simulator()));
        highLevel = new FaultProxy(URI.create(simulator.url()).getPort());
        try {
            directory = Files.createTempDirectory("faults");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where replicas may keep something. */
    Path directory() {
        return directory;
    }

    /** Between the replicas and HighLevel. */
    FaultProxy highLevel() {
        return highLevel;
    }

    /** Between callers and this replica; who asks at its own door does not meet it. */
    FaultProxy before(Replica replica) {
        var door = new FaultProxy(replica.proxy().getPort());
        doors.add(door);
        return door;
    }

    /** Whose account of what arrived is the one that counts. */
    Simulator simulator() {
        return simulator;
    }

    /** A time that something took must be within its bar, and what the machine stalled beside. */
    void within(long millis, long bar) {
        assertThat(millis)
                .as("of %d ms, on a machine that stalled for %d ms", bar, hiccups.worstMillis())
                .isLessThanOrEqualTo(bar + hiccups.allowance());
    }

    /** For a row's account of a time: the machine's own stalls beside it. */
    String stalls() {
        return "the machine itself stalled for up to " + hiccups.worstMillis() + " ms";
    }

    /** One more, which need not be ready. */
    Replica start(String... jvm) {
        return start(plan, jvm);
    }

    /** Of another configuration than the others. */
    Replica start(Plan plan, String... jvm) {
        return start(plan, URI.create("http://127.0.0.1:" + highLevel.port()), jvm);
    }

    /** Without the proxy before HighLevel: two threads for each connection are a burden where times of some ms count. */
    Replica startDirect(String... jvm) {
        return start(plan, URI.create(simulator.url()), jvm);
    }

    private Replica start(Plan plan, URI highLevel, String... jvm) {
        var config = directory.resolve("gateway-" + replicas.size() + ".yaml");
        plan.write(config, highLevel);
        var replica = new Replica(config, directory.resolve("gateway-" + replicas.size() + ".log"), jvm);
        replicas.add(replica);
        return replica;
    }

    List<Replica> start(int count) {
        var all = IntStream.range(0, count).mapToObj(i -> start()).toList();
        all.forEach(Replica::untilReady);
        all.forEach(this::atRest);
        return all;
    }

    /** A caller's request with its key. */
    static HttpRequest.Builder ask(Replica replica, String pathAndQuery) {
        return ask(replica.proxy(), pathAndQuery);
    }

    static HttpRequest.Builder ask(FaultProxy door, String pathAndQuery) {
        return ask(URI.create("http://127.0.0.1:" + door.port()), pathAndQuery);
    }

    private static HttpRequest.Builder ask(URI door, String pathAndQuery) {
        return HttpRequest.newBuilder(door.resolve(pathAndQuery))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + Plan.KEY);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> operators(Replica replica, String path) {
        return send(HttpRequest.newBuilder(replica.admin().resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + Plan.ADMIN_KEY));
    }

    HttpResponse<String> order(Replica replica, String path, String json) {
        return send(HttpRequest.newBuilder(replica.admin().resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + Plan.ADMIN_KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    /** What readiness says of it: ok, degraded, starting, draining, or gone. */
    String health(Replica replica) {
        try {
            return new JsonObject(operators(replica, "/health/ready").body()).getString("status");
        } catch (UncheckedIOException gone) {
            return "gone";
        }
    }

    /** The bound only ends a row that would hang: machines that others use too start a JVM in half a minute. */
    static void until(BooleanSupplier condition) {
        until(PATIENCE, condition);
    }

    static void until(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come true within " + patience);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    void untilAll(String status) {
        until(() -> replicas.stream()
                .filter(Replica::isAlive)
                .allMatch(each -> health(each).equals(status)));
    }

    /** The sum of all series that begin so. */
    double metric(Replica replica, String series) {
        return operators(replica, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Has the simulated HighLevel misbehave: its own form, a JSON array. */
    void misbehave(String script) {
        var answer = send(HttpRequest.newBuilder(URI.create(simulator.url() + "/_simulator/faults"))
                .POST(BodyPublishers.ofString(script)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Ends all that. */
    void calm() {
        send(HttpRequest.newBuilder(URI.create(simulator.url() + "/_simulator/faults"))
                .DELETE());
    }

    /** The most that any resource's calls came to in any of its intervals. */
    int busiest() {
        return simulator.stats().resources().values().stream()
                .mapToInt(each -> each.busiest())
                .max()
                .orElse(0);
    }

    /** From now on it must come back to what it holds now. */
    void atRest(Replica replica) {
        assertThat(health(replica)).isIn("ok", "degraded");
        descriptors.put(replica, replica.descriptors());
    }

    @Override
    public void close() {
        try {
            doors.forEach(FaultProxy::close);
            replicas.stream().filter(Replica::isAlive).forEach(this::holdsNothing);
            assertThat(replicas).noneMatch(each -> each.log().contains("LEAK:"));
        } finally {
            hiccups.close();
            replicas.forEach(Replica::close);
            highLevel.close();
            Await.result(vertx.close());
            if (!Boolean.getBoolean("keep-logs")) {
                delete(directory);
            }
        }
    }

    /** Places in line, descriptors, buffers. */
    private void holdsNothing(Replica replica) {
        until(() -> metric(replica, "ghl_gateway_queue_depth") == 0);
        int before = descriptors.getOrDefault(replica, Integer.MAX_VALUE - MORE_DESCRIPTORS);
        until(() -> replica.descriptors() <= before + MORE_DESCRIPTORS);
        replica.jcmd(
                "GC.run"); // Netty's detector tells of what nobody holds any more when it gives out the next buffer
        operators(replica, "/metrics");
        operators(replica, "/metrics");
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
