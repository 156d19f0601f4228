package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.credentials.FileRefreshJournal;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.credentials.Sealed;
import io.ghlgateway.credentials.TokenStore;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.tenancy.Secret;
import io.lettuce.core.RedisClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The keyset gets another first key, and after a while the old key opens nothing any more that anybody needs. */
class KeyRotationTest {

    private static final List<String> LOCATIONS = List.of("other-1", "many-1", "agency-1", "agency-50");

    @TempDir
    private Path directory;

    private int starts;
    private int requests;
    private final List<String> failed = new ArrayList<>();

    @AutoClose
    private AppStand stand;

    private Secret old;
    private Secret both;
    private Secret onlyNew;

    @BeforeEach
    void setUp() throws Exception {
        stand = new AppStand();
        old = stand.keyset;
        both = rotated(old);
        onlyNew = firstOf(both);
    }

    @Test
    void anEmbeddedGatewaysRecordsAndJournalComeUnderTheNewKey(TestReporter reporter) throws Exception {
        rotates(Optional.empty());
        report(reporter, "embedded");

        var files = FileTokenStore.open(directory, InstantSource.system());
        allOpen(TestBed.await(scan(files)));
        TestBed.await(files.close());
    }

    @Test
    void aSharedStoresRecordsComeUnderTheNewKey(TestReporter reporter) throws Exception {
        try (var redis = TestRedis.started()) {
            rotates(Optional.of(redis.uri()));
        }
        report(reporter, "with Redis");
    }

    private void report(TestReporter reporter, String how) {
        reporter.publishEntry(
                "measured",
                "a keyset, %s, by %d starts: %d of %d requests failed".formatted(how, starts, failed.size(), requests));
        assertThat(failed).isEmpty();
    }

    private void rotates(Optional<String> redis) throws Exception {
        try (var first = gateway(redis, old)) {
            TestBed.await(first.gateway.ready());
            install(first);
            isServed(first);
        }
        refused(redis, RecordCipher.newKeyset());
        refused(redis, onlyNew);
        try (var second = gateway(redis, both)) {
            starts++;
            TestBed.await(second.gateway.ready());
            isServed(second);
            var store = second.gateway.credentials().kept().orElseThrow().store();
            TestBed.until(() -> isUnder(onlyNew, TestBed.await(scan(store))));
            isServed(second);
            TestBed.until(() -> isJournalUnder(onlyNew));
            allOpen(TestBed.await(scan(store)));
        }
        refused(redis, old);
        try (var third = gateway(redis, onlyNew)) {
            starts++;
            TestBed.await(third.gateway.ready());
            isServed(third);
            renews(third, "location:other-1");
            renews(third, "company:agency");
            renews(third, "location:agency-1");
            assertThat(third.send(third.operators("/metrics")).body())
                    .containsPattern("(?m)^ghl_gateway_credentials_unreadable_total(\\{.*})? 0[.]0$");
        }
        var journal = FileRefreshJournal.open(directory, InstantSource.system());
        assertThat(journal.unfinished().intents()).isEmpty();
        assertThat(journal.unfinished().results()).hasSizeGreaterThan(2);
        allOpen(journal.unfinished().results());
        TestBed.await(journal.close());
    }

    private AppStand.Stand gateway(Optional<String> redis, Secret keyset) {
        // With its public door where customers come back to, also before Redis.
        return stand.new Stand(stand.settings(
                directory, redis, keyset, "", stand.simulator().toString(), ""));
    }

    private void install(AppStand.Stand gateway) {
        assertThat(gateway.install("install_company=agency(&|$)").statusCode()).isEqualTo(200);
        assertThat(gateway.install("install_location=other-1(&|$)").statusCode())
                .isEqualTo(200);
        assertThat(gateway.install("install_location=many-1(&|$)").statusCode()).isEqualTo(200);
        var tenant = "{\"location\": \"private-1\", \"token\": \"pit-0f3c-kept\"}";
        assertThat(gateway.send(gateway.operators("/admin/v1/tenants/kept").PUT(BodyPublishers.ofString(tenant)))
                        .statusCode())
                .isEqualTo(201);
        renews(gateway, "location:many-1");
    }

    private void isServed(AppStand.Stand gateway) {
        for (var location : LOCATIONS) {
            served(location, gateway.send(gateway.call("/contacts/?locationId=" + location)));
        }
        served("kept", gateway.send(gateway.call("/contacts/").header("X-Tenant", "kept")));
    }

    private void served(String what, HttpResponse<String> answer) {
        requests++;
        if (answer.statusCode() != 200) {
            failed.add(what + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private static void renews(AppStand.Stand gateway, String resource) {
        var answer = gateway.send(gateway.operators("/admin/v1/installations/main/" + resource + "/refresh")
                .POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Says why, and leaves everything as it was. */
    private void refused(Optional<String> redis, Secret keyset) throws IOException {
        var before = state(redis);
        try (var stranger = gateway(redis, keyset)) {
            assertThatThrownBy(() -> TestBed.await(stranger.gateway.ready()))
                    .hasMessageContaining("sentinel/keyset#")
                    .hasMessageContaining("was sealed with key ")
                    .hasMessageContaining(", which the keyset does not hold");
            assertThat(stranger.send(stranger.operators("/health/ready")).statusCode())
                    .isEqualTo(503);
        }
        assertThat(state(redis)).isEqualTo(before);
    }

    private Map<String, String> state(Optional<String> redis) throws IOException {
        var state = new TreeMap<String, String>();
        for (var file : List.of(FileTokenStore.FILE, FileRefreshJournal.FILE)) {
            var path = directory.resolve(file);
            if (Files.exists(path)) {
                state.put(file, Base64.getEncoder().encodeToString(Files.readAllBytes(path)));
            }
        }
        redis.ifPresent(uri -> {
            var client = RedisClient.create(uri);
            try (var connection = client.connect()) {
                var commands = connection.sync();
                for (var key : commands.keys("ghl:cred:{*}")) {
                    state.put(key, commands.hgetall(key).toString());
                }
                assertThat(state).hasSizeGreaterThan(50);
            } finally {
                client.shutdown();
            }
        });
        assertThat(state).isNotEmpty();
        return state;
    }

    private static Future<Collection<Sealed>> scan(TokenStore store) {
        var all = new ConcurrentLinkedQueue<Sealed>();
        return store.scan(all::add).map(all);
    }

    private static boolean isUnder(Secret keyset, Collection<Sealed> records) {
        var cipher = RecordCipher.of(keyset);
        return records.stream().allMatch(cipher::isCurrent);
    }

    /** The journal is in use: what it will be found to hold is read from a copy. */
    private boolean isJournalUnder(Secret keyset) {
        try {
            var copy = Files.createTempDirectory(directory, "copy");
            Files.copy(directory.resolve(FileRefreshJournal.FILE), copy.resolve(FileRefreshJournal.FILE));
            var journal = FileRefreshJournal.open(copy, InstantSource.system());
            boolean all = isUnder(keyset, journal.unfinished().results());
            TestBed.await(journal.close());
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void allOpen(Collection<Sealed> records) throws Exception {
        var cipher = RecordCipher.of(onlyNew);
        for (var record : records) {
            assertThat(cipher.open(record)).isNotEmpty();
        }
    }

    /** By the command, as operators do it. */
    private static Secret rotated(Secret keyset) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "keys",
                "encryption",
                "--rotate");
        command.environment().put("GHL_GATEWAY_KEYSET", keyset.reveal());
        var process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        var lines = new ArrayList<>(said.lines().toList());
        return Secret.of(lines.get(lines.size() - 1));
    }

    /** A keyset of its first key alone, as it may be made once nothing needs the others. */
    private static Secret firstOf(Secret keyset) {
        var json = new JsonObject(new String(Base64.getUrlDecoder().decode(keyset.reveal()), StandardCharsets.UTF_8));
        assertThat(json.getJsonArray("key")).hasSize(2);
        var first = new JsonArray(json.getJsonArray("key").stream()
                .filter(key -> ((JsonObject) key).getLong("keyId").equals(json.getLong("primaryKeyId")))
                .toList());
        assertThat(first).hasSize(1);
        return Secret.of(Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.put("key", first).encode().getBytes(StandardCharsets.UTF_8)));
    }
}
