package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.TokenStoreContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.redis.RedisOfClass;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisLink;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store in Redis that replicas share keeps to as well, whatever kind of Redis it is. */
abstract class SharedTokenStoreContract implements TokenStoreContract {

    static final Duration PATIENT = RedisOfClass.PATIENT;

    private final List<RedisTokenStore> stores = new ArrayList<>();
    RedisTokenStore store;

    /** The one that the tests share. */
    abstract RedisOfClass<?> redis();

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

    static byte[] key(String rest) {
        return RedisLine.bytes("gw:cred:" + rest);
    }

    <T> T command(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return Await.result(Future.fromCompletionStage(
                command.apply(redis().link().commands().orElseThrow())));
    }

    RedisTokenStore another(Duration commandTimeout) {
        return opened(redis().link(commandTimeout));
    }

    /** Closed after the test. */
    RedisTokenStore opened(RedisLink link) {
        return opened(link, new RedisTokenStore(link, "gw", Ticker.systemTicker()));
    }

    RedisTokenStore opened(RedisLink link, RedisTokenStore store) {
        stores.add(store);
        RedisOfClass.connected(link);
        return store;
    }

    static TokenStore.Changes changes(TokenStore store, TokenStore.Changes earlier) {
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
    void anEntryWrittenAnewInTheSameMillisecondIsNotTakenForTheOneThatWasLost() {
        Await.result(store.write(sealed(HERE, 1, "here")));
        var before = Await.result(store.changes(Optional.empty()));
        var lost = command(c -> c.xrange(key("changes"), Range.unbounded())).get(0);
        command(c -> c.flushall());
        command(c -> c.xadd(
                key("changes"),
                XAddArgs.Builder.maxlen(10).id(lost.getId()),
                Map.of(RedisLine.bytes("name"), RedisLine.bytes(HERE.toString()))));

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
    void listsEachKindApart() {
        Await.result(store.write(sealed(HERE, 1, "here")));

        assertThat(command(c -> c.keys("gw:*")).stream().map(RedisLine::text))
                .containsExactlyInAnyOrderElementsOf(Set.of(
                        "gw:cred:{installation/app:location:here}", "gw:cred:index:installation", "gw:cred:changes"));
    }
}
