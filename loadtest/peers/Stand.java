import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the upstream and what is measured before it. Everything it started ends with it. */
final class Stand implements AutoCloseable {

    /** @param processes which are measured together; none for the upstream called directly */
    record Peer(String name, List<URI> urls, List<Server> processes, Optional<Redis> redis) {}

    /** Why something cannot be measured on this machine. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String what) {
            super(what);
        }
    }

    private final Options options;
    private final Path work;
    private final Servers servers;
    private final URI upstream;

    /** @param limit requests in ten seconds for each location, as the upstream says it */
    Stand(Options options, Path work, int locations, int limit) throws IOException, InterruptedException {
        this.options = options;
        this.work = work;
        this.servers = new Servers(work);
        this.upstream = servers.start(
                        "upstream",
                        Map.of(),
                        List.of(
                                Servers.JAVA,
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "Upstream",
                                Integer.toString(locations),
                                Integer.toString(limit)))
                .ready("upstream");
    }

    Peer peer(String name, List<String> locations, int limit) throws IOException, InterruptedException, Missing {
        return switch (name) {
            case "direct" -> new Peer(name, List.of(upstream), List.of(), Optional.empty());
            case "nginx" -> nginx(false);
            case "nginx-lua" -> nginx(true);
            case "vertx" -> bare();
            case "scg" -> spring();
            case "embedded" -> ours(name, 1, false, locations, limit, options.text("heap"));
            case "redis" -> ours(name, 1, true, locations, limit, options.text("heap"));
            default -> ours(name, 3, true, locations, limit, options.text("heap"));
        };
    }

    /** Of the CPU, used by all that was started here and by this process. */
    double cpuSeconds() throws IOException {
        double seconds = Server.driverSeconds();
        for (var server : servers) {
            seconds += server.cpuSeconds();
        }
        return seconds;
    }

    /** How long the threads of all these, also of peers that rest, had something to do and no core to do it on. */
    Threads waits() throws IOException {
        var threads = Server.driverWaits();
        for (var server : servers) {
            threads = threads.and(server.waits());
        }
        return threads;
    }

    private Peer nginx(boolean limited) throws IOException, InterruptedException, Missing {
        var name = limited ? "nginx-lua" : "nginx";
        var nginx = executable("nginx");
        Optional<Redis> redis = Optional.empty();
        var modules = "root".equals(System.getProperty("user.name")) ? "user root root; " : "";
        var limiter = "";
        var limit = "";
        if (limited) {
            var folder = Path.of("/usr/lib/nginx/modules");
            for (var module : List.of("ndk_http_module.so", "ngx_http_lua_module.so")) {
                modules += "load_module " + there(folder.resolve(module)) + "; ";
            }
            there(Path.of("/usr/share/lua/5.1/nginx/redis.lua"));
            redis = Optional.of(redis(name));
            limiter = "lua_package_path '" + source("limiter.lua").getParent() + "/?.lua;/usr/share/lua/5.1/?.lua;;';";
            limit = "access_by_lua_block { require('limiter').limit(" + redis.get().port() + ") }";
        }
        int port = Server.freePort();
        var configuration = Files.readString(source("nginx.conf"))
                .replace("@MODULES@", modules)
                .replace("@UPSTREAM@", Integer.toString(upstream.getPort()))
                .replace("@PORT@", Integer.toString(port))
                .replace("@LIMITER@", limiter)
                .replace("@LIMIT@", limit);
        var folder = Files.createDirectories(work.resolve(name));
        Files.writeString(folder.resolve("nginx.conf"), configuration);
        var server = servers.start(
                name,
                Map.of(),
                List.of(nginx, "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"));
        return new Peer(name, List.of(server.listening(port)), List.of(server), redis);
    }

    private Peer bare() throws IOException, InterruptedException {
        int port = Server.freePort();
        var server = servers.start(
                "vertx",
                Map.of(),
                List.of(
                        Servers.JAVA,
                        "-Xmx" + options.text("heap"),
                        "-cp",
                        System.getProperty("java.class.path") + ":" + options.path("jar"),
                        "BareProxy",
                        Integer.toString(port),
                        Integer.toString(upstream.getPort())));
        return new Peer("vertx", List.of(server.ready("proxy")), List.of(server), Optional.empty());
    }

    private Peer spring() throws IOException, InterruptedException, Missing {
        if (options.text("scg").isEmpty()) {
            throw new Missing("Spring Cloud Gateway could not be fetched or built");
        }
        var redis = redis("scg");
        int port = Server.freePort();
        var built = options.path("scg");
        var server = servers.start(
                "scg",
                Map.of(
                        "PEER_PORT", Integer.toString(port),
                        "PEER_REDIS_PORT", Integer.toString(redis.port()),
                        "PEER_UPSTREAM_PORT", Integer.toString(upstream.getPort())),
                List.of(
                        Servers.JAVA,
                        "-Xmx" + options.text("heap"),
                        "-cp",
                        built.resolve("classes") + ":" + built.resolve("dependency") + "/*",
                        "peers.SpringCloudGateway"));
        return new Peer("scg", List.of(server.listening(port)), List.of(server), Optional.of(redis));
    }

    /** Ours. @param limit requests in ten seconds for each location */
    Peer ours(String name, int replicas, boolean shared, List<String> locations, int limit, String heap)
            throws IOException, InterruptedException, Missing {
        Optional<Redis> redis = shared ? Optional.of(redis(name)) : Optional.empty();
        var file = configuration(name, redis.map(Redis::section).orElse(""), locations, limit);
        var urls = new ArrayList<URI>();
        var processes = new ArrayList<Server>();
        for (int i = 1; i <= replicas; i++) {
            var command = new ArrayList<>(List.of(Servers.JAVA, "-Xmx" + heap));
            command.addAll(options.flags("gateway-options"));
            command.addAll(List.of("-jar", options.path("jar").toString(), "serve", "--config", file.toString()));
            processes.add(servers.start(name + "-" + i, Map.of(), command));
        }
        for (var process : processes) {
            urls.add(process.ready("proxy"));
        }
        return new Peer(name, urls, List.copyOf(processes), redis);
    }

    private Path configuration(String name, String redis, List<String> locations, int limit) throws IOException {
        var text = new StringBuilder("proxy: {host: 127.0.0.1, port: 0}\nadmin: {host: 127.0.0.1, port: 0}\n")
                .append("upstream: {base-url: \"")
                .append(upstream)
                .append("\"}\n")
                .append("limits: {burst: {requests: ")
                .append(limit)
                .append(", per: 10s}}\n")
                .append(redis)
                .append("callers:\n  - {name: bench, key: ")
                .append(Requests.KEY)
                .append(", tenants: [\"*\"]}\ntenants:\n");
        for (var location : locations) {
            text.append("  - {id: t-")
                    .append(location)
                    .append(", location: ")
                    .append(location)
                    .append(", token: pit-")
                    .append(location)
                    .append("}\n");
        }
        return Files.writeString(work.resolve(name + ".yaml"), text);
    }

    private Redis redis(String of) throws IOException, InterruptedException, Missing {
        return servers.redis("redis-of-" + of).orElseThrow(() -> new Missing("there is no redis-server on the PATH"));
    }

    /** Ends what is measured no more, before all else ends. Not while the CPU's time is taken. */
    void end(Peer peer) {
        var ended = new ArrayList<>(peer.processes());
        peer.redis().map(Redis::server).ifPresent(ended::add);
        servers.end(ended);
    }

    private static Path source(String name) {
        return Path.of("loadtest/peers", name).toAbsolutePath();
    }

    private static Path there(Path file) throws Missing {
        if (!Files.exists(file)) {
            throw new Missing("there is no " + file);
        }
        return file;
    }

    private static String executable(String name) throws Missing {
        return Servers.onPath(name).orElseThrow(() -> new Missing("there is no " + name + " on the PATH"));
    }

    @Override
    public void close() {
        servers.close();
    }
}
