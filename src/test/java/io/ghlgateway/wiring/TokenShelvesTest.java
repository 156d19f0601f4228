package io.ghlgateway.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.limits.Await;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A start that has no keyset says so where an earlier one had: what that kept would be gone without a word. */
class TokenShelvesTest {

    private static final String NOWHERE = "redis: {uri: \"redis://127.0.0.1:1\"}";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"records.log, false", "renewals.log, false", "records.log, true", "renewals.log, true"})
    void filesThatAnEarlierStartSealedAreNotPassedOver(String file, boolean withRedis) throws IOException {
        Files.createFile(directory.resolve(file));

        assertThatIOException()
                .isThrownBy(() -> open("", withRedis ? NOWHERE : ""))
                .withMessageContaining("set the keyset that it had");
    }

    @Test
    void aRedisThatAnEarlierStartSealedIsNotPassedOver() throws Exception {
        try (var redis = TestRedis.started()) {
            var section = "redis: {uri: \"" + redis.uri() + "\"}";
            assertThat(open("", section)).isEmpty();

            var keyset = RecordCipher.newKeyset();
            var shelves = open(", encryption-key: \"" + keyset.reveal() + "\"", section)
                    .orElseThrow();
            var mark = RecordCipher.of(keyset)
                    .seal(
                            new RecordName(RecordName.Kind.SENTINEL, "keyset"),
                            1,
                            "mark".getBytes(StandardCharsets.UTF_8));
            Await.until(() -> shelves.store()
                    .write(mark)
                    .toCompletionStage()
                    .handle((kept, unreachable) -> unreachable == null)
                    .toCompletableFuture()
                    .join());
            Await.result(shelves.journal().close());
            Await.result(shelves.store().close());
            Files.delete(directory.resolve("renewals.log"));

            assertThatIOException().isThrownBy(() -> open("", section)).withMessageContaining("Redis holds tokens");
        }
    }

    @Test
    void nothingKeptNeedsNoKeysetThoughRedisDoesNotAnswer() throws IOException {
        assertThat(open("", NOWHERE)).isEmpty();
        assertThat(open("", "")).isEmpty();
    }

    private Optional<TokenShelves> open(String key, String redis) throws IOException {
        return TokenShelves.open(settings(key, redis), Ticker.systemTicker(), InstantSource.system());
    }

    private Settings settings(String key, String redis) {
        var yaml = """
                credentials: {journal: "%s"%s}
                tenants: [{id: acme, location: loc1, token: pit-1}]
                callers: [{name: office, key: k, tenants: "*"}]
                %s
                """.formatted(directory, key, redis);
        var loaded = SettingsLoader.parse(Path.of("keyless.yaml"), yaml, Map.of());
        if (!(loaded instanceof Loaded.Ready ready)) {
            throw new AssertionError(loaded);
        }
        return ready.settings();
    }
}
