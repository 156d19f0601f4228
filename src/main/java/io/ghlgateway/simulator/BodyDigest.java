package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A request's body, read as it came: the whole of a short one, of any the length and the SHA-256.
 *
 * @param head the first MiB
 */
record BodyDigest(Buffer head, long bytes, String sha256) {

    private static final int KEEP = 1 << 20;

    static final BodyDigest EMPTY = new BodyDigest(Buffer.buffer(), 0, "");

    static Future<BodyDigest> of(HttpServerRequest request) {
        var head = Buffer.buffer();
        var length = new long[1];
        var digest = sha256Digest();
        Promise<BodyDigest> read = Promise.promise();
        request.handler(chunk -> {
            length[0] += chunk.length();
            digest.update(chunk.getBytes());
            if (head.length() < KEEP) {
                head.appendBuffer(chunk, 0, Math.min(chunk.length(), KEEP - head.length()));
            }
        });
        request.exceptionHandler(read::tryFail);
        request.endHandler(end ->
                read.tryComplete(new BodyDigest(head, length[0], HexFormat.of().formatHex(digest.digest()))));
        return read.future();
    }

    /** The body as a JSON object; an empty one when it is none. */
    JsonObject json() {
        try {
            return bytes == 0 || bytes > KEEP ? new JsonObject() : new JsonObject(head);
        } catch (DecodeException | ClassCastException notAnObject) {
            return new JsonObject();
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
