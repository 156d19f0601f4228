package io.ghlgateway.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** What the simulator answers. Three paths are its own, for tests of a proxy: download, upload and echo. */
final class Replies {

    private static final String DOWNLOAD = "/simulate/download";
    private static final String UPLOAD = "/simulate/upload";
    private static final String ECHO = "/simulate/echo";
    private static final int BLOCK = 16 * 1024;

    private final Records records;

    Replies(Records records) {
        this.records = records;
    }

    void refuse(HttpServerRequest request, Refused refused) {
        send(request, refused.status(), refused.body().put("traceId", records.newId()));
    }

    /** What stands before HighLevel answers in plain text. */
    void fail(HttpServerRequest request, Fault fault) {
        request.response()
                .setStatusCode(fault.status())
                .putHeader("Content-Type", "text/plain")
                .end(
                        fault.body().isEmpty()
                                ? "upstream connect error or disconnect/reset before headers"
                                : fault.body());
    }

    /** Half of what was announced, then nothing. */
    void breakOff(HttpServerRequest request) {
        request.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Length", "2000")
                .write("{\"contacts\":[" + " ".repeat(986))
                .onComplete(written -> request.connection().close());
    }

    boolean streams(HttpServerRequest request) {
        return request.path().equals(DOWNLOAD);
    }

    void stream(HttpServerRequest request) {
        long bytes =
                Long.parseLong(Optional.ofNullable(request.getParam("bytes")).orElse("0"));
        var response = request.response().putHeader("Content-Type", "application/octet-stream");
        if ("true".equals(request.getParam("chunked"))) {
            response.setChunked(true);
        } else {
            response.putHeader("Content-Length", String.valueOf(bytes));
        }
        request.handler(chunk -> {});
        write(response, Buffer.buffer(new byte[BLOCK]), bytes);
    }

    /** No faster than it is read. */
    private static void write(HttpServerResponse response, Buffer block, long left) {
        long rest = left;
        while (rest > 0 && !response.closed()) {
            int size = (int) Math.min(BLOCK, rest);
            response.write(size == BLOCK ? block : block.slice(0, size));
            rest -= size;
            if (response.writeQueueFull()) {
                long remaining = rest;
                response.drainHandler(drained -> write(response, block, remaining));
                return;
            }
        }
        if (!response.ended() && !response.closed()) {
            response.end();
        }
    }

    void answer(HttpServerRequest request, BodyDigest body) {
        var path = request.path();
        if (path.equals(UPLOAD)) {
            send(request, 200, new JsonObject().put("bytes", body.bytes()).put("sha256", body.sha256()));
        } else if (path.equals(ECHO)) {
            send(request, 200, echo(request, body));
        } else {
            record(request, path, body);
        }
    }

    private void record(HttpServerRequest request, String path, BodyDigest body) {
        var method = request.method();
        if (method == HttpMethod.POST) {
            var made = path.endsWith("/search") ? null : records.create(path, body.json());
            send(request, made == null ? 200 : 201, made == null ? listed(path, request) : wrapped(path, made));
        } else if (method == HttpMethod.PUT || method == HttpMethod.PATCH) {
            found(request, path, records.change(path, body.json()));
        } else if (method == HttpMethod.DELETE) {
            records.delete(path);
            send(request, 200, new JsonObject().put("succeded", true).put("traceId", records.newId()));
        } else if (records.isCollection(path)) {
            send(request, 200, listed(path, request));
        } else {
            found(request, path, records.read(path));
        }
    }

    private void found(HttpServerRequest request, String path, Optional<JsonObject> record) {
        record.ifPresentOrElse(
                it -> send(request, 200, wrapped(path, it)),
                () -> refuse(request, Refused.notFound(request.method().name(), path)));
    }

    private JsonObject listed(String path, HttpServerRequest request) {
        var limit = Optional.ofNullable(request.getParam("limit"))
                .filter(text -> text.matches("\\d{1,4}"))
                .map(Integer::parseInt)
                .orElse(20);
        var collection = path.endsWith("/search") ? path.substring(0, path.length() - "/search".length()) : path;
        var found = records.list(collection, limit);
        return new JsonObject()
                .put(noun(path) + "s", found)
                .put("total", found.size())
                .put("traceId", records.newId());
    }

    private JsonObject wrapped(String path, JsonObject record) {
        return new JsonObject().put(noun(path), record).put("traceId", records.newId());
    }

    /** {@code /contacts/abc} is about a contact. */
    private static String noun(String path) {
        var segments = path.split("/");
        var first = segments.length > 1 && !segments[1].isEmpty() ? segments[1] : "record";
        return first.endsWith("ies")
                ? first.substring(0, first.length() - 3) + "y"
                : first.endsWith("s") ? first.substring(0, first.length() - 1) : first;
    }

    /** The call as it arrived; of the token only that there was one. */
    private static JsonObject echo(HttpServerRequest request, BodyDigest body) {
        var headers = new JsonArray();
        request.headers()
                .forEach(header -> headers.add(new JsonArray()
                        .add(header.getKey())
                        .add(
                                header.getKey().toLowerCase(Locale.ROOT).equals("authorization")
                                        ? "Bearer …"
                                                + header.getValue()
                                                        .substring(Math.max(
                                                                0,
                                                                header.getValue()
                                                                                .length()
                                                                        - 4))
                                        : header.getValue())));
        return new JsonObject()
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("headers", headers)
                .put("bytes", body.bytes())
                .put("sha256", body.sha256())
                .put("body", body.bytes() <= 65_536 ? body.head().toString() : "");
    }

    private static void send(HttpServerRequest request, int status, JsonObject body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json; charset=utf-8")
                    .end(body.toBuffer());
        }
    }
}
