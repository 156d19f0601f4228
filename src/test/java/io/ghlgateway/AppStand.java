package io.ghlgateway;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.redis.FreePorts;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import io.ghlgateway.simulator.Latency;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.wiring.Assembly;
import io.ghlgateway.wiring.Gateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A simulated HighLevel with an app, an agency and its locations, and gateways that have the app's credentials. */
final class AppStand implements AutoCloseable {

    static final String KEY = "office-key-2d44c0aa";
    static final String ADMIN_KEY = "operators-key-51fe03ab";
    static final String CLIENT_SECRET = "client-secret-31";
    static final String COMPANY = "agency";
    static final int LOCATIONS = 50;
    static final int MANY = 500;
    private static final Duration BOUND = Duration.ofSeconds(60);

    final Secret keyset = RecordCipher.newKeyset();
    private final Vertx vertx = Running.vertx(3);
    private final Simulator simulator;
    private final int publicPort;

    AppStand() {
        simulator = TestBed.await(Simulator.start(
                vertx,
                SimulatorOptions.builder()
                        .latency(Latency.none())
                        .limit(5_000, Duration.ofSeconds(10))
                        .app("main", "65f0aa-main", CLIENT_SECRET)
                        .company(COMPANY, locations())
                        .company("other", List.of("other-1"))
                        .company("many", many())
                        .locationsAtOnce(20)
                        .build()));
        publicPort = FreePorts.next();
    }

    static List<String> locations() {
        return IntStream.rangeClosed(1, LOCATIONS)
                .mapToObj(i -> COMPANY + "-" + i)
                .toList();
    }

    /** Locations that install the app each by itself. */
    static List<String> many() {
        return IntStream.rangeClosed(1, MANY).mapToObj(i -> "many-" + i).toList();
    }

    /** One gateway; embedded in this directory, or before this Redis. */
    Stand gateway(Path directory, Optional<String> redis, Secret keys, String more) {
        var plan = plan(directory).keys(keys).credentials(more);
        return redis.map(uri -> plan.redis(uri).start())
                .orElseGet(() -> plan.publicDoor().start());
    }

    /**
     * What a lone gateway reads, embedded or not, whose public door customers can come back to.
     *
     * @param more of the section {@code credentials}
     * @param upstream HighLevel, or what stands before it
     * @param sections more of them
     */
    Settings settings(
            Path directory, Optional<String> redis, Secret keys, String more, String upstream, String sections) {
        var plan = plan(directory).keys(keys).credentials(more).publicDoor();
        redis.ifPresent(plan::redis);
        return plan.settings(upstream, sections);
    }

    Stand gateway(Path directory) {
        return plan(directory).publicDoor().start();
    }

    Plan plan(Path directory) {
        return new Plan(directory);
    }

    /** How one gateway is to be; without Redis it is an embedded one. */
    final class Plan {
        private final Path directory;
        private Optional<String> redis = Optional.empty();
        private Secret keys = keyset;
        private String credentials = "";
        private String app = "";
        private String sections = "";
        private int door;
        private int admin;
        private OffsetTime time = new OffsetTime();

        private Plan(Path directory) {
            this.directory = directory;
        }

        Plan redis(String uri) {
            redis = Optional.of(uri);
            return this;
        }

        Plan keys(Secret other) {
            keys = other;
            return this;
        }

        /** More settings of credentials, with a comma before them. */
        Plan credentials(String more) {
            credentials = more;
            return this;
        }

        /** More settings of the app, with a comma before them. */
        Plan app(String more) {
            app = more;
            return this;
        }

        /** The app's webhooks are those of the simulated HighLevel; with more sections of the file. */
        Plan webhooks(String more) {
            sections = more;
            var keys = simulator.webhookKeys().stream()
                    .map(key -> "\"" + key.replace("\n", "\\n") + "\"")
                    .collect(Collectors.joining(", "));
            app += ", webhook-keys: [" + keys + "]";
            return this;
        }

        /** It is this one that customers come back to; one at a time. */
        Plan publicDoor() {
            door = publicPort;
            return this;
        }

        Plan admin(int port) {
            admin = port;
            return this;
        }

        /** What its credentials take for the time. */
        Plan time(OffsetTime other) {
            time = other;
            return this;
        }

        Stand start() {
            return new Stand(settings(), time);
        }

        Settings settings() {
            return settings(simulator.url(), sections);
        }

        private Settings settings(String upstream, String sections) {
            var yaml = """
                    proxy: {host: 127.0.0.1, port: 0}
                    admin: {host: 127.0.0.1, port: %d, key: operators-key-51fe03ab}
                    public: {host: 127.0.0.1, port: %d, url: "http://127.0.0.1:%d"}
                    upstream: {base-url: "%s"}
                    limits: {journal: none, burst: {requests: 5000, per: 10s}, guard: 500ms, permit-ttl: 160ms}
                    drain: {timeout: 10s}
                    apps:
                      - {id: main, client-id: 65f0aa-main, client-secret: client-secret-31, authorize-url: "%s/v2/oauth/chooselocation", scopes: [contacts.readonly, contacts.write, oauth.readonly, oauth.write, locations.readonly, locations.write]%s}
                    credentials: {journal: "%s", encryption-key: "%s"%s}
                    callers:
                      - {name: office, key: %s, tenants: ["*"]}
                    %s
                    %s
                    """.formatted(
                            admin,
                            door,
                            publicPort,
                            upstream,
                            simulator.url(),
                            app,
                            directory,
                            keys.reveal(),
                            credentials,
                            KEY,
                            redis.map(uri -> "redis: {uri: \"" + uri + "\"}").orElse(""),
                            sections);
            var loaded = SettingsLoader.parse(Path.of("apps.yaml"), yaml, Map.of());
            if (!(loaded instanceof Loaded.Ready ready)) {
                throw new AssertionError(loaded);
            }
            return ready.settings();
        }
    }

    /** A code, as after someone's consent; to the usual scopes where none is named. */
    JsonObject consent(String kind, String id, String... scopes) {
        return highLevel(new JsonObject()
                .put(
                        "install",
                        new JsonObject()
                                .put("app", "main")
                                .put(kind, id)
                                .put("scopes", new JsonArray(List.of(scopes)))));
    }

    /** What HighLevel knows of the app's installation there. */
    JsonObject atHighLevel(String resource) {
        return highLevel().getJsonArray("installations").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("resource").equals(resource))
                .findFirst()
                .orElseThrow(() -> new AssertionError("HighLevel knows no installation at " + resource));
    }

    /** How many requests HighLevel has counted for this location, company or token. */
    long arrived(String resource) {
        var counts = simulator.stats().resources().get(resource);
        return counts == null ? 0 : counts.accepted();
    }

    /** How many requests HighLevel has counted, whoever sent them. */
    long arrivedInAll() {
        return simulator.stats().accepted() + simulator.stats().refused();
    }

    /** Where the simulated HighLevel is. */
    URI simulator() {
        return URI.create(simulator.url());
    }

    JsonObject highLevel() {
        return TestBed.await(simulator.oauth());
    }

    JsonObject highLevel(JsonObject order) {
        return TestBed.await(simulator.oauth(order));
    }

    /** Has HighLevel misbehave at this path once; {@code more} fields as JSON, after a comma. */
    void misbehave(String path, String kind, String more) {
        misbehave("[{\"match\": {\"path\": \"" + path + "\"}, \"kind\": \"" + kind + "\"" + more + "}]");
    }

    /** Has HighLevel misbehave: the simulator's own form. */
    void misbehave(String script) {
        order(HttpRequest.newBuilder(control("faults")).POST(BodyPublishers.ofString(script)));
    }

    /** HighLevel posts a webhook. */
    JsonObject post(String url, JsonObject event, String signed) {
        var order = new JsonObject().put("to", url).put("event", event).put("signed", signed);
        var posted = HttpRequest.newBuilder(control("webhooks")).POST(BodyPublishers.ofString(order.encode()));
        return new JsonObject(send(posted).body());
    }

    /** Ends it. */
    void calm() {
        order(HttpRequest.newBuilder(control("faults")).DELETE());
    }

    private URI control(String path) {
        return URI.create(simulator.url() + "/_simulator/" + path);
    }

    private static void order(HttpRequest.Builder request) {
        var answer = send(request);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient().send(request.timeout(BOUND).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        TestBed.await(vertx.close());
    }

    /** A gateway that runs, and a browser and a caller before it. */
    final class Stand implements AutoCloseable {
        final Gateway gateway;
        /** All that was answered, by the gateway and, to the browser, by HighLevel. */
        final List<HttpResponse<String>> answers = new ArrayList<>();

        private final HttpClient browser = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();

        /** Of its own: within one, gateways that choose their port share it, and answer for each other. */
        private final Vertx own = Running.vertx(2);

        Stand(Settings settings) {
            this(settings, new OffsetTime());
        }

        private Stand(Settings settings, OffsetTime time) {
            var rehearsed = Future.<Void>succeededFuture();
            this.gateway =
                    TestBed.await(new Assembly(own, 1, settings, Optional.empty(), time, time, rehearsed).start());
        }

        /** Clicks through an installation; {@code choice} is what the link's text or address holds. */
        HttpResponse<String> install(String choice) {
            var begun = get(gateway.publicUrl().orElseThrow() + "/oauth/install/main");
            var cookie = begun.headers().firstValue("set-cookie").orElse("").split(";")[0];
            var consent = get(begun.headers()
                    .firstValue("location")
                    .orElseThrow(() -> new AssertionError(begun.statusCode() + begun.body())));
            var links = Pattern.compile("href=\"([^\"]+)\"").matcher(consent.body());
            while (links.find()) {
                var link = links.group(1).replace("&amp;", "&");
                if (Pattern.compile(choice).matcher(link).find()) {
                    var chosen = get(consent.uri()
                            .resolve(link.startsWith("?") ? consent.uri().getPath() + link : link)
                            .toString());
                    return send(HttpRequest.newBuilder(URI.create(
                                    chosen.headers().firstValue("location").orElseThrow()))
                            .header("Cookie", cookie));
                }
            }
            throw new AssertionError("no link with " + choice + " in " + consent.body());
        }

        /** Someone consents in the Marketplace, and comes to our callback without having left from here. */
        HttpResponse<String> installFromMarketplace(String kind, String id, String... scopes) {
            var code = consent(kind, id, scopes).getString("code");
            return get(gateway.publicUrl().orElseThrow() + "/oauth/callback/main?code=" + code);
        }

        HttpResponse<String> contacts(String location) {
            return send(call("/contacts/?locationId=" + location));
        }

        /** As operators see it. */
        JsonObject installation(String resource) {
            return new JsonObject(asked(operators("/admin/v1/installations/main/" + resource), 200));
        }

        JsonObject refresh(String resource, int status) {
            return new JsonObject(asked(
                    operators("/admin/v1/installations/main/" + resource + "/refresh")
                            .POST(BodyPublishers.noBody()),
                    status));
        }

        String asked(HttpRequest.Builder request, int status) {
            var answer = send(request);
            if (answer.statusCode() != status) {
                throw new AssertionError(answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        }

        HttpResponse<String> get(String url) {
            return send(HttpRequest.newBuilder(URI.create(url)));
        }

        HttpResponse<String> send(HttpRequest.Builder request) {
            try {
                var answer = browser.send(request.timeout(BOUND).build(), BodyHandlers.ofString());
                answers.add(answer);
                return answer;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        HttpRequest.Builder call(String pathAndQuery) {
            return HttpRequest.newBuilder(URI.create(gateway.proxyUrl() + pathAndQuery))
                    .header("Authorization", "Bearer " + KEY);
        }

        HttpRequest.Builder operators(String path) {
            return HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path))
                    .header("Authorization", "Bearer " + ADMIN_KEY);
        }

        @Override
        public void close() {
            TestBed.await(gateway.drain());
            TestBed.await(own.close());
        }
    }
}
