package io.ghlgateway;

import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.settings.SettingsLoader;
import io.ghlgateway.simulator.Latency;
import io.ghlgateway.simulator.Simulator;
import io.ghlgateway.simulator.SimulatorOptions;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

    AppStand() throws IOException {
        simulator = TestBed.await(Simulator.start(
                vertx,
                SimulatorOptions.builder()
                        .latency(Latency.none())
                        .limit(5_000, Duration.ofSeconds(10))
                        .app("main", "65f0aa-main", CLIENT_SECRET)
                        .company(COMPANY, locations())
                        .company("other", List.of("other-1"))
                        .company("many", many())
                        .build()));
        try (var free = new ServerSocket(0)) {
            publicPort = free.getLocalPort();
        }
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
        int port = redis.isPresent() ? 0 : publicPort;
        return new Stand(settings(directory, redis, keys, more, simulator.url(), port, ""));
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
        return settings(directory, redis, keys, more, upstream, publicPort, sections);
    }

    private Settings settings(
            Path directory,
            Optional<String> redis,
            Secret keys,
            String more,
            String upstream,
            int port,
            String sections) {
        var yaml = """
                proxy: {host: 127.0.0.1, port: 0}
                admin: {host: 127.0.0.1, port: 0, key: operators-key-51fe03ab}
                public: {host: 127.0.0.1, port: %d, url: "http://127.0.0.1:%d"}
                upstream: {base-url: "%s"}
                limits: {journal: none, burst: {requests: 5000, per: 10s}, guard: 500ms, permit-ttl: 160ms}
                drain: {timeout: 10s}
                apps:
                  - {id: main, client-id: 65f0aa-main, client-secret: client-secret-31, authorize-url: "%s/v2/oauth/chooselocation", scopes: [contacts.readonly, contacts.write, oauth.readonly, oauth.write, locations.readonly, locations.write]}
                credentials: {journal: "%s", encryption-key: "%s"%s}
                callers:
                  - {name: office, key: %s, tenants: ["*"]}
                %s
                %s
                """.formatted(
                        port,
                        publicPort,
                        upstream,
                        simulator.url(),
                        directory,
                        keys.reveal(),
                        more,
                        KEY,
                        redis.map(uri -> "redis: {uri: \"" + uri + "\"}").orElse(""),
                        sections);
        var loaded = SettingsLoader.parse(Path.of("apps.yaml"), yaml, Map.of());
        if (!(loaded instanceof Loaded.Ready ready)) {
            throw new AssertionError(loaded);
        }
        return ready.settings();
    }

    Stand gateway(Path directory) {
        return gateway(directory, Optional.empty(), keyset, "");
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
        order(HttpRequest.newBuilder(control("faults")).POST(HttpRequest.BodyPublishers.ofString(script)));
    }

    /** Ends it. */
    void calm() {
        order(HttpRequest.newBuilder(control("faults")).DELETE());
    }

    private URI control(String path) {
        return URI.create(simulator.url() + "/_simulator/" + path);
    }

    private static void order(HttpRequest.Builder request) {
        try {
            var answer = HttpClient.newHttpClient().send(request.timeout(BOUND).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.body());
            }
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

        Stand(Settings settings) {
            this.gateway = TestBed.await(Gateway.start(vertx, 1, settings));
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
        }
    }
}
