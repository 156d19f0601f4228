package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A reply whose body is known in full. */
record Answer(int status, String contentType, Buffer body, Map<String, String> headers) implements Reply {

    Answer {
        headers = Map.copyOf(headers);
    }

    Answer(int status, String contentType, Buffer body) {
        this(status, contentType, body, Map.of());
    }

    static Answer json(int status, JsonObject body) {
        return new Answer(status, "application/json; charset=utf-8", body.toBuffer());
    }

    static Answer text(int status, String contentType, String body) {
        return new Answer(status, contentType, Buffer.buffer(body));
    }

    Answer with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, body, more);
    }

    /** @param pause none is said where it is zero */
    Answer retryAfter(Duration pause) {
        return pause.isZero()
                ? this
                : with("Retry-After", Long.toString(pause.plusNanos(999_999_999).toSeconds()));
    }

    /** 304 in place of this answer. */
    Answer notModified() {
        return new Answer(304, contentType, Buffer.buffer(), headers);
    }

    Answer gzipped() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes());
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return new Answer(status, contentType, Buffer.buffer(bytes.toByteArray()), headers)
                .with("Content-Encoding", "gzip")
                .with("Vary", "Accept-Encoding");
    }

    boolean hasBody() {
        return status != 204 && status != 304;
    }

    @Override
    public Future<Void> sendTo(HttpServerResponse response) {
        var begun = head(response);
        if (hasBody()) {
            begun.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())); // to HEAD Vert.x gives none
        }
        return begun.end(body);
    }

    @Override
    public Future<Void> sendHalfTo(HttpServerResponse response) {
        return head(response)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .write(body.slice(0, body.length() / 2));
    }

    private HttpServerResponse head(HttpServerResponse response) {
        headers.forEach(response::putHeader);
        if (hasBody()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        }
        return response.setStatusCode(status);
    }
}
