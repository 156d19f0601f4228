package io.ghlgateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The gateway as operators run it: a process of its own, of the jar where {@code gateway.jar} names one and else of the
 * classes under test. Netty looks for leaked buffers in each that it hands out.
 */
final class Replica implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("(?m)^ready: proxy=(\\S+) admin=(\\S+?)(?: public=(\\S+))?$");
    private static final String ESTABLISHED = "01"; // in /proc/net/tcp
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    private final Path log;
    private final Process process;
    /** What it said of itself when it was ready: proxy, admin, public. */
    private volatile List<String> doors = List.of();

    /** @param more options of the JVM, which overrule these */
    Replica(Path config, Path log, String... more) {
        this.log = log;
        var command = new ArrayList<>(List.of(
                JAVA.resolve("java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "-Dlogback.configurationFile=logback.xml"));
        command.addAll(List.of(more));
        command.addAll(program());
        command.addAll(List.of("serve", "--config", config.toString()));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private static List<String> program() {
        return Optional.ofNullable(System.getProperty("gateway.jar"))
                .map(jar -> List.of("-jar", jar))
                .orElseGet(() -> List.of("-cp", System.getProperty("java.class.path"), "io.ghlgateway.Main"));
    }

    Replica untilReady() {
        World.until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ":\n" + log());
            }
            return isReady();
        });
        return this;
    }

    boolean isReady() {
        return !doors.isEmpty() || READY.matcher(log()).find();
    }

    URI proxy() {
        return URI.create(door(1));
    }

    URI admin() {
        return URI.create(door(2));
    }

    URI open() {
        return URI.create(door(3));
    }

    private String door(int group) {
        if (doors.isEmpty()) {
            var ready = READY.matcher(log());
            if (!ready.find()) {
                throw new AssertionError("is not ready:\n" + log());
            }
            doors = List.of(ready.group(1), ready.group(2), String.valueOf(ready.group(3)));
        }
        return doors.get(group - 1);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** As an orchestrator does; its exit code is what {@link #ended} gives. */
    void term() {
        process.destroy();
    }

    int ended() {
        return process.onExit().join().exitValue();
    }

    int descriptors() {
        try (var files = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connections to its doors. */
    long callers() {
        var ends = doors.stream()
                .filter(door -> door.startsWith("http"))
                .map(door -> ":%04X".formatted(URI.create(door).getPort()))
                .toList();
        return Stream.of("tcp", "tcp6")
                .flatMap(kind -> lines(Path.of("/proc/net", kind)))
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[3].equals(ESTABLISHED) && ends.stream().anyMatch(fields[1]::endsWith))
                .count();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it holds of the machine's memory, in KiB. */
    long resident() {
        return status("VmRSS");
    }

    private long status(String field) {
        try (var lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the JVM do something; after {@code GC.run} Netty can tell what leaked. */
    String jcmd(String... order) {
        var command = new ArrayList<>(List.of(JAVA.resolve("jcmd").toString(), Long.toString(pid())));
        command.addAll(List.of(order));
        return Shell.run(command);
    }

    /** How long its files may become from now on, in bytes; nothing it writes beyond that is taken, as by a full disk. */
    void files(String most) {
        Shell.run(List.of("prlimit", "--pid", Long.toString(pid()), "--fsize=" + most + ":unlimited"));
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
