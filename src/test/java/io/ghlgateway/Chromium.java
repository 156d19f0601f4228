package io.ghlgateway;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine's own Chromium without a window, spoken to by its DevTools protocol over one WebSocket. It resolves no name, so
 * it reaches nothing but this machine. Every wait has a bound that only ends a test that would hang, and says what it was for.
 */
final class Chromium implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 2;
    private static final int MOST_LINES = 40;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

    /** It said no to a call, or a script failed; the page may be on its way to another document. */
    static final class Refusal extends AssertionError {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }
    }

    private final Launched launched;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private volatile String over = "";

    private Chromium(Launched launched, URI address) {
        this.launched = launched;
        this.socket =
                TestBed.await(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Listener()));
    }

    /**
     * {@code CHROMIUM}, or one where distributions have it; none where {@code CHROMIUM} is set and empty.
     *
     * @return fails where {@code CHROMIUM} names none
     */
    static Optional<Path> find() {
        var named = System.getenv("CHROMIUM");
        if (named != null && named.isEmpty()) {
            return Optional.empty();
        }
        if (named != null && named.contains("/") && !Files.isExecutable(Path.of(named))) {
            throw new AssertionError("CHROMIUM is " + named + ", which cannot be executed");
        }
        return Stream.concat(
                        Stream.ofNullable(named),
                        Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
                .flatMap(name -> name.contains("/")
                        ? Stream.of(name)
                        : Stream.of(System.getenv("PATH").split(":")).map(directory -> directory + "/" + name))
                .map(Path::of)
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** @return fails where it cannot be started here, with what it said */
    static Chromium start(Path executable) throws IOException {
        var said = new StringBuilder();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var launched = Launched.start(executable);
            try {
                return new Chromium(launched, launched.address().get(BOUND.toSeconds(), TimeUnit.SECONDS));
            } catch (InterruptedException | ExecutionException | TimeoutException | AssertionError e) {
                said.append("\nattempt ")
                        .append(attempt)
                        .append(": no DevTools within ")
                        .append(BOUND)
                        .append("; it ")
                        .append(launched.state())
                        .append('\n')
                        .append(e);
                launched.end();
            }
        }
        throw new AssertionError(executable + " is there and does not start" + said);
    }

    /** A process, its profile and the last that it said. */
    private record Launched(Process process, Path profile, Deque<String> lines, CompletableFuture<URI> address) {

        static Launched start(Path executable) throws IOException {
            var profile = Files.createTempDirectory("chromium");
            var builder = new ProcessBuilder(
                            executable.toString(),
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-extensions",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-breakpad",
                            // A page that another one covers must go on as if it was looked at.
                            "--disable-renderer-backgrounding",
                            "--disable-background-timer-throttling",
                            "--disable-backgrounding-occluded-windows",
                            "--no-first-run",
                            "--no-default-browser-check",
                            "--force-color-profile=srgb",
                            "--lang=en-GB",
                            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            "about:blank")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            // Where there is no home, or none to write to, it would not start.
            List.of("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
                    .forEach(name -> builder.environment().put(name, profile.toString()));
            var process = builder.start();
            var launched = new Launched(process, profile, new ConcurrentLinkedDeque<>(), new CompletableFuture<>());
            var reader = new Thread(launched::read, "chromium-errors");
            reader.setDaemon(true);
            reader.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return launched;
        }

        private void read() {
            try (var errors =
                    new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (var line = errors.readLine(); line != null; line = errors.readLine()) {
                    lines.add(line);
                    if (lines.size() > MOST_LINES) {
                        lines.remove();
                    }
                    var found = LISTENING.matcher(line);
                    if (found.find()) {
                        address.complete(URI.create(found.group(1)));
                    }
                }
                process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS);
                address.completeExceptionally(new IOException("it ended before it listened"));
            } catch (IOException | InterruptedException e) {
                address.completeExceptionally(e);
            }
        }

        String state() {
            return (process.isAlive() ? "runs" : "has ended with " + process.exitValue()) + ", and said\n"
                    + String.join("\n", lines);
        }

        void end() {
            process.destroy();
            try {
                if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                try (var files = Files.walk(profile)) {
                    files.sorted((one, other) -> other.compareTo(one))
                            .forEach(file -> file.toFile().delete());
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } catch (IOException | UncheckedIOException gone) {
                // it lies among the temporary files
            }
        }
    }

    /** A window of its own, with storage of its own. */
    Page page(int width, int height, boolean dark) {
        var context = call("", "Target.createBrowserContext", new JsonObject()).getString("browserContextId");
        var target = call(
                        "",
                        "Target.createTarget",
                        new JsonObject().put("url", "about:blank").put("browserContextId", context))
                .getString("targetId");
        var session = call(
                        "",
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId");
        var page = new Page(this, session, target);
        pages.put(session, page);
        page.open(width, height, dark);
        return page;
    }

    JsonObject call(String session, String method, JsonObject parameters) {
        int id = calls.incrementAndGet();
        var message = new JsonObject().put("id", id).put("method", method).put("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        var answer = new CompletableFuture<JsonObject>();
        answers.put(id, answer);
        JsonObject said;
        try {
            synchronized (this) { // one message after the other
                socket.sendText(message.encode(), true).get(BOUND.toSeconds(), TimeUnit.SECONDS);
            }
            if (!over.isEmpty()) {
                answer.completeExceptionally(new IOException(over));
            }
            said = answer.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(
                    "no answer to " + method + " " + parameters.encode() + " within " + BOUND + "; the browser "
                            + launched.state(),
                    e);
        }
        if (said.containsKey("error")) {
            throw new Refusal(method + " " + parameters.encode() + ": " + said.getJsonObject("error"));
        }
        return said.getJsonObject("result");
    }

    private void heard(JsonObject message) {
        var answer = message.containsKey("id") ? answers.remove(message.getInteger("id")) : null;
        if (answer != null) {
            answer.complete(message);
        } else if (message.containsKey("sessionId")) {
            var page = pages.get(message.getString("sessionId"));
            if (page != null) {
                page.heard(message.getString("method"), message.getJsonObject("params", new JsonObject()));
            }
        }
    }

    /** Nobody answers any more: who waits is told at once. */
    private void ended(String why) {
        over = why;
        answers.values().forEach(answer -> answer.completeExceptionally(new IOException(why)));
    }

    @Override
    public void close() {
        socket.abort();
        launched.end();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var message = new JsonObject(text.toString());
                text.setLength(0);
                heard(message);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
            ended("it closed its DevTools: " + status + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended("its DevTools broke off: " + error);
        }
    }
}
