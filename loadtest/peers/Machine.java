import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this machine is, and what it does beside us: a figure from a machine that is busy with others is none. */
final class Machine {

    private Machine() {}

    /** All that its cores have worked since it was booted, in seconds of one. */
    static double busySeconds() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            var fields = lines.findFirst().orElseThrow().trim().split("\\s+");
            // user, nice, system, irq, softirq, steal; not idle and iowait, and guests are in user already
            return Stream.of(1, 2, 3, 6, 7, 8)
                            .mapToLong(i -> Long.parseLong(fields[i]))
                            .sum()
                    / Server.TICKS;
        }
    }

    static String describe() throws IOException {
        var memory = first(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
        return "%d cores (%s), %d GiB, Linux %s, JDK %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        first(Path.of("/proc/cpuinfo"), "model name"),
                        Math.round(Long.parseLong(memory) / 1024.0 / 1024.0),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    private static String first(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
