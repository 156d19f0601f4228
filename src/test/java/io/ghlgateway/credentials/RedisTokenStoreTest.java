package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.TokenStoreContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisTokenStoreTest extends SharedTokenStoreContract {

    @RegisterExtension
    static final RedisOfClass<TestRedis> REDIS = RedisOfClass.node();

    @Override
    RedisOfClass<?> redis() {
        return REDIS;
    }

    private RedisTokenStore on(TestRedis redis, Duration commandTimeout) {
        return opened(RedisLink.to(redis.uri(), commandTimeout, Ticker.systemTicker()));
    }

    @Test
    void aFollowerHasWhatWasWrittenBeforeTheWriteEnds() throws IOException {
        try (var leader = TestRedis.started();
                var follower = TestRedis.started()) {
            var reader = on(follower, PATIENT);
            follow(follower, leader);
            var link = RedisLink.to(leader.uri(), PATIENT, Ticker.systemTicker());
            // However slow the machine is: what is looked at is whether it waits, and not for how long.
            var within = PATIENT.dividedBy(2);
            var writer = opened(link, new RedisTokenStore(link, "gw", Ticker.systemTicker(), within));

            for (int round = 0; round < 20; round++) {
                var writes = new ArrayList<Future<Sealed>>();
                for (int i = 0; i < 10; i++) {
                    writes.add(writer.write(sealed(new RecordName(RecordName.Kind.TENANT, "t" + i), round, "x")));
                }
                Await.result(Future.all(writes));
                for (var write : writes) {
                    assertThat(Await.result(reader.read(write.result().name()))).contains(write.result());
                }
            }
        }
    }

    @Test
    void aFollowerThatHangsFailsNoWrite() throws IOException, InterruptedException {
        try (var leader = TestRedis.started();
                var follower = TestRedis.started()) {
            follow(follower, leader);
            var writer = on(leader, PATIENT);
            var link = RedisLink.to(follower.uri(), PATIENT, Ticker.systemTicker());
            link.start();
            Await.result(link.seen());
            var pid = follower.pid(link.commands().orElseThrow());
            signal("STOP", pid);
            try {
                long asked = System.nanoTime();
                var writes = new ArrayList<Future<Sealed>>();
                for (int i = 0; i < 100; i++) {
                    writes.add(writer.write(sealed(new RecordName(RecordName.Kind.TENANT, "t" + i), 1, "x")));
                }
                Await.result(Future.all(writes));
                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .as("one after the other they would wait for ten seconds")
                        .isLessThan(Duration.ofSeconds(8));
            } finally {
                signal("CONT", pid);
            }
            Await.result(link.close());
        }
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }

    /** Returns once the leader counts it. */
    private static void follow(TestRedis follower, TestRedis leader) {
        var link = RedisLink.to(follower.uri(), PATIENT, Ticker.systemTicker());
        link.start();
        Await.result(link.seen());
        var there = URI.create(leader.uri());
        Await.result(
                Future.fromCompletionStage(link.commands().orElseThrow().replicaof(there.getHost(), there.getPort())));
        Await.until(() -> Await.result(
                        Future.fromCompletionStage(link.commands().orElseThrow().info("replication")))
                .contains("master_link_status:up"));
        Await.result(link.close());
        var line = RedisLink.to(leader.uri(), PATIENT, Ticker.systemTicker());
        line.start();
        Await.result(line.seen());
        Await.until(() -> Await.result(
                        Future.fromCompletionStage(line.commands().orElseThrow().info("replication")))
                .contains("state=online"));
        Await.result(line.close());
    }

    @Test
    void aStoppedRedisFailsEverythingSoonAndARestartedOneIsToBeReadAgain() throws IOException {
        try (var own = TestRedis.started()) {
            var alone = on(own, Duration.ofSeconds(3));
            Await.result(alone.write(sealed(HERE, 1, "here")));
            var before = Await.result(alone.changes(Optional.empty()));
            own.stop();

            long asked = System.nanoTime();
            var answers = List.<Future<?>>of(
                    alone.read(HERE),
                    alone.write(sealed(HERE, 2, "here")),
                    alone.scan(record -> {}),
                    alone.lease(HERE, "me", LONG),
                    alone.release(new Lease(HERE, "me", 1)),
                    alone.claim("once", LONG),
                    alone.changes(Optional.of(before.cursor())),
                    alone.present("me", LONG),
                    alone.weaknesses());
            Await.until(() -> answers.stream().allMatch(Future::isComplete));

            assertThat(answers).allMatch(Future::failed);
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .as("one after the other they would wait for 27 seconds")
                    .isLessThan(Duration.ofSeconds(20));

            own.start();
            Await.until(() -> Await.result(alone.read(HERE).map(true).otherwise(false)));
            assertThat(changes(alone, before).all()).isTrue();
        }
    }

    @Test
    void failsAtOnceBeforeRedisWasThere() throws IOException {
        try (var missing = TestRedis.notStarted()) {
            var link = RedisLink.to(missing.uri(), Duration.ofMillis(500), Ticker.systemTicker());
            var early = new RedisTokenStore(link, "gw", Ticker.systemTicker());
            link.start();

            assertThat(early.read(HERE).failed()).isTrue();
            assertThat(early.write(sealed(HERE, 1, "x")).failed()).isTrue();
            Await.result(early.close());
        }
    }

    @Test
    void saysWhichSettingsLoseTokens() {
        assertThat(Await.result(store.weaknesses()))
                .containsExactly(
                        "appendonly is no: a restarted Redis forgets all webhooks, and every token not in a journal;"
                                + " set appendonly yes");

        command(c -> c.configSet("maxmemory-policy", "allkeys-lru"));
        command(c -> c.configSet("appendonly", "yes"));
        assertThat(Await.result(store.weaknesses()))
                .containsExactly(
                        "appendfsync is everysec: up to a second of writes, webhooks among them, is lost with the"
                                + " machine; 'always' is better, or, for tokens, keep each replica's credentials.journal"
                                + " on a volume",
                        "maxmemory-policy is allkeys-lru: when memory is short Redis drops tokens;"
                                + " set maxmemory-policy noeviction");

        command(c -> c.configSet("maxmemory-policy", "noeviction"));
        command(c -> c.configSet("appendfsync", "always"));
        assertThat(Await.result(store.weaknesses())).isEmpty();
        command(c -> c.configSet("appendonly", "no"));
        command(c -> c.configSet("appendfsync", "everysec"));
    }
}
