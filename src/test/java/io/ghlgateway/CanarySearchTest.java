package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.wiring.Credentials;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of secret that a gateway holds is put where it belongs, all doors are gone through, in good ways and bad, and
 * then none is found in an answer, a log line, a metric, a file or in Redis.
 */
class CanarySearchTest {

    private static final String PRIVATE = "pit-canary-private-4be1c9";
    private static final String DEAD = "pit-canary-dead-77d0b2";
    private static final String MADE = "pit-canary-made-0f93ae";
    private static final String MISPLACED = "pit-canary-misplaced-a81c04";
    private static final String STRANGER = "stranger-key-6bd24f";
    private static final String CODE = "canarycode5d1e77a0c3";
    private static final String REDIS = "rediS+pass/7f3e91bb";

    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.([\\w-]+)");
    private static final Pattern CODES = Pattern.compile("(?:&code=|\"authorizationCode\":\")([\\w-]+)");

    /** What made a caller's key known to its operator. */
    private static final Pattern CALLERS = Pattern.compile("/admin/v1/callers(/[\\w-]+/rotate)?");

    @TempDir
    private Path directory;

    private final Canaries canaries = new Canaries();
    private final List<String> found = new ArrayList<>();
    private final List<String> raw = new ArrayList<>();
    private int texts;
    private long characters;
    private String log = "";

    @Test
    void aSecretIsFoundInEveryFormItMayTake() {
        canaries.add("secret", REDIS);
        var bytes = REDIS.getBytes(StandardCharsets.UTF_8);
        var base64 = Base64.getEncoder();

        assertThat(List.of(
                        "x" + REDIS + "x",
                        "p=rediS%2Bpass%2F7f3e91bb&",
                        HexFormat.of().formatHex(bytes),
                        HexFormat.of().withUpperCase().formatHex(bytes),
                        base64.encodeToString(bytes),
                        base64.encodeToString((":" + REDIS + "@host").getBytes(StandardCharsets.UTF_8)),
                        base64.encodeToString(("u:" + REDIS).getBytes(StandardCharsets.UTF_8)),
                        Base64.getUrlEncoder().encodeToString(("é" + REDIS + "?").getBytes(StandardCharsets.UTF_8))))
                .allSatisfy(text -> assertThat(canaries.in(text)).containsExactly("secret"));
        assertThat(canaries.in("rediS+pass")).isEmpty();
        assertThat(canaries.in(REDIS, "secret")).isEmpty();
    }

    @Test
    void anEmbeddedGatewayTellsNobodyASecret(TestReporter reporter) throws Exception {
        try (var stand = new AppStand();
                var tap = new Tap(stand.simulator())) {
            search(stand, tap, Optional.empty());
        }
        report(reporter, "embedded");
        assertThat(found).isEmpty();
    }

    @Test
    void aGatewayBeforeRedisTellsNobodyASecretAndNeitherDoesRedis(TestReporter reporter) throws Exception {
        try (var redis = TestRedis.guarded(REDIS);
                var stand = new AppStand();
                var tap = new Tap(stand.simulator())) {
            search(stand, tap, Optional.of(redis.uri()));
            searched("Redis", dump(redis.uri()));
        }
        report(reporter, "with Redis");
        assertThat(found).isEmpty();
    }

    private void report(TestReporter reporter, String how) {
        reporter.publishEntry(
                "measured",
                "%s: %d canaries, %d texts of %d kB searched, %d found"
                        .formatted(how, canaries.size(), texts, characters / 1_000, found.size()));
    }

    private void search(AppStand stand, Tap tap, Optional<String> redis) throws IOException {
        var settings = stand.settings(
                directory, redis, stand.keyset, ", enforce-scopes: true", tap.url(), """
                tenants:
                  - {id: own, location: private-1, token: %s}
                  - {id: dead, location: private-2, token: %s}
                """.formatted(PRIVATE, DEAD));
        canaries.add("configured token", PRIVATE);
        canaries.add("dead token", DEAD);
        canaries.add("token of a made tenant", MADE);
        canaries.add("misplaced token", MISPLACED);
        canaries.add("unknown key", STRANGER);
        canaries.add("client secret", AppStand.CLIENT_SECRET);
        canaries.add("admin key", AppStand.ADMIN_KEY);
        canaries.add("caller's key", AppStand.KEY);
        canaries.add("keyset", stand.keyset.reveal());
        canaries.add("Redis password", REDIS);
        canaries.add("made-up code", CODE);
        material(stand.keyset).forEach(key -> canaries.add("key of the keyset", key));
        try (var logged = new LogCapture()) {
            List<HttpResponse<String>> answers;
            try (var gateway = stand.new Stand(settings)) {
                TestBed.await(gateway.gateway.ready());
                answers = gateway.answers;
                goThrough(stand, tap, gateway);
                learn(tap.heard());
                answers.stream()
                        .filter(answer ->
                                answer.uri().getPort() != stand.simulator().getPort())
                        .forEach(this::searched);
                searched("records", shown(settings.toString(), gateway.gateway.credentials()));
            }
            log = logged.text();
        }
        raw.forEach(text -> searched("an answer to what is no HTTP", text));
        searched("log", log);
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                searched(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        assertThat(tap.heard()).contains(PRIVATE, DEAD, MADE, AppStand.CLIENT_SECRET, CODE);
        assertThat(log).contains("access request_id=", "credentials main:location:other-1");
    }

    /** Tink's key itself, as it stands in the keyset's JSON. */
    private static List<String> material(Secret keyset) {
        var json = new JsonObject(new String(Base64.getUrlDecoder().decode(keyset.reveal()), StandardCharsets.UTF_8));
        return json.getJsonArray("key").stream()
                .map(key -> ((JsonObject) key).getJsonObject("keyData").getString("value"))
                .toList();
    }

    /** What HighLevel gave, and what it was asked for with. */
    private void learn(String heard) {
        var tokens = TOKEN.matcher(heard);
        while (tokens.find()) {
            canaries.add("token " + tokens.group(1).substring(0, 8), tokens.group());
            canaries.add(
                    "signature " + tokens.group(1).substring(0, 8),
                    tokens.group(1).substring(0, 60));
        }
        var codes = CODES.matcher(heard);
        while (codes.find()) {
            canaries.add("code " + codes.group(1), codes.group(1));
        }
        assertThat(canaries.size()).isGreaterThan(30);
    }

    private void searched(HttpResponse<String> answer) {
        var path = answer.uri().getPath();
        var text = answer.statusCode() + "\n" + answer.headers().map() + "\n" + answer.body();
        var made = CALLERS.matcher(path).matches() ? new String[] {"made key", "made key again"} : new String[0];
        searched(
                answer.request().method() + " " + answer.uri() + " " + answer.statusCode(),
                text,
                path.startsWith("/oauth/install/") ? new String[] {"state"} : made);
    }

    private void searched(String where, String text, String... allowed) {
        texts++;
        characters += text.length();
        canaries.in(text, allowed).forEach(name -> found.add(name + " in " + where + ": " + text));
    }

    private void searched(String where, byte[] bytes) {
        searched(where, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private void goThrough(AppStand stand, Tap tap, AppStand.Stand gateway) {
        publicDoor(stand, gateway);
        adminDoor(gateway);
        proxyDoor(stand, gateway);
        tokenEndpoint(stand, tap, gateway);
        lookedAt(gateway);
    }

    private void publicDoor(AppStand stand, AppStand.Stand gateway) {
        var url = gateway.gateway.publicUrl().orElseThrow();
        var begun = gateway.get(url + "/oauth/install/main");
        var state = begun.headers().firstValue("location").orElseThrow().replaceAll(".*state=", "");
        canaries.add("state", state);
        var callback = url + "/oauth/callback/main?code=" + CODE + "&state=";
        assertThat(gateway.get(callback + state).statusCode()).isEqualTo(400); // without its cookie
        assertThat(gateway.get(callback + "x" + state).statusCode()).isEqualTo(400);
        var cookie = begun.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        stand.misbehave("/oauth/token", "fail", """
                , "status": 400, "body": "{\\"error\\":\\"invalid_grant\\",\\"message\\":\\"no code %s for %s\\"}"
                """.formatted(CODE, AppStand.CLIENT_SECRET));
        assertThat(gateway.send(HttpRequest.newBuilder(URI.create(callback + state))
                                .header("Cookie", cookie))
                        .statusCode())
                .isEqualTo(400);
        stand.misbehave("/oauth/token", "fail", ", \"as\": \"html\"");
        assertThat(gateway.get(url + "/oauth/callback/main?code=" + CODE).statusCode())
                .isEqualTo(502);
        assertThat(gateway.get(callback + state + "&error=" + MISPLACED).statusCode())
                .isEqualTo(400);
        assertThat(gateway.get(url + "/" + MISPLACED).statusCode()).isEqualTo(404);
        assertThat(gateway.install("install_company=agency(&|$)").statusCode()).isEqualTo(200);
        assertThat(gateway.install("install_location=other-1(&|$)").statusCode())
                .isEqualTo(200);
        assertThat(gateway.install("install_location=many-1(&|$)").statusCode()).isEqualTo(200);
    }

    private void adminDoor(AppStand.Stand gateway) {
        assertThat(put(gateway, "/tenants/made", "{\"location\": \"private-3\", \"token\": \"" + MADE + "\"}"))
                .isEqualTo(201);
        for (var wrong : List.of(
                "{\"location\": 3, \"token\": \"" + MISPLACED + "\"}",
                "{\"location\": \"private-3\", \"tokens\": \"" + MISPLACED + "\"}",
                "{\"location\": \"x " + MISPLACED + "\", \"token\": \"a b " + MISPLACED + "\"}",
                "{\"location\": \"private-3\", \"token\": " + MISPLACED + "}",
                MISPLACED)) {
            assertThat(put(gateway, "/tenants/wrong", wrong)).isEqualTo(400);
        }
        var caller = new JsonObject(post(gateway, "/callers", "{\"name\": \"shop\", \"tenants\": [\"made\"]}")
                .body());
        canaries.add("made key", caller.getString("key"));
        var call = HttpRequest.newBuilder(URI.create(gateway.gateway.proxyUrl() + "/contacts/?locationId=private-3"))
                .header("X-Gateway-Key", caller.getString("key"));
        assertThat(gateway.send(call).statusCode()).isEqualTo(200);
        var again = new JsonObject(post(gateway, "/callers/shop/rotate", "").body());
        canaries.add("made key again", again.getString("key"));
        assertThat(post(gateway, "/callers", "{\"name\": \"a\", \"tenants\": [\"a " + MISPLACED + "\"]}")
                        .statusCode())
                .isEqualTo(400);
        var imports = "/installations/import";
        for (var wrong : List.of(
                "{\"app\": \"main\", \"token\": {\"access_token\": \"" + MISPLACED + "\"",
                "{\"app\": \"main\", \"token\": \"" + MISPLACED + "\"}",
                "{\"app\": \"x\", \"token\": {\"access_token\": \"a " + MISPLACED + "\"}}",
                "{\"app\": \"main\", \"token\": {\"userType\": \"" + MISPLACED + "\", \"expires_in\": \"" + MISPLACED
                        + "\"}}",
                "{\"export\": {\"format\": 1, \"records\": [{\"name\": \"" + MISPLACED + "\"}]}}",
                "{\"export\": \"" + MISPLACED + "\"}")) {
            assertThat(post(gateway, imports, wrong).statusCode()).isEqualTo(400);
        }
        var stranger = HttpRequest.newBuilder(URI.create(gateway.gateway.adminUrl() + "/admin/v1/tenants"))
                .header("Authorization", "Bearer " + STRANGER);
        assertThat(gateway.send(stranger).statusCode()).isEqualTo(401);
    }

    private void proxyDoor(AppStand stand, AppStand.Stand gateway) {
        for (var location : List.of("private-1", "private-3", "other-1", "many-1", "agency-1", "agency-2")) {
            assertThat(status(gateway, "/contacts/?locationId=" + location)).isEqualTo(200);
        }
        assertThat(status(gateway, "/oauth/installedLocations?companyId=agency&appId=65f0aa"))
                .isEqualTo(200);
        for (var resource : List.of("other-1", "agency-1")) { // 401, renewed, 200
            stand.highLevel(new JsonObject()
                    .put("expire", new JsonObject().put("app", "main").put("resource", resource)));
            assertThat(status(gateway, "/contacts/?locationId=" + resource)).isEqualTo(200);
        }
        stand.misbehave("/contacts/*", "revoke", ", \"times\": 9");
        for (int i = 0; i < 4; i++) {
            status(gateway, "/contacts/?locationId=private-2");
        }
        stand.calm();
        assertThat(status(gateway, "/calendars/?locationId=other-1")).isEqualTo(403); // its scope is missing
        assertThat(status(gateway, "/contacts/?locationId=nobodys")).isEqualTo(404);
        assertThat(status(gateway, "/contacts/")).isEqualTo(400);
        assertThat(status(gateway, "/oauth/token")).isEqualTo(403);
        for (var header : List.of("X-Tenant", "X-GHL-Location-Id", "X-GHL-App", "Prefer", "Priority")) {
            gateway.send(gateway.call("/contacts/").header(header, MISPLACED));
        }
        var call = URI.create(gateway.gateway.proxyUrl() + "/contacts/?locationId=other-1");
        assertThat(gateway.send(HttpRequest.newBuilder(call)).statusCode()).isEqualTo(401);
        for (var bearer : List.of(STRANGER, PRIVATE, "x " + MISPLACED)) {
            assertThat(gateway.send(HttpRequest.newBuilder(call).header("Authorization", "Bearer " + bearer))
                            .statusCode())
                    .isEqualTo(401);
        }
        gateway.send(gateway.call("/contacts/?locationId=other-1").header("X-Gateway-Key", STRANGER));
        for (var malformed : List.of(
                "GET /contacts/ HTTP/1.1\nHost: x\nAuthorization Bearer " + AppStand.KEY + "\n\n",
                "GET /contacts/ HTTP/1.1\nHost: x\nAuthorization\u0001: Bearer " + AppStand.KEY + "\n\n",
                "GET /contacts/ HTTP/1.1\nHost: x\nAuthorization: Bearer " + AppStand.KEY + "\u0000\n\n",
                "Authorization: Bearer " + AppStand.KEY + "\n\n",
                "GET /contacts/ HTTP/" + AppStand.KEY + "\n\n",
                "GET /contacts/ HTTP/1.1\nHost: x\nAuthorization:\n  Bearer " + AppStand.KEY + "\n\n",
                "GET " + AppStand.KEY + "\n\n",
                AppStand.KEY + " /contacts/ HTTP/1.1\n\n",
                "POST /contacts/ HTTP/1.1\nHost: x\nTransfer-Encoding: " + AppStand.KEY + "\n\n",
                "POST /contacts/ HTTP/1.1\nHost: x\nExpect: " + AppStand.KEY + "\nContent-Length: 1\n\n",
                "POST /contacts/ HTTP/1.1\nHost: x\nContent-Length: " + AppStand.KEY + "\n\n")) {
            for (var door : List.of(
                    gateway.gateway.proxyUrl(),
                    gateway.gateway.adminUrl(),
                    gateway.gateway.publicUrl().orElseThrow())) {
                try (var wire = Wire.open(URI.create(door).getPort())) {
                    raw.add(wire.send(malformed).end().rest());
                }
            }
        }
        try (var wire = Wire.open(URI.create(gateway.gateway.proxyUrl()).getPort())) {
            raw.add(wire.send("POST /contacts/?locationId=other-1 HTTP/1.1\nHost: x\nX-Gateway-Key: " + AppStand.KEY
                            + "\nTransfer-Encoding: chunked\n\n" + MISPLACED + "\n\n")
                    .rest());
        }
    }

    /** Answers of all kinds but good ones, some of which say again what they were asked with. */
    private void tokenEndpoint(AppStand stand, Tap tap, AppStand.Stand gateway) {
        var other = "/installations/main/location:other-1/refresh";
        for (var fault : List.of(
                "\"fail\", \"as\": \"html\"",
                "\"reset\"",
                "\"drop\"",
                "\"throttle\"",
                "\"stall\", \"delay\": \"300ms\"",
                "\"revoke\"",
                "\"fail\", \"status\": 400, \"body\": \"{\\\"message\\\":\\\"%s\\\"}\""
                        .formatted("Invalid refresh token: " + token(tap, "other-1") + " of " + AppStand.CLIENT_SECRET),
                "\"fail\", \"status\": 401, \"body\": \"{\\\"error\\\":{\\\"code\\\":\\\"%s\\\"}}\""
                        .formatted(AppStand.CLIENT_SECRET))) {
            stand.misbehave("[{\"match\": {\"path\": \"/oauth/token\"}, \"kind\": " + fault + "}]");
            post(gateway, other, "");
        }
        for (var fault : List.of(
                "\"fail\", \"status\": 401, \"body\": \"{\\\"message\\\":\\\"no, %s\\\"}\""
                        .formatted(token(tap, "agency")),
                "\"fail\", \"as\": \"html\"",
                "\"revoke\"")) {
            stand.misbehave("[{\"match\": {\"path\": \"/oauth/locationToken\"}, \"kind\": " + fault + "}]");
            post(gateway, "/installations/main/location:agency-3/refresh", "");
            status(gateway, "/contacts/?locationId=agency-4");
        }
        stand.calm();
        stand.highLevel(new JsonObject()
                .put("revoke", new JsonObject().put("app", "main").put("resource", "many-1")));
        post(gateway, "/installations/main/location:many-1/refresh", "");
        status(gateway, "/contacts/?locationId=many-1");
        assertThat(post(gateway, other, "").statusCode()).isEqualTo(200);
    }

    /** The last token that was heard of this location or company. */
    private static String token(Tap tap, String resource) {
        var tokens = TOKEN.matcher(tap.heard());
        var last = "";
        while (tokens.find()) {
            var claims =
                    new String(Base64.getUrlDecoder().decode(tokens.group().split("\\.")[1]), StandardCharsets.UTF_8);
            last = claims.contains("\"authClassId\":\"" + resource + "\"") ? tokens.group() : last;
        }
        assertThat(last).isNotEmpty();
        return last;
    }

    private void lookedAt(AppStand.Stand gateway) {
        for (var path : List.of(
                "/installations",
                "/installations?app=" + MISPLACED + "&status=" + MISPLACED + "&after=x&limit=" + MISPLACED,
                "/installations/main/location:other-1",
                "/installations/main/company:agency",
                "/installations/main/location:many-1",
                "/tenants",
                "/tenants/made",
                "/tenants/own",
                "/callers",
                "/callers/shop",
                "/callers/office",
                "/status",
                "/nothing")) {
            gateway.send(gateway.operators("/admin/v1" + path));
        }
        for (var path : List.of("/metrics", "/health/live", "/health/ready")) {
            assertThat(gateway.send(gateway.operators(path)).statusCode()).isEqualTo(200);
        }
        var export = post(gateway, "/installations/export", "");
        assertThat(export.statusCode()).isEqualTo(200);
        var records = new JsonObject(export.body()).getJsonArray("records");
        assertThat(records).hasSizeGreaterThan(50);
        searched("export", sealed(records));
        assertThat(post(
                                gateway,
                                "/installations/import",
                                new JsonObject()
                                        .put("export", new JsonObject(export.body()))
                                        .encode())
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.send(gateway.operators("/admin/v1/installations/main/location:agency-9")
                                .DELETE())
                        .statusCode())
                .isEqualTo(200);
    }

    private static byte[] sealed(JsonArray records) {
        var bytes = new ByteArrayOutputStream();
        records.forEach(
                record -> bytes.writeBytes(Base64.getDecoder().decode(((JsonObject) record).getString("sealed"))));
        return bytes.toByteArray();
    }

    /** What would stand in a message or a stack trace that names one of these. */
    private static String shown(String settings, Credentials credentials) {
        var kept = credentials.kept().orElseThrow();
        var shown = new StringBuilder(settings).append(credentials).append(kept.clients());
        shown.append(kept.clients().get(new App("main")));
        kept.installations()
                .all()
                .forEach(each -> shown.append(each).append(each.tokens()).append(each.earlier()));
        shown.append(kept.tenants().all()).append(kept.callers().all());
        return shown.toString();
    }

    private static int status(AppStand.Stand gateway, String path) {
        return gateway.send(gateway.call(path)).statusCode();
    }

    private static HttpResponse<String> post(AppStand.Stand gateway, String path, String body) {
        return gateway.send(gateway.operators("/admin/v1" + path).POST(BodyPublishers.ofString(body)));
    }

    private static int put(AppStand.Stand gateway, String path, String body) {
        return gateway.send(gateway.operators("/admin/v1" + path).PUT(BodyPublishers.ofString(body)))
                .statusCode();
    }

    /** Every key with all it holds, and the file that Redis saves. */
    private byte[] dump(String uri) throws IOException {
        var dump = new ByteArrayOutputStream();
        var client = RedisClient.create(uri);
        try (var connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
            var redis = connection.sync();
            var keys = ScanIterator.scan(redis).stream().toList();
            assertThat(keys).hasSizeGreaterThan(50);
            for (var key : keys) {
                dump.writeBytes(key.getBytes(StandardCharsets.UTF_8));
                switch (redis.type(key)) {
                    case "string" -> dump.writeBytes(redis.get(key));
                    case "hash" ->
                        redis.hgetall(key).forEach((field, value) -> {
                            dump.writeBytes(field.getBytes(StandardCharsets.UTF_8));
                            dump.writeBytes(value);
                        });
                    case "set" -> redis.smembers(key).forEach(dump::writeBytes);
                    case "zset" -> redis.zrange(key, 0, -1).forEach(dump::writeBytes);
                    case "list" -> redis.lrange(key, 0, -1).forEach(dump::writeBytes);
                    case "stream" ->
                        redis.xrange(key, Range.unbounded())
                                .forEach(message -> message.getBody().forEach((field, value) -> {
                                    dump.writeBytes(field.getBytes(StandardCharsets.UTF_8));
                                    dump.writeBytes(value);
                                }));
                    default -> throw new AssertionError(key + " is a " + redis.type(key));
                }
            }
            redis.configSet("rdbcompression", "no");
            redis.configSet("dir", directory.toString());
            redis.save();
            dump.writeBytes(Files.readAllBytes(directory.resolve("dump.rdb")));
            return dump.toByteArray();
        } finally {
            client.shutdown();
        }
    }
}
