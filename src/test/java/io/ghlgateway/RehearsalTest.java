package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.FreePorts;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.wiring.Gateway;
import io.lettuce.core.RedisClient;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new process does before it takes webhooks. */
class RehearsalTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @AutoClose
    private AppStand stand;

    @BeforeEach
    void setUp() throws IOException {
        stand = new AppStand();
    }

    @Test
    void nothingOfItStaysOnTheDisk() throws IOException {
        assertThat(rehearsed(settings(Optional.empty(), directory), 9)).isEqualTo(9);

        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void nothingOfItStaysInRedisBeyondAMinute() throws Exception {
        try (var redis = TestRedis.started()) {
            assertThat(rehearsed(settings(Optional.of(redis.uri()), directory), 9))
                    .isEqualTo(9);

            assertThat(keys(redis)).as("the ids").hasSize(9);
        }
    }

    /** All of them are gone soon. */
    private static List<String> keys(TestRedis redis) {
        var client = RedisClient.create(redis.uri());
        try (var connection = client.connect()) {
            var commands = connection.sync();
            var keys = commands.keys("*");
            assertThat(keys).allSatisfy(key -> assertThat(commands.ttl(key)).isBetween(1L, 60L));
            return keys;
        } finally {
            client.shutdown();
        }
    }

    @Test
    void itEndsWhenItsTimeIsUp() throws Exception {
        try (var redis = TestRedis.started()) {
            var settings = settings(Optional.of(redis.uri()), directory);

            assertThat(TestBed.await(Rehearsal.of(settings, Integer.MAX_VALUE, Duration.ofSeconds(1))))
                    .isLessThan(Integer.MAX_VALUE);

            assertThat(keys(redis)).as("nothing that came too late").allMatch(key -> key.contains(":seen:"));
        }
    }

    @Test
    void aStoreThatCannotBeUsedOnlyEndsIt() throws IOException {
        var file = Files.writeString(directory.resolve("no-directory"), "");

        assertThat(rehearsed(settings(Optional.empty(), file), 9)).isZero();
    }

    @Test
    void theGatewayIsNotReadyBeforeIt() throws Exception {
        var over = Promise.<Void>promise();
        int port = FreePorts.next();
        var settings =
                stand.plan(directory).publicDoor().webhooks("").admin(port).settings();
        var vertx = Running.vertx(1);
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .timeout(LONG)
                .build();
        var client = HttpClient.newHttpClient();

        var starting = Gateway.start(vertx, 1, settings, Optional.empty(), over.future());
        TestBed.until(() -> status(client, ready) != 0);
        assertThat(status(client, ready)).isEqualTo(503);

        over.complete();
        var gateway = TestBed.await(starting);
        TestBed.until(() -> status(client, ready) == 200);
        TestBed.await(gateway.drain());
        TestBed.await(vertx.close());
    }

    private static int status(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException notListeningYet) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Settings settings(Optional<String> redis, Path directory) {
        var plan = stand.plan(directory).publicDoor().webhooks("");
        return redis.map(plan::redis).orElse(plan).settings();
    }

    private static int rehearsed(Settings settings, int webhooks) {
        return TestBed.await(Rehearsal.of(settings, webhooks, LONG));
    }
}
