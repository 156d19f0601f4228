package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.redis.RedisProcess;
import io.ghlgateway.redis.TestSentinel;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Trouble around the renewal of tokens, of which each is single-use; lost is what can be neither renewed nor used at the end. */
class TokenFaults extends FaultTest {

    @TempDir
    private Path directory;

    TokenFaults(TestReporter reporter) {
        super(reporter);
    }

    @Test
    @Proves(Row.U7)
    void whatIsNoAnswerOfTheTokenEndpointCostsNothing() {
        var answers = List.of(
                "{\"kind\": \"fail\", \"as\": \"html\", \"commits\": true}",
                "{\"kind\": \"reset\"}",
                "{\"kind\": \"fail\", \"status\": 200, \"body\": \"{\\\"access_token\\\": \\\"x\\\"}\", \"commits\": true}",
                "{\"kind\": \"fail\", \"status\": 200, \"body\": \"{\\\"access_token\\\": \\\"x\\\", \\\"refresh_token\\\": \\\"y\\\","
                        + " \\\"expires_in\\\": 86399, \\\"userType\\\": \\\"Location\\\", \\\"locationId\\\": \\\"another\\\"}\","
                        + " \"commits\": true}",
                "{\"kind\": \"fail\", \"status\": 503, \"commits\": true}");
        try (var world = new World(Installed.plan(directory, answers.size()))) {
            var replica = world.start(1).get(0);
            var installed = new Installed(world, answers.size());
            installed.install(replica);
            for (int i = 0; i < answers.size(); i++) {
                world.misbehave(
                        "[" + answers.get(i).replaceFirst("\\{", "{\"match\": {\"path\": \"/oauth/token\"}, ") + "]");
                installed.refresh(replica, installed.locations().get(i));
            }
            var lost = installed.lost(replica);

            report(
                    "%d of %d lost, %d repeats within the grace, %d reconnects",
                    lost.size(), answers.size(), installed.sum("graceRepeats"), installed.sum("reconnects"));
            assertThat(lost).isEmpty();
            assertThat(installed.sum("reconnects")).isZero();
        }
    }

    @Test
    @Proves(Row.U9)
    void anAnswerThatIsLostAfterTheRotationIsAskedForAgain() {
        int installations = 100;
        int rounds = 10;
        try (var world = new World(Installed.plan(directory, installations));
                var operators = new Callers()) {
            var replica = world.start(1).get(0);
            var installed = new Installed(world, installations);
            installed.install(replica);
            for (int round = 0; round < rounds; round++) {
                world.misbehave("[{\"match\": {\"path\": \"/oauth/token\"}, \"kind\": \"drop\", \"times\": "
                        + installations + "}]");
                refreshAll(operators, installed, replica).join();
            }
            var lost = installed.lost(replica);

            report(
                    "%d of %d lost after %d lost answers; %d repeats within the grace, %d reconnects",
                    lost.size(),
                    installations,
                    installations * rounds,
                    installed.sum("graceRepeats"),
                    installed.sum("reconnects"));
            assertThat(lost).isEmpty();
        }
    }

    @Test
    @Proves(Row.U11)
    void whoIsKilledBetweenTheAnswerAndTheSaveLosesNothing() {
        int installations = 100;
        int kills = 10;
        try (var world = new World(Installed.plan(directory, installations));
                var operators = new Callers()) {
            long first = System.nanoTime();
            var replica = world.start(1).get(0);
            long usual = since(first);
            var installed = new Installed(world, installations);
            installed.install(replica);
            long slowest = 0;
            for (int kill = 0; kill < kills; kill++) {
                var condemned = replica;
                var passed = new AtomicBoolean();
                int share = kill;
                // Before the answer passes, or when it has: both are between the rotation and the save.
                world.highLevel().watch(bytes -> {
                    if (new String(bytes, StandardCharsets.ISO_8859_1).contains("refresh_token")
                            && (share % 2 == 0 || passed.getAndSet(true))) {
                        condemned.kill();
                    }
                });
                var asked = refreshAll(operators, installed, condemned);
                World.until(() -> !condemned.isAlive());
                asked.join();
                world.highLevel().watch(bytes -> {});
                long start = System.nanoTime();
                replica = world.start().untilReady();
                assertThat(installed.serve(replica, installed.locations().get(kill)))
                        .isEqualTo(200);
                slowest = Math.max(slowest, since(start));
            }
            var lost = installed.lost(replica);

            report(
                    "%d of %d lost after %d kills amid %d renewals; %d repeats within the grace, %d reconnects; serves again after"
                            + " at most %d ms, where a start with nothing to take up took %d ms; %s",
                    lost.size(),
                    installations,
                    kills,
                    kills * installations,
                    installed.sum("graceRepeats"),
                    installed.sum("reconnects"),
                    slowest,
                    usual,
                    world.stalls());
            assertThat(lost).isEmpty();
            world.within(slowest - usual, 10_000);
        }
    }

    @Test
    @Proves(Row.R5)
    void noTokenIsLostWhileAReplicaOfRedisTakesOver() throws IOException {
        try (var redis = TestSentinel.started(Duration.ofSeconds(1))) {
            tokens(
                    redis.uri(),
                    () -> {
                        redis.killMaster();
                        pause(Duration.ofMillis(500));
                    },
                    () -> World.until(redis::isPromoted));
        }
    }

    @Test
    @Proves(Row.R8)
    void noTokenIsLostWhileRedisHasNoMemoryLeft() throws IOException {
        try (var redis = RedisProcess.started()) {
            tokens(
                    "redis://127.0.0.1:" + redis.port(),
                    () -> redis.ask("CONFIG", "SET", "maxmemory", "1"),
                    () -> redis.ask("CONFIG", "SET", "maxmemory", "0"));
        }
    }

    @Test
    @Proves(Row.G12)
    void nothingIsRenewedThatCannotBeWrittenDownFirst() {
        int installations = 20;
        try (var world = new World(Installed.plan(directory, installations))) {
            var replica = world.start(1).get(0);
            var installed = new Installed(world, installations);
            installed.install(replica);
            // No file of it may grow: what a full disk is to a program.
            replica.files("1");
            installed.locations().forEach(each -> installed.refresh(replica, each));
            long full = installed.sum("rotations");
            int served = (int) installed.locations().stream()
                    .filter(each -> installed.serve(replica, each) == 200)
                    .count();
            replica.files("unlimited");
            var lost = installed.lost(replica);

            report(
                    "%d renewals begun of %d asked for, %d of %d served meanwhile, %d lost",
                    full, installations, served, installations, lost.size());
            assertThat(full).isZero();
            assertThat(served).isEqualTo(installations);
            assertThat(lost).isEmpty();
        }
    }

    /** Two replicas; one renews all tokens while Redis is in trouble, and then the other must have them. */
    private void tokens(String redis, Runnable trouble, Runnable end) {
        int installations = 20;
        Plan plan = Installed.plan(directory, installations).set("redis.uri", "\"" + redis + "\"");
        try (var world = new World(plan);
                var operators = new Callers()) {
            var one = world.start(plan.set("credentials.journal", "\"" + directory.resolve("one") + "\""));
            var other = world.start(plan.set("credentials.journal", "\"" + directory.resolve("other") + "\""));
            one.untilReady();
            other.untilReady();
            var installed = new Installed(world, installations);
            installed.install(one);
            var asked = refreshAll(operators, installed, one);
            trouble.run();
            asked.join();
            refreshAll(operators, installed, one).join();
            end.run();
            world.untilAll("ok");
            var lost = installed.lost(other);

            report(
                    "%d of %d tokens lost, %d rotations, %d reconnects",
                    lost.size(), installations, installed.sum("rotations"), installed.sum("reconnects"));
            assertThat(lost).isEmpty();
        }
    }

    private static CompletableFuture<Void> refreshAll(Callers operators, Installed installed, Replica replica) {
        return CompletableFuture.allOf(installed.locations().stream()
                .map(each ->
                        operators.ask(HttpRequest.newBuilder(replica.admin().resolve(Installed.path(each)))
                                .timeout(World.PATIENCE)
                                .header("Authorization", "Bearer " + Plan.ADMIN_KEY)
                                .POST(BodyPublishers.noBody())))
                .toArray(CompletableFuture[]::new));
    }
}
