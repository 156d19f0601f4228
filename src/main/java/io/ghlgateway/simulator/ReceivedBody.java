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
import java.util.Optional;

/**
 * A request's body, read to its end in flat memory: small ones are kept, of large ones only length and hash.
 *
 * @param kept the whole body up to {@link #KEPT} bytes, else empty
 */
record ReceivedBody(long bytes, String sha256, Optional<Buffer> kept) {

    static final int KEPT = 1 << 20;

    /** Must be called in the request's own handler, before the first byte of the body is due. */
    static Future<ReceivedBody> read(HttpServerRequest request) {
        Promise<ReceivedBody> read = Promise.promise();
        Reading reading = new Reading();
        request.exceptionHandler(read::tryFail)
                .handler(reading::add)
                .endHandler(end -> read.tryComplete(reading.finished()));
        return read.future();
    }

    /** The body as a JSON object, if it is one. */
    Optional<JsonObject> json() {
        try {
            return kept.filter(body -> body.length() > 0 && body.getByte(0) != '[')
                    .map(JsonObject::new);
        } catch (DecodeException notJson) {
            return Optional.empty();
        }
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new AssertionError("every Java platform has SHA-256", never);
        }
    }

    private static final class Reading {
        private final MessageDigest digest = sha256Digest();
        private Buffer kept = Buffer.buffer();
        private long bytes;

        void add(Buffer part) {
            bytes += part.length();
            digest.update(part.getBytes());
            kept = bytes <= KEPT ? kept.appendBuffer(part) : Buffer.buffer();
        }

        ReceivedBody finished() {
            return new ReceivedBody(
                    bytes,
                    HexFormat.of().formatHex(digest.digest()),
                    bytes <= KEPT ? Optional.of(kept) : Optional.empty());
        }
    }
}
