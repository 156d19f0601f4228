package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.TestCluster;
import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Latency;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as operators start it, on a Redis Cluster of three. */
class ServeOnAClusterTest {

    private static final Pattern READY = Pattern.compile("ready: proxy=(\\S+) admin=(\\S+).*");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @Test
    void spendsItsQuotaAndEndsWhenItIsTold() throws Exception {
        var vertx = Running.vertx(1);
        try (var redis = TestCluster.started()) {
            var simulator = TestBed.await(Simulator.start(
                    vertx,
                    SimulatorOptions.builder()
                            .latency(Latency.none())
                            .tokens(Map.of(Plan.ACME_TOKEN, Account.parse(Plan.ACME)))
                            .limit(5, Duration.ofMinutes(50))
                            .build()));
            var config = Files.writeString(directory.resolve("gateway.yaml"), """
                    proxy: {host: 127.0.0.1, port: 0}
                    admin: {host: 127.0.0.1, port: 0}
                    upstream: {base-url: "%s"}
                    limits: {burst: {requests: 5, per: 50m}, guard: 30s, permit-ttl: 10s, learn: false}
                    drain: {lame-duck: 50ms}
                    redis: {uri: "%s", cluster: true, command-timeout: 10s}
                    tenants:
                      - {id: acme, location: %s, token: %s}
                    callers:
                      - {name: billing, key: %s, tenants: [acme], default-tenant: acme}
                    """.formatted(
                            simulator.url(), uri(redis), Plan.ACME, Plan.ACME_TOKEN, Plan.KEY));
            try (var gateway = new Serve(config)) {
                gateway.untilReady();

                for (int i = 0; i < 5; i++) {
                    assertThat(get(gateway.proxy, 60).statusCode()).isEqualTo(200);
                }
                assertThat(get(gateway.proxy, 0).headers().firstValue("X-Gateway-Error"))
                        .hasValue("deadline");
                assertThat(simulator.stats().accepted()).isEqualTo(5);
                assertThat(simulator.stats().refused()).isZero();
                assertThat(gateway.stop()).isZero();
            }
        } finally {
            TestBed.await(vertx.close());
        }
    }

    private static String uri(TestCluster redis) {
        return "redis://" + redis.address().toString().replace(" ", "");
    }

    private HttpResponse<String> get(String proxy, int wait) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(proxy + "/contacts/c1"))
                        .header("Authorization", "Bearer " + Plan.KEY)
                        .header("Prefer", "wait=" + wait)
                        .build(),
                BodyHandlers.ofString());
    }

    /** A process of its own, which ends with the test. */
    private static final class Serve implements AutoCloseable {

        private final Process process;
        private final BufferedReader out;
        private String proxy = "";

        Serve(Path config) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.ghlgateway.Main",
                            "serve",
                            "--config",
                            config.toString())
                    .redirectErrorStream(true)
                    .start();
            out = process.inputReader();
            var mine = process;
            Runtime.getRuntime().addShutdownHook(new Thread(mine::destroyForcibly));
        }

        /** Whatever it logs before. */
        void untilReady() throws IOException {
            for (var line = out.readLine(); proxy.isEmpty(); line = out.readLine()) {
                assertThat(line).as("a line before it ended").isNotNull();
                var ready = READY.matcher(line);
                if (ready.matches()) {
                    proxy = ready.group(1);
                    return;
                }
            }
        }

        /** As an orchestrator does. */
        int stop() throws InterruptedException {
            process.destroy();
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
