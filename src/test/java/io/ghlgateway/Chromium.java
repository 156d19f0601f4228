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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine's own Chromium without a window, spoken to by its DevTools protocol over one WebSocket. It resolves no name, so
 * it reaches nothing but this machine. Every wait has a bound that only ends a test that would hang.
 */
final class Chromium implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    private Chromium(Process process, Path profile, URI address) {
        this.process = process;
        this.profile = profile;
        this.socket =
                TestBed.await(HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address, new Listener()));
    }

    /** {@code CHROMIUM}, or one where distributions have it. */
    static Optional<Path> find() {
        var named = Stream.ofNullable(System.getenv("CHROMIUM"));
        var usual = Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(directory -> directory + "/" + name));
        return Stream.concat(named, usual)
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @return fails where it cannot be started here */
    static Chromium start(Path executable) throws IOException {
        var profile = Files.createTempDirectory("chromium");
        var process = new ProcessBuilder(
                        executable.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-extensions",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--force-color-profile=srgb",
                        "--lang=en-GB",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            var address =
                    CompletableFuture.supplyAsync(() -> address(process)).get(BOUND.toSeconds(), TimeUnit.SECONDS);
            return new Chromium(process, profile, address);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException(executable + " does not start", e);
        }
    }

    private static URI address(Process process) {
        var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        var address = errors.lines()
                .map(LISTENING::matcher)
                .filter(Matcher::find)
                .map(found -> URI.create(found.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("it ended before it listened"));
        var rest = new Thread(() -> errors.lines().forEach(read -> {}), "chromium-errors");
        rest.setDaemon(true);
        rest.start();
        return address;
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
        synchronized (this) { // one message after the other
            TestBed.await(socket.sendText(message.encode(), true));
        }
        var said = TestBed.await(answer);
        if (said.containsKey("error")) {
            throw new AssertionError(method + ": " + said.getJsonObject("error"));
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

    @Override
    public void close() {
        socket.abort();
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
    }
}
