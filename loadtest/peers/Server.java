import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Something that was started, in a folder of its own: one process with those it starts itself. Linux: it reads /proc. */
final class Server implements AutoCloseable {

    /** Of ours, as the chart has them; a container of 1 GiB begins with a heap of so much. */
    static final String GATEWAY_OPTIONS = "-XX:+UseSerialGC -XX:+UseTransparentHugePages -Xms154m";

    private static final long START_SECONDS = 120;
    /** USER_HZ: what /proc counts in a second, on every Linux. */
    static final double TICKS = 100;

    private static final Pattern COMPILER = Pattern.compile("C[12] Compiler");
    private static final Pattern OLD = Pattern.compile("(?i)tenured"); // its case is another in later JDKs
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final Process process;
    private final Path folder;
    private final Path log;

    private Server(Process process, Path folder, Path log) {
        this.process = process;
        this.folder = folder;
        this.log = log;
    }

    static Server start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Files.createDirectories(folder);
        var log = folder.resolve("output.log");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new Server(builder.start(), folder, log);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The address that its line {@code ready:} names for this door. */
    URI ready(String door) throws IOException, InterruptedException {
        var line = Pattern.compile("ready:.*\\b" + door + "=(http://[^\\s/]+)");
        for (long i = 0; i < START_SECONDS * 50; i++, Thread.sleep(20)) {
            var found = line.matcher(Files.readString(log));
            if (found.find()) {
                return URI.create(found.group(1));
            }
            alive();
        }
        throw new IOException("not ready: " + log);
    }

    /** When something listens there. */
    URI listening(int port) throws IOException, InterruptedException {
        for (long i = 0; i < START_SECONDS * 50; i++, Thread.sleep(20)) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
                return URI.create("http://127.0.0.1:" + port);
            } catch (IOException notYet) {
                alive();
            }
        }
        throw new IOException("does not listen: " + log);
    }

    /** What it and its children have used of the CPU so far. */
    double cpuSeconds() throws IOException {
        double ticks = 0;
        for (var pid : pids()) {
            ticks += ticks(Path.of("/proc", pid));
        }
        return ticks / TICKS;
    }

    /** And what its JVM's compilers have. */
    Threads compilers() throws IOException {
        var threads = Threads.none();
        for (var pid : pids()) {
            threads = threads.and(threads(pid, Server::compiled));
        }
        return threads;
    }

    /** How long its threads had something to do and no core to do it on. */
    Threads waits() throws IOException {
        var threads = Threads.none();
        for (var pid : pids()) {
            threads = threads.and(threads(pid, Server::waited));
        }
        return threads;
    }

    /** What this process, which drives the load, has used of the CPU. */
    static double driverSeconds() throws IOException {
        return ticks(Path.of("/proc/self")) / TICKS;
    }

    static Threads driverWaits() throws IOException {
        return threads("self", Server::waited);
    }

    private interface Seconds {
        double of(Path thread) throws IOException;
    }

    private static Threads threads(String pid, Seconds seconds) throws IOException {
        var found = new HashMap<String, Double>();
        try (var threads = Files.list(Path.of("/proc", pid, "task"))) {
            for (var thread : threads.toList()) {
                try {
                    found.put(thread.getFileName().toString(), seconds.of(thread));
                } catch (IOException gone) {
                    if (Files.exists(thread)) {
                        throw gone;
                    }
                }
            }
        }
        return new Threads(found);
    }

    private static double compiled(Path thread) throws IOException {
        boolean compiles = COMPILER.matcher(Files.readString(thread.resolve("comm"))).lookingAt();
        return compiles ? ticks(thread) / TICKS : 0;
    }

    private static double waited(Path thread) throws IOException {
        return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[1]) / 1e9;
    }

    /** @param process or thread: its folder in /proc */
    private static long ticks(Path process) throws IOException {
        var stat = Files.readString(process.resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** What is resident of it and its children, in MB; what they share counts for each. */
    double residentMegabytes() throws IOException {
        double kilobytes = 0;
        for (var pid : pids()) {
            try (var lines = Files.lines(Path.of("/proc", pid, "status"))) {
                kilobytes += lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            }
        }
        return kilobytes / 1024;
    }

    /** What is used of its heap after a collection, in MiB. Only of a JVM. */
    double liveHeapMegabytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        jcmd("GC.run");
        var heap = jcmd("GC.heap_info").split("Metaspace")[0];
        // The serial collector moves all that lives to the old generation; the young one has what threads took since.
        var old = OLD.matcher(heap);
        heap = old.find() ? heap.substring(old.start()) : heap;
        long kilobytes = USED.matcher(heap)
                .results()
                .mapToLong(used -> Long.parseLong(used.group(1)))
                .sum();
        if (kilobytes == 0) {
            throw new IOException("GC.heap_info says nothing of what is used");
        }
        return kilobytes / 1024.0;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked = new ProcessBuilder(jcmd, Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        var said = new String(asked.getInputStream().readAllBytes());
        asked.waitFor();
        return said;
    }

    /** Logs of requests grow by megabytes a second; they are written, but not kept. */
    void emptyLogs() throws IOException {
        try (var files = Files.list(folder)) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close();
            }
        }
    }

    private void alive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("it ended at once: " + Files.readString(log));
        }
    }

    private List<String> pids() {
        var pids = new ArrayList<String>();
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .forEach(handle -> pids.add(Long.toString(handle.pid())));
        return pids;
    }

    /** Told to end, with all that it started. */
    void destroy() {
        var all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
    }

    @Override
    public void close() {
        destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
