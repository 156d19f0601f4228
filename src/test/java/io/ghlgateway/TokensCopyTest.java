package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.FileRefreshJournal;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.credentials.RefreshJournal.Intent;
import io.ghlgateway.credentials.Sealed;
import io.ghlgateway.redis.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedded gateway's customers move to three replicas on a Redis, by the command that operators run. */
class TokensCopyTest {

    private static final List<String> DIRECT = List.of("other-1", "many-1", "many-2", "many-3");
    private static final String REDIS = "redis://user:canary-91c0@";

    @TempDir
    private Path directory;

    private record Said(int exit, String out, String err) {}

    @Test
    void everyCustomerIsServedByEveryReplicaAndNobodyInstallsAgain() throws Exception {
        try (var redis = TestRedis.started();
                var stand = new AppStand()) {
            String callersKey;
            try (var embedded = stand.gateway(directory.resolve("embedded"))) {
                callersKey = settle(embedded);
            }
            var installed = resources(stand);

            var copied = copy(directory.resolve("embedded"), redis.uri());
            cutShort(redis);
            var again = copy(directory.resolve("embedded").resolve(FileTokenStore.FILE), redis.uri());
            var done = copy(directory.resolve("embedded"), redis.uri());

            // The agency and its locations, the four, a tenant, a caller, and the mark that keysets are tried on.
            assertThat(copied).isEqualTo(said("copied 58 records; 0 were there already, and 0"));
            assertThat(again).isEqualTo(said("copied 7 records; 51 were there already, and 0"));
            assertThat(done).isEqualTo(said("copied 0 records; 58 were there already, and 0"));
            try (var one = replica(stand, redis, "one");
                    var two = replica(stand, redis, "two");
                    var three = replica(stand, redis, "three")) {
                for (var replica : List.of(one, two, three)) {
                    TestBed.await(replica.gateway.ready());
                    servesEverybody(replica, callersKey);
                }
                assertThat(resources(stand)).containsAll(installed);
                renews(stand, one, "location:other-1");
                renews(stand, two, "location:many-1");
                renews(stand, three, "company:agency");
                servesEverybody(two, callersKey);
                assertThat(installations(stand))
                        .allMatch(each -> each.getInteger("reconnects") + each.getInteger("invalidGrants") == 0);
            }
        }
    }

    @Test
    void whatAKilledGatewayHadOnlyWrittenDownIsCopiedToo() throws Exception {
        var name = new RecordName(RecordName.Kind.INSTALLATION, "main:location:loc");
        var files = FileTokenStore.open(directory, InstantSource.system());
        TestBed.await(files.write(new Sealed(name, 4, new byte[] {4})));
        TestBed.await(files.close());
        var journal = FileRefreshJournal.open(directory, InstantSource.system());
        TestBed.await(journal.result(new Sealed(name, 5, new byte[] {5})));
        TestBed.await(journal.intend(new Intent(name, 5, new byte[32], 1, Instant.now())));
        TestBed.await(journal.close());
        try (var redis = TestRedis.started()) {
            var said = copy(directory, redis.uri());

            assertThat(said.exit()).isZero();
            assertThat(said.err()).contains("warning: 1 renewals were under way", "start it once more");
            String generation = in(redis, commands -> commands.hget("ghl:cred:{" + name + "}", "generation"));
            assertThat(generation).isEqualTo("5");
        }
    }

    @Test
    void aRecordThatDiffersFromOneOfTheSameStateThereFailsTheCopyByName() throws Exception {
        var name = new RecordName(RecordName.Kind.CALLER, "shop");
        try (var redis = TestRedis.started()) {
            for (byte each = 1; each <= 2; each++) {
                var files = FileTokenStore.open(directory.resolve("of-" + each), InstantSource.system());
                TestBed.await(files.write(new Sealed(name, 4, new byte[] {each})));
                TestBed.await(files.close());
            }
            assertThat(copy(directory.resolve("of-1"), redis.uri()).exit()).isZero();

            var said = copy(directory.resolve("of-2"), redis.uri());

            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.err()).startsWith("failed: 1 records differ").contains("caller/shop;");
        }
    }

    @Test
    void nothingIsMixedWithTheRecordsOfAnotherKeyset() throws Exception {
        var mine = directory.resolve("mine");
        var theirs = directory.resolve("theirs");
        for (var each : List.of(mine, theirs)) {
            var cipher = RecordCipher.of(RecordCipher.newKeyset());
            var files = FileTokenStore.open(each, InstantSource.system());
            TestBed.await(
                    files.write(cipher.seal(new RecordName(RecordName.Kind.SENTINEL, "keyset"), 1, new byte[] {1})));
            TestBed.await(files.write(cipher.seal(
                    new RecordName(RecordName.Kind.TENANT, each.getFileName().toString()), 1, new byte[1])));
            TestBed.await(files.close());
        }
        try (var redis = TestRedis.started()) {
            assertThat(copy(theirs, redis.uri()).exit()).isZero();

            var refused = copy(mine, redis.uri());

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("have another keyset", "nothing was copied");
            long records =
                    in(redis, commands -> (long) commands.keys("ghl:cred:{*}").size());
            assertThat(records).isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeDoneIsSaidInALineWithoutThePassword() throws Exception {
        try (var redis = TestRedis.guarded("canary-91c0-right")) {
            assertThat(copy(directory, redis.uri())).satisfies(said -> {
                assertThat(said.exit()).isEqualTo(2);
                assertThat(said.err()).startsWith("--from: " + directory + " holds no records.log");
            });
            var files = FileTokenStore.open(directory, InstantSource.system());

            assertThat(copy(directory, redis.uri())).satisfies(said -> {
                assertThat(said.exit()).isEqualTo(1);
                assertThat(said.err())
                        .contains("another gateway has its records there", "stopped?")
                        .hasLineCount(1);
            });
            TestBed.await(files.close());
            for (var malformed :
                    List.of(REDIS, REDIS + ":x", REDIS + "127.0.0.1:x:y", "http" + REDIS.substring(5) + "h")) {
                assertThat(copy(directory, malformed)).satisfies(said -> {
                    assertThat(said.exit()).as(malformed + said).isEqualTo(2);
                    assertThat(said.err())
                            .startsWith("--to: expected redis://HOST:PORT")
                            .doesNotContain("canary-91c0");
                });
            }
            assertThat(copy(directory, redis.uri().replace("-right", "-wrong"))).satisfies(said -> {
                assertThat(said.exit()).isEqualTo(1);
                assertThat(said.err())
                        .contains("no connection to Redis at 127.0.0.1:", "nothing was copied")
                        .doesNotContain("canary-91c0")
                        .hasLineCount(1);
            });
        }
    }

    /** @return the key of a caller that was made there */
    private static String settle(AppStand.Stand embedded) {
        TestBed.await(embedded.gateway.ready());
        assertThat(embedded.install("install_company=agency(&|$)").statusCode()).isEqualTo(200);
        for (var location : DIRECT) {
            assertThat(embedded.install("install_location=" + location + "(&|$)")
                            .statusCode())
                    .isEqualTo(200);
        }
        var tenant = "{\"location\": \"private-1\", \"token\": \"pit-0f3c-moved\"}";
        assertThat(embedded.send(embedded.operators("/admin/v1/tenants/moved").PUT(BodyPublishers.ofString(tenant)))
                        .statusCode())
                .isEqualTo(201);
        var caller = "{\"name\": \"shop\", \"tenants\": [\"*\"]}";
        var made = embedded.send(embedded.operators("/admin/v1/callers").POST(BodyPublishers.ofString(caller)));
        return new JsonObject(made.body()).getString("key");
    }

    private static void servesEverybody(AppStand.Stand gateway, String key) {
        var everybody = new ArrayList<>(AppStand.locations());
        everybody.addAll(DIRECT);
        everybody.add("private-1");
        for (var location : everybody) {
            var call = HttpRequest.newBuilder(
                            URI.create(gateway.gateway.proxyUrl() + "/contacts/?locationId=" + location))
                    .header("X-Gateway-Key", key);
            var answer = gateway.send(call);
            assertThat(answer.statusCode()).as(location + ": " + answer.body()).isEqualTo(200);
        }
    }

    private static void renews(AppStand stand, AppStand.Stand gateway, String resource) {
        int before = rotations(stand, resource);

        var answer = gateway.send(gateway.operators("/admin/v1/installations/main/" + resource + "/refresh")
                .POST(BodyPublishers.noBody()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getString("status")).isEqualTo("active");
        assertThat(rotations(stand, resource)).isEqualTo(before + 1);
    }

    private static int rotations(AppStand stand, String resource) {
        return installations(stand)
                .filter(each -> resource.endsWith(":" + each.getString("resource")))
                .mapToInt(each -> each.getInteger("rotations"))
                .sum();
    }

    private static List<String> resources(AppStand stand) {
        return installations(stand).map(each -> each.getString("resource")).toList();
    }

    private static Stream<JsonObject> installations(AppStand stand) {
        return stand.highLevel().getJsonArray("installations").stream().map(JsonObject.class::cast);
    }

    private AppStand.Stand replica(AppStand stand, TestRedis redis, String name) {
        return stand.gateway(directory.resolve(name), Optional.of(redis.uri()), stand.keyset, "");
    }

    /** As if the copy had ended before the last of its records. */
    private static void cutShort(TestRedis redis) {
        long gone = in(
                redis,
                commands -> commands.keys("ghl:cred:{*}").stream()
                        .sorted()
                        .limit(7)
                        .mapToLong(commands::del)
                        .sum());
        assertThat(gone).isEqualTo(7);
    }

    private static <T> T in(TestRedis redis, Function<RedisCommands<String, String>, T> ask) {
        var client = RedisClient.create(redis.uri());
        try (var connection = client.connect()) {
            return ask.apply(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    private static Said said(String begin) {
        return new Said(
                0,
                begin + " in a newer state, which was left as it is\n"
                        + "read back: installation 55, tenant 1, caller 1, sentinel 1\n"
                        + "all are there; start the gateways of that Redis with the same keyset\n",
                "");
    }

    private static Said copy(Path from, String to) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("tokens", "copy", "--from", from.toString(), "--to", to);
        return new Said(exit, out.toString(), err.toString());
    }
}
