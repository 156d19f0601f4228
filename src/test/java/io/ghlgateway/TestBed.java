package io.ghlgateway;

import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorStats;
import io.ghlgateway.wiring.ConfigSource;
import io.ghlgateway.wiring.Gateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A gateway before a simulated HighLevel, both on free ports of this machine, and a caller's means to try it. Every wait
 * has a bound that only ends a test that would hang.
 */
final class TestBed implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int LOOPS = 2;

    private final Vertx vertx;
    private final Simulator simulator;
    private final Gateway gateway;
    private final HttpClient client;
    private boolean drained;

    private TestBed(Vertx vertx, Simulator simulator, Gateway gateway) {
        this.vertx = vertx;
        this.simulator = simulator;
        this.gateway = gateway;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    static TestBed start(Plan plan) {
        var vertx = Running.vertx(LOOPS + 1);
        var simulator = await(Simulator.start(vertx, plan.simulator()));
        return start(vertx, simulator, plan, URI.create(simulator.url()));
    }

    /** With another upstream than the simulator. */
    static TestBed start(Plan plan, URI upstream) {
        var vertx = Running.vertx(LOOPS + 1);
        return start(vertx, await(Simulator.start(vertx, plan.simulator())), plan, upstream);
    }

    /** Of a configuration that is written to this file first, and can be read again. */
    static TestBed start(Plan plan, Path file) {
        var vertx = Running.vertx(LOOPS + 1);
        var simulator = await(Simulator.start(vertx, plan.simulator()));
        plan.write(file, URI.create(simulator.url()));
        var source = new ConfigSource(file, Map.of());
        return start(vertx, simulator, ((Loaded.Ready) source.load()).settings(), Optional.of(source));
    }

    private static TestBed start(Vertx vertx, Simulator simulator, Plan plan, URI upstream) {
        return start(vertx, simulator, plan.settings(upstream), Optional.empty());
    }

    private static TestBed start(Vertx vertx, Simulator simulator, Settings settings, Optional<ConfigSource> source) {
        var gateway = await(Gateway.start(vertx, LOOPS, settings, source));
        await(gateway.ready());
        return new TestBed(vertx, simulator, gateway);
    }

    /** Where the simulator is, for another gateway before the same one. */
    URI upstream() {
        return URI.create(simulator.url());
    }

    int proxyPort() {
        return URI.create(gateway.proxyUrl()).getPort();
    }

    String adminUrl() {
        return gateway.adminUrl();
    }

    /** A caller's request, with its key. */
    HttpRequest.Builder request(String pathAndQuery) {
        return stranger(pathAndQuery).header("Authorization", "Bearer " + Plan.KEY);
    }

    /** A request without a key. */
    HttpRequest.Builder stranger(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(gateway.proxyUrl() + pathAndQuery))
                .timeout(BOUND);
    }

    HttpRequest.Builder operators(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path)).timeout(BOUND);
    }

    HttpResponse<String> get(String pathAndQuery) {
        return send(request(pathAndQuery));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request.build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** A connection to the proxy door for what an HTTP client would not send. */
    Wire wire() {
        return Wire.open(proxyPort());
    }

    SimulatorStats stats() {
        return simulator.stats();
    }

    /** Adds to the simulator's script; {@code kind} and what else there is, as JSON without its braces. */
    void fault(String fields) {
        var script = HttpRequest.newBuilder(URI.create(simulator.url() + "/_simulator/faults"))
                .POST(BodyPublishers.ofString("[{" + fields + "}]"));
        var answer = send(script);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    String metrics() {
        return send(operators("/metrics")).body();
    }

    /** The sum of all series that begin so. */
    double metric(String series) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    Future<Void> drain() {
        drained = true;
        return gateway.drain();
    }

    @Override
    public void close() {
        if (!drained) {
            await(drain());
        }
        await(vertx.close());
    }

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come true within " + BOUND);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return Running.await(future, BOUND);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        return await(Future.fromCompletionStage(future));
    }
}
