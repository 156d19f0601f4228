package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A simulator whose time stands still until it is moved, and blocking ways to call it. */
final class RunningSimulator implements AutoCloseable {

    static final String TOKEN = "pit-0123456789";
    static final long START = 1_790_000_000_000_000_000L;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong now = new AtomicLong(START);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Simulator simulator;

    RunningSimulator(SimulatorOptions options) {
        simulator = await(Simulator.start(vertx, options, now::get, new SplittableRandom(7)));
    }

    /** Calls are answered at once. */
    static SimulatorOptions.Builder prompt() {
        return SimulatorOptions.builder().latency(Latency.none());
    }

    Simulator simulator() {
        return simulator;
    }

    Vertx vertx() {
        return vertx;
    }

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    HttpResponse<String> get(String path) {
        return send(call("GET", path, ""));
    }

    HttpResponse<String> send(String method, String path, String body) {
        return send(call(method, path, body));
    }

    HttpResponse<String> send(HttpRequest.Builder call) {
        return send(call, BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder call) {
        return send(call, BodyHandlers.ofByteArray());
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder call, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(call.build(), body);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** A call that a valid client makes. */
    HttpRequest.Builder call(String method, String path, String body) {
        return bare(method, path, body)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Version", "2021-07-28");
    }

    /** Without token and version. */
    HttpRequest.Builder bare(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> script(JsonObject... faults) {
        JsonArray script = new JsonArray();
        for (JsonObject fault : faults) {
            script.add(fault);
        }
        return send(bare("POST", "/_simulator/faults", script.encode()));
    }

    /** What comes on a connection after the call's head until the other side closes it. */
    String raw(String head) {
        try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(received);
            return received.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
