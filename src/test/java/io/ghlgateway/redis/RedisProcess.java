package io.ghlgateway.redis;

import io.ghlgateway.limits.Await;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** A Redis server of any role on the loopback, in a directory of its own that goes with it. */
public final class RedisProcess implements AutoCloseable {

    private static final Path EXECUTABLE = executable();

    private final int port;
    private final Path directory;
    private final List<String> command;
    /** Null until it is started for the first time. */
    private Process process;

    private RedisProcess(int port, Path directory, List<String> command) {
        this.port = port;
        this.directory = directory;
        this.command = command;
    }

    /** Runs with nothing kept on disk, and these settings. */
    public static RedisProcess started(String... settings) throws IOException {
        return started(() -> notStarted(settings));
    }

    /** Its port is its own from now on, and nothing listens there. */
    public static RedisProcess notStarted(String... settings) throws IOException {
        var all = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "save \"\"",
                "appendonly no",
                "maxmemory-policy noeviction",
                "repl-diskless-sync yes",
                "repl-diskless-sync-delay 0"));
        all.addAll(List.of(settings));
        return made(all);
    }

    /** Asks after this master, and lets a follower take its place soon after it is gone. */
    static RedisProcess sentinel(String name, int master, Duration downAfter) throws IOException {
        return started(() -> made(
                List.of(
                        "bind 127.0.0.1",
                        "sentinel monitor " + name + " 127.0.0.1 " + master + " 1",
                        "sentinel down-after-milliseconds " + name + " " + downAfter.toMillis(),
                        "sentinel failover-timeout " + name + " 3000",
                        "sentinel parallel-syncs " + name + " 1"),
                "--sentinel"));
    }

    private static RedisProcess made(List<String> settings, String... options) throws IOException {
        int port = FreePorts.ofANode();
        var directory = Files.createTempDirectory("redis");
        var lines = new ArrayList<>(List.of("port " + port, "dir " + directory));
        lines.addAll(settings);
        var file = Files.write(directory.resolve("redis.conf"), lines);
        var command = new ArrayList<>(List.of(EXECUTABLE.toString(), file.toString()));
        command.addAll(List.of(options));
        return new RedisProcess(port, directory, command);
    }

    /** On another port where the first was taken meanwhile: nothing reserves one between the look and the start. */
    private static RedisProcess started(Make make) throws IOException {
        for (int left = 2; ; left--) {
            var made = make.make();
            try {
                made.start();
                return made;
            } catch (IOException e) {
                made.close();
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private interface Make {
        RedisProcess make() throws IOException;
    }

    private static Path executable() {
        try {
            return ExecutableProvider.newJarResourceProvider().get().toPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void start() throws IOException {
        var log = directory.resolve("redis.log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var mine = process;
        Runtime.getRuntime().addShutdownHook(new Thread(mine::destroyForcibly));
        Await.patiently(() -> !mine.isAlive() || isServedBy(mine));
        if (!mine.isAlive()) {
            throw new IOException("Redis did not start on port " + port + ": " + Files.readString(log));
        }
    }

    private boolean isServedBy(Process process) {
        try {
            return ask("INFO", "server").contains("process_id:" + process.pid() + "\r\n");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** It answers nobody until it is let go on. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    public void goOn() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .onExit()
                .join();
    }

    /** What it answers, an error included; of several texts a line each. */
    public String ask(String... words) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            var request = new StringBuilder("*" + words.length + "\r\n");
            for (var word : words) {
                request.append("$")
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.append((char) next);
        }
        var text = line.substring(1).strip();
        if (line.charAt(0) == '$') {
            int length = Integer.parseInt(text);
            return length < 0 ? "" : new String(in.readNBytes(length + 2), StandardCharsets.UTF_8).strip();
        }
        if (line.charAt(0) == '*') {
            var all = new ArrayList<String>();
            for (int i = 0; i < Integer.parseInt(text); i++) {
                all.add(answer(in));
            }
            return String.join("\n", all);
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        kill();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
