import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was started for a measurement, each in a folder of its own. All of it ends with this, on Ctrl-C too. */
final class Servers implements AutoCloseable, Iterable<Server> {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path work;
    private final List<Server> started = new CopyOnWriteArrayList<>();

    Servers(Path work) {
        this.work = work;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> started.forEach(Server::destroy)));
    }

    Server start(String name, Map<String, String> environment, List<String> command) throws IOException {
        var server = Server.start(work.resolve(name), environment, command);
        started.add(server);
        return server;
    }

    /** Empty where this machine has none. */
    Optional<Redis> redis(String name) throws IOException, InterruptedException {
        var executable = onPath(System.getenv().getOrDefault("REDIS_SERVER", "redis-server"));
        if (executable.isEmpty()) {
            return Optional.empty();
        }
        int port = Server.freePort();
        var server = start(
                name,
                Map.of(),
                List.of(
                        executable.get(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--maxmemory-policy",
                        "noeviction"));
        server.listening(port);
        return Optional.of(new Redis(server, port));
    }

    /** Ends these before all else ends. */
    void end(List<Server> some) {
        started.removeAll(some);
        some.forEach(Server::close);
    }

    static Optional<String> onPath(String name) {
        return Arrays.stream((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    @Override
    public Iterator<Server> iterator() {
        return started.iterator();
    }

    @Override
    public void close() {
        started.forEach(Server::close);
    }
}
