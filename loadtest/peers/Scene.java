import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A gateway before a simulated HighLevel, as a scenario wants them. Everything it started ends with it. */
final class Scene implements AutoCloseable {

    private static final String ADMIN_KEY = "bench-admin-key-0123456789abcdef";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Servers servers;
    private final Path jar;
    private final URI simulator;
    private final URI proxy;
    private final Server gateway;

    Scene(Scenario scenario, Path jar, Path work) throws IOException, InterruptedException {
        this.jar = jar;
        this.servers = new Servers(work);
        var arguments = new ArrayList<>(List.of("simulator", "--port", "0"));
        arguments.addAll(scenario.simulator());
        arguments.removeIf(String::isEmpty);
        if (scenario.installations() > 0) {
            arguments.addAll(List.of("--app", "main=bench-1:secret", "--company", "many=" + scenario.installations()));
        }
        for (var location : Requests.locations(0, scenario.locations())) {
            arguments.addAll(List.of("--token", "pit-" + location + "=" + location));
        }
        this.simulator = gateway("simulator", "512m", arguments).ready("simulator");
        var file = Files.writeString(work.resolve("gateway.yaml"), configuration(scenario));
        this.gateway = gateway("gateway", scenario.heap(), List.of("serve", "--config", file.toString()));
        this.proxy = gateway.ready("proxy");
        install(scenario.installations(), gateway.ready("admin"));
    }

    URI proxy() {
        return proxy;
    }

    URI simulator() {
        return simulator;
    }

    double residentMegabytes() throws IOException {
        return gateway.residentMegabytes();
    }

    private Server gateway(String name, String heap, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of(Servers.JAVA, "-Xmx" + heap));
        command.addAll(List.of(Server.GATEWAY_OPTIONS.split(" ")));
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        return servers.start(name, Map.of(), command);
    }

    private String configuration(Scenario scenario) throws IOException, InterruptedException {
        var text = new StringBuilder("proxy: {host: 127.0.0.1, port: 0}\nupstream: {base-url: \"" + simulator + "\"}\n")
                .append("admin: {host: 127.0.0.1, port: 0, key: ")
                .append(ADMIN_KEY)
                .append("}\n")
                .append(scenario.gateway())
                .append('\n');
        if (scenario.redis()) {
            servers.redis("redis").map(Redis::section).ifPresentOrElse(text::append, () -> System.err.println(
                    "no redis-server on the PATH: an embedded gateway is asked"));
        }
        if (scenario.installations() > 0) {
            text.append("public: {host: 127.0.0.1, port: 0, url: \"http://127.0.0.1:1\"}\n")
                    .append("apps:\n  - {id: main, client-id: bench-1, client-secret: secret, authorize-url: \"")
                    .append(simulator)
                    .append("/v2/oauth/chooselocation\", scopes: [contacts.readonly]}\n")
                    .append("credentials: {encryption-key: \"")
                    .append(keyset())
                    .append("\"}\n");
        }
        text.append("callers:\n  - {name: bench, key: ").append(Requests.KEY).append(", tenants: [\"*\"]}\ntenants:\n");
        for (var location : Requests.locations(0, scenario.locations())) {
            text.append("  - {id: ")
                    .append(location)
                    .append(", location: ")
                    .append(location)
                    .append(", token: pit-")
                    .append(location)
                    .append("}\n");
        }
        return text.toString();
    }

    private String keyset() throws IOException, InterruptedException {
        var process = new ProcessBuilder(Servers.JAVA, "-jar", jar.toString(), "keys", "encryption").start();
        var lines = new String(process.getInputStream().readAllBytes()).strip().split("\n");
        process.waitFor();
        return lines[lines.length - 1];
    }

    /** Tokens of an app, as an export of another system would have them. */
    private void install(int installations, URI admin) throws IOException, InterruptedException {
        for (int i = 1; i <= installations; i++) {
            var token = post(
                    simulator.resolve("/_simulator/oauth"),
                    "{\"token\":{\"app\":\"main\",\"location\":\"many-" + i + "\"}}");
            post(admin.resolve("/admin/v1/installations/import"), "{\"app\":\"main\",\"token\":" + token + "}");
        }
    }

    static String post(URI where, String json) throws IOException, InterruptedException {
        var answer = HTTP.send(
                HttpRequest.newBuilder(where)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + ADMIN_KEY)
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(where + " says " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    static String get(URI where, String... header) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(where);
        if (header.length > 0) {
            request.headers(header);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString()).body();
    }

    /** The sum, or the largest, of all whole numbers under this key; empty without any. */
    static Optional<Long> number(String json, String key, boolean largest) {
        var found = Pattern.compile("\"" + key + "\"\\s*:\\s*(\\d+)").matcher(json);
        Optional<Long> all = Optional.empty();
        while (found.find()) {
            long value = Long.parseLong(found.group(1));
            all = Optional.of(largest ? Math.max(all.orElse(0L), value) : all.orElse(0L) + value);
        }
        return all;
    }

    @Override
    public void close() {
        servers.close();
    }
}
