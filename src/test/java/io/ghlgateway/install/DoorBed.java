package io.ghlgateway.install;

import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.http.ConnectionCap;
import io.ghlgateway.http.ConnectionEvents;
import io.ghlgateway.http.Listening;
import io.ghlgateway.install.CodeExchange.Connected;
import io.ghlgateway.install.InstallApp.Policy;
import io.ghlgateway.limits.Await;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Two replicas of the door before a scripted {@link CodeExchange}, and a browser's means to try them: bare connections, so
 * that requests go out as they are written.
 */
final class DoorBed implements AutoCloseable {

    static final App MAIN = new App("main");
    static final String CODE = "code-canary-77";

    final Set<String> claimed = new HashSet<>();
    final List<String> completed = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");
    volatile Claims claims = this::claimOnce;
    volatile CodeExchange onboarding = (app, code, pending) ->
            Future.succeededFuture(new Connected(Resource.location("loc1"), Optional.of("comp1"), 1, pending));

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer first;
    private final HttpServer second;

    DoorBed(String publicUrl, InstallApp... apps) {
        first = replica(publicUrl, List.of(apps));
        second = replica(publicUrl, List.of(apps));
    }

    private HttpServer replica(String publicUrl, Collection<InstallApp> apps) {
        var key = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        var door = new InstallDoor(
                apps,
                URI.create(publicUrl),
                key,
                (nonce, life) -> claims.claim(nonce, life),
                (app, code, pending) -> {
                    completed.add(app + " " + code.reveal() + (pending ? " pending" : ""));
                    return onboarding.complete(app, code, pending);
                },
                new Recording(),
                () -> now,
                RandomGenerator.of("L64X128MixRandom"));
        return Await.result(new PublicServer(vertx, publicUrl.startsWith("https"), door, uri -> false)
                .listen(new Listening(
                        "127.0.0.1", 0, Optional.empty(), new ConnectionCap(1_000), ConnectionEvents.NONE)));
    }

    static InstallApp app(String id, Policy unasked) {
        return app(id, InstallApp.STANDARD, unasked);
    }

    static InstallApp app(String id, URI authorizeUrl, Policy unasked) {
        return new InstallApp(
                new OAuthClient(
                        new App(id),
                        "65a0-lx1",
                        Secret.of("client-secret-4410"),
                        "https://gateway.example/oauth/callback/" + id),
                List.of("contacts.readonly", "contacts.write"),
                authorizeUrl,
                Optional.of("v-1"),
                true,
                unasked);
    }

    /** An answer as it came. */
    record Answer(int status, String head, String body) {

        Optional<String> field(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst();
        }

        /** {@code name=value} of the cookie that it set. */
        String cookie() {
            return field("set-cookie").orElseThrow().split(";")[0];
        }

        String state() {
            return group(field("location").orElseThrow(), "[?&]state=([^&]*)");
        }
    }

    Answer get(String target, String... fields) {
        return send("GET " + target + " HTTP/1.1\nHost: gateway.example\n"
                + (fields.length == 0 ? "" : String.join("\n", fields) + "\n") + "Connection: close\n\n");
    }

    /** A callback to the state and cookie of an installation that was begun. */
    Answer callback(Answer begun) {
        return get("/oauth/callback/main?code=" + CODE + "&state=" + begun.state(), "Cookie: " + begun.cookie());
    }

    Answer begin() {
        return get("/oauth/install/main");
    }

    Answer send(String request) {
        return send(first, request);
    }

    Answer sendToOther(String request) {
        return send(second, request);
    }

    private static Answer send(HttpServer to, String request) {
        try (var socket = new Socket("127.0.0.1", to.actualPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            var all = rest(socket).split("\r\n\r\n", 2);
            var status = Integer.parseInt(group(all[0], "HTTP/1\\.[01] (\\d+)"));
            return new Answer(status, all[0].replace("\r\n", "\n"), all[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rest(Socket socket) throws IOException {
        var read = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(read);
        } catch (SocketException cut) {
            // after what there was to say
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    int port() {
        return first.actualPort();
    }

    static String group(String text, String regex) {
        var found = Pattern.compile(regex).matcher(text);
        if (!found.find()) {
            throw new AssertionError(regex + " is not in " + text);
        }
        return found.group(1);
    }

    private Future<Boolean> claimOnce(String nonce, Duration life) {
        synchronized (claimed) {
            return Future.succeededFuture(claimed.add(nonce));
        }
    }

    private final class Recording implements InstallEvents {

        @Override
        public void begun(App app) {
            events.add("begun " + app);
        }

        @Override
        public void completed(App app, Resource.Kind kind, boolean pending) {
            events.add("completed " + app + " " + kind + (pending ? " pending" : ""));
        }

        @Override
        public void refused(App app, Reason reason) {
            events.add("refused " + app + " " + reason.wire());
        }
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
