package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.TokenStoreContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.TestRedis;
import io.ghlgateway.redis.RedisLink;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisTokenStoreTest implements TokenStoreContract {

    private static final Duration PATIENT = Duration.ofSeconds(10);

    private static TestRedis redis;
    private static RedisLink control;

    private final List<RedisTokenStore> stores = new ArrayList<>();
    private RedisTokenStore store;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.started();
        control = RedisLink.to(redis.uri(), PATIENT, Ticker.systemTicker());
        control.start();
        Await.result(control.seen());
    }

    @AfterAll
    static void stop() throws IOException {
        Await.result(control.close());
        redis.close();
    }

    @BeforeEach
    void open() {
        command(c -> c.flushall());
        store = another(PATIENT);
    }

    @AfterEach
    void close() {
        stores.forEach(opened -> Await.result(opened.close()));
    }

    @Override
    public TokenStore store() {
        return store;
    }

    /** Takes so much from what everything there has left to live. */
    @Override
    public void pass(Duration time) {
        for (var key : command(c -> c.keys("gw:*"))) {
            long left = command(c -> c.pttl(key));
            if (left >= 0) {
                command(c -> c.pexpire(key, left - time.toMillis()));
            }
        }
        for (var replica : command(c -> c.zrange(key("present"), 0, -1))) {
            command(c -> c.zincrby(key("present"), -time.toMillis(), replica));
        }
    }

    private static byte[] key(String rest) {
        return RedisLine.bytes("gw:cred:" + rest);
    }

    private static <T> T command(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return Await.result(
                Future.fromCompletionStage(command.apply(control.commands().orElseThrow())));
    }

    private RedisTokenStore another(Duration commandTimeout) {
        var opened = on(redis, commandTimeout);
        stores.add(opened);
        return opened;
    }

    private static RedisTokenStore on(TestRedis redis, Duration commandTimeout) {
        var link = RedisLink.to(redis.uri(), commandTimeout, Ticker.systemTicker());
        var opened = new RedisTokenStore(link, "gw", Ticker.systemTicker());
        link.start();
        Await.result(link.seen());
        return opened;
    }

    private static TokenStore.Changes changes(TokenStore store, TokenStore.Changes earlier) {
        return Await.result(store.changes(Optional.of(earlier.cursor())));
    }

    @Test
    void ofReplicasThatWriteAtOnceOneWinsAndAllLearnOfIt() {
        var other = another(PATIENT);
        for (long generation = 1; generation <= 20; generation++) {
            var answers = new ArrayList<Future<Sealed>>();
            for (int writer = 0; writer < 10; writer++) {
                answers.add((writer % 2 == 0 ? store : other).write(sealed(HERE, generation, "by " + writer)));
            }
            Await.result(Future.all(answers));

            var kept = Await.result(other.read(HERE)).orElseThrow();
            assertThat(answers).allMatch(answer -> answer.result().equals(kept));
        }
    }

    @Test
    void generationsBeyondWhatLuaCanCountAreToldApart() {
        Await.result(store.write(sealed(HERE, Long.MAX_VALUE - 1, "before")));
        Await.result(store.write(sealed(HERE, Long.MAX_VALUE, "last")));
        Await.result(store.write(sealed(HERE, Long.MAX_VALUE - 1, "late")));

        assertThat(Await.result(store.read(HERE))).contains(sealed(HERE, Long.MAX_VALUE, "last"));
    }

    @Test
    void aReplicaSeesWhatAnotherWroteAndOnlyOnce() {
        var other = another(PATIENT);
        var first = Await.result(other.changes(Optional.empty()));
        Await.result(store.write(sealed(HERE, 1, "here")));
        Await.result(store.write(sealed(THERE, 1, "there")));

        var second = changes(other, first);
        var third = changes(other, second);

        assertThat(second.names()).containsExactlyInAnyOrder(HERE, THERE);
        assertThat(second.all()).isFalse();
        assertThat(third.names()).isEmpty();
        assertThat(third.all()).isFalse();
    }

    @Test
    void manyChangesComeInPartsAndNoneIsMissed() {
        var at = Await.result(store.changes(Optional.empty()));
        var written = new ArrayList<RecordName>();
        for (int i = 0; i < 2_500; i++) {
            written.add(new RecordName(RecordName.Kind.CALLER, "c" + i));
        }
        Await.result(Future.all(
                written.stream().map(name -> store.write(sealed(name, 1, "x"))).toList()));

        var seen = new ArrayList<RecordName>();
        do {
            at = changes(store, at);
            assertThat(at.all()).isFalse();
            seen.addAll(at.names());
        } while (!at.names().isEmpty());

        assertThat(seen).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void afterALossOfEverythingAnythingMayHaveChanged() {
        Await.result(store.write(sealed(HERE, 1, "here")));
        var before = Await.result(store.changes(Optional.empty()));

        command(c -> c.flushall());

        var after = changes(store, before);
        assertThat(after.all()).isTrue();
        assertThat(changes(store, after).all()).isFalse();
        assertThat(Await.result(store.read(HERE))).isEmpty();
    }

    @Test
    void fencesGrowEvenAfterALossOfEverything() {
        command(c -> c.set(key("{" + HERE + "}:fence"), RedisLine.bytes("1700000000999")));
        var before = Await.result(store.lease(HERE, "me", LONG)).orElseThrow();
        command(c -> c.flushall());
        var after = Await.result(store.lease(HERE, "you", LONG)).orElseThrow();

        assertThat(before.fence()).isEqualTo(1_700_000_001_000L);
        assertThat(after.fence()).isGreaterThan(before.fence());
    }

    @Test
    void aFollowerHasWhatWasWrittenBeforeTheWriteEnds() throws IOException {
        try (var leader = TestRedis.started();
                var follower = TestRedis.started()) {
            var reader = on(follower, PATIENT);
            stores.add(reader);
            follow(follower, leader);
            var writer = on(leader, PATIENT);
            stores.add(writer);

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
            stores.add(writer);
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
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
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
    void afterALossThatOthersHaveWrittenOverAnythingMayHaveChanged() {
        Await.result(store.write(sealed(HERE, 1, "here")));
        var before = Await.result(store.changes(Optional.empty()));
        command(c -> c.flushall());
        for (int i = 0; i < 10; i++) {
            Await.result(store.write(sealed(THERE, i + 1, "there")));
        }

        assertThat(changes(store, before).all()).isTrue();
    }

    @Test
    void whoComesLaterThanTheNewsIsKeptReadsAllAgain() {
        var before = Await.result(store.changes(Optional.empty()));
        Await.result(store.write(sealed(HERE, 1, "here")));
        command(c -> c.xtrim(key("changes"), false, 0));

        assertThat(changes(store, before).all()).isTrue();
    }

    @Test
    void aCursorOfSomethingElseReadsAllAgain() {
        assertThat(Await.result(store.changes(Optional.of("alone"))).all()).isTrue();
    }

    @Test
    void aRedisThatForgotTheScriptsIsToldThemAgain() {
        Await.result(store.write(sealed(HERE, 1, "one")));
        var mine = Await.result(store.lease(HERE, "me", LONG)).orElseThrow();
        var before = Await.result(store.changes(Optional.empty()));

        command(c -> c.scriptFlush());

        assertThat(Await.result(store.write(sealed(HERE, 2, "two")))).isEqualTo(sealed(HERE, 2, "two"));
        assertThat(changes(store, before).names()).containsExactly(HERE);
        Await.result(store.release(mine));
        assertThat(Await.result(store.lease(HERE, "you", LONG))).isPresent();
        assertThat(Await.result(store.present("me", LONG))).containsExactly("me");
    }

    @Test
    void aLeaseIsKeptFromAnotherReplicaAndItsEarlierFenceDoesNotReleaseIt() {
        var other = another(PATIENT);
        var first = Await.result(store.lease(HERE, "me", LONG)).orElseThrow();
        Await.result(store.lease(HERE, "me", LONG));

        Await.result(store.release(first));
        Await.result(other.release(new Lease(HERE, "you", first.fence())));

        assertThat(Await.result(other.lease(HERE, "you", LONG))).isEmpty();
    }

    @Test
    void readsAllRecordsAnotherReplicaWrote() {
        var written = new ArrayList<Sealed>();
        for (int i = 0; i < 2_000; i++) {
            written.add(sealed(new RecordName(RecordName.Kind.values()[i % 4], "r" + i), 1, "content " + i));
        }
        Await.result(Future.all(written.stream().map(store::write).toList()));

        var seen = new ConcurrentLinkedQueue<Sealed>();
        Await.result(another(PATIENT).scan(seen::add));

        assertThat(seen).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void aStoppedRedisFailsEverythingSoonAndARestartedOneIsToBeReadAgain() throws IOException {
        try (var own = TestRedis.started()) {
            var alone = on(own, Duration.ofMillis(500));
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
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));

            own.start();
            Await.until(() -> Await.result(alone.read(HERE).map(true).otherwise(false)));
            assertThat(changes(alone, before).all()).isTrue();
            Await.result(alone.close());
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
                .containsExactly("appendonly is no: a restarted Redis forgets every token not in a journal;"
                        + " set appendonly yes");

        command(c -> c.configSet("maxmemory-policy", "allkeys-lru"));
        command(c -> c.configSet("appendonly", "yes"));
        assertThat(Await.result(store.weaknesses()))
                .containsExactly(
                        "appendfsync is everysec: up to a second of writes is lost with the machine; 'always' is"
                                + " better, or keep each replica's credentials.journal on a volume",
                        "maxmemory-policy is allkeys-lru: when memory is short Redis drops tokens;"
                                + " set maxmemory-policy noeviction");

        command(c -> c.configSet("maxmemory-policy", "noeviction"));
        command(c -> c.configSet("appendfsync", "always"));
        assertThat(Await.result(store.weaknesses())).isEmpty();
        command(c -> c.configSet("appendonly", "no"));
        command(c -> c.configSet("appendfsync", "everysec"));
    }

    @Test
    void isSharedAndListsEachKindApart() {
        Await.result(store.write(sealed(HERE, 1, "here")));

        assertThat(store.isShared()).isTrue();
        assertThat(command(c -> c.keys("gw:*")).stream().map(RedisLine::text))
                .containsExactlyInAnyOrderElementsOf(Set.of(
                        "gw:cred:{installation/app:location:here}", "gw:cred:index:installation", "gw:cred:changes"));
    }
}
