package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.TokenStoreContract.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.RecordName.Kind;
import io.ghlgateway.limits.Await;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCopyTest {

    private static final int RECORDS = 1_000;

    private @TempDir Path directory;
    private TestRedis redis;
    private FileTokenStore files;
    private RedisTokenStore shared;
    private final List<Sealed> records = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        redis = TestRedis.started();
        files = FileTokenStore.open(directory.resolve("kept"), InstantSource.system());
        var link = RedisLink.to(redis.uri(), Duration.ofSeconds(10), Ticker.systemTicker());
        shared = new RedisTokenStore(link, "gw", Ticker.systemTicker());
        link.start();
        Await.result(link.seen());
        for (int i = 0; i < RECORDS; i++) {
            records.add(sealed(new RecordName(i % 4 == 0 ? Kind.TENANT : Kind.INSTALLATION, "r" + i), 5, "c" + i));
        }
        Await.result(Future.all(records.stream().map(files::write).toList()));
    }

    @AfterEach
    void close() throws IOException {
        Await.result(files.close());
        Await.result(shared.close());
        redis.close();
    }

    @Test
    void copiesEveryRecordAsItIsAndCountsThem() {
        var result = Await.result(TokenCopy.copy(files, shared));

        assertThat(result)
                .isEqualTo(new TokenCopy.Result(
                        RECORDS, 0, 0, List.of(), Map.of(Kind.TENANT, 250, Kind.INSTALLATION, 750), true));
        var there = new ConcurrentLinkedQueue<Sealed>();
        Await.result(shared.scan(there::add));
        assertThat(there).containsExactlyInAnyOrderElementsOf(records);
    }

    @Test
    void interruptedInTheMiddleItIsRunAgainAndTheRestIsCopied() {
        var writes = new AtomicInteger();
        var copy = TokenCopy.copy(files, flawed(shared, () -> writes.incrementAndGet() > 450, false));

        assertThat(Await.result(copy.map("").otherwise(Throwable::getMessage))).isEqualTo("interrupted");

        var again = Await.result(TokenCopy.copy(files, shared));
        assertThat(again.copied()).isEqualTo(RECORDS - 450);
        assertThat(again.alreadyThere()).isEqualTo(450);
        assertThat(again.verified()).isTrue();
        assertThat(Await.result(TokenCopy.copy(files, shared)).alreadyThere()).isEqualTo(RECORDS);
    }

    @Test
    void aNewerRecordThereStaysAndAnOlderOneIsReplaced() {
        var newer = sealed(records.get(0).name(), 6, "newer");
        Await.result(shared.write(newer));
        Await.result(shared.write(sealed(records.get(1).name(), 4, "older")));

        var result = Await.result(TokenCopy.copy(files, shared));

        assertThat(result.newerThere()).isEqualTo(1);
        assertThat(result.copied()).isEqualTo(RECORDS - 1);
        assertThat(result.verified()).isTrue();
        assertThat(Await.result(shared.read(newer.name()))).contains(newer);
        assertThat(Await.result(shared.read(records.get(1).name()))).contains(records.get(1));
    }

    @Test
    void anotherRecordOfTheSameStateIsNamedLeftAndNotVerified() {
        var other = sealed(records.get(7).name(), 5, "of another history");
        Await.result(shared.write(other));

        var result = Await.result(TokenCopy.copy(files, shared));

        assertThat(result.differing()).containsExactly(other.name());
        assertThat(result.copied()).isEqualTo(RECORDS - 1);
        assertThat(result.alreadyThere()).isZero();
        assertThat(result.verified()).isFalse();
        assertThat(Await.result(shared.read(other.name()))).contains(other);
    }

    @Test
    void theMarkOfAKeysetIsEachGatewaysOwnAndDiffersNot() {
        var mark = new RecordName(Kind.SENTINEL, "keyset");
        Await.result(files.write(sealed(mark, 1, "mine")));
        Await.result(shared.write(sealed(mark, 1, "theirs")));

        var result = Await.result(TokenCopy.copy(files, shared));

        assertThat(result.alreadyThere()).isEqualTo(1);
        assertThat(result.verified()).isTrue();
    }

    @Test
    void whatDoesNotComeBackIsNotVerified() {
        var result = Await.result(TokenCopy.copy(files, flawed(shared, () -> false, true)));

        assertThat(result.copied()).isEqualTo(RECORDS);
        assertThat(result.readBack()).isEmpty();
        assertThat(result.verified()).isFalse();
    }

    @Test
    void whatWasCopiedComesBackToFiles() throws IOException {
        Await.result(TokenCopy.copy(files, shared));
        var back = FileTokenStore.open(directory.resolve("back"), InstantSource.system());

        assertThat(Await.result(TokenCopy.copy(shared, back)).verified()).isTrue();
        assertThat(Await.result(TokenCopy.copy(shared, back)).alreadyThere()).isEqualTo(RECORDS);
        Await.result(back.close());
    }

    /** The store, except that writes fail once it is broken, and a forgetful one gives nothing back. */
    private static TokenStore flawed(TokenStore store, BooleanSupplier broken, boolean forgetful) {
        return (TokenStore) Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals("write") && broken.getAsBoolean()) {
                        return Future.failedFuture("interrupted");
                    }
                    return method.getName().equals("read") && forgetful
                            ? Future.succeededFuture(Optional.empty())
                            : method.invoke(store, arguments);
                });
    }
}
