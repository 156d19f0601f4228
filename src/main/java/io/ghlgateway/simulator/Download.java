package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * A body of any size, made as fast as the caller takes it. Byte number i has the value i mod 251, so that a reader can
 * tell a gap from a whole.
 *
 * @param chunked without {@code Content-Length}
 */
record Download(long bytes, boolean chunked) implements Reply {

    private static final Buffer BLOCK = block();

    @Override
    public Future<Void> sendTo(HttpServerResponse response) {
        return stream(response, bytes).compose(sent -> response.end());
    }

    @Override
    public Future<Void> sendHalfTo(HttpServerResponse response) {
        return stream(response, bytes / 2);
    }

    private Future<Void> stream(HttpServerResponse response, long count) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        if (chunked) {
            response.setChunked(true);
        } else {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(bytes));
        }
        Promise<Void> done = Promise.promise();
        response.closeHandler(gone -> done.tryFail("the caller has gone"));
        response.exceptionHandler(done::tryFail);
        pump(response, count, done);
        return done.future();
    }

    private static void pump(HttpServerResponse response, long count, Promise<Void> done) {
        long left = count;
        Future<Void> written = Future.succeededFuture();
        while (left > 0 && !response.writeQueueFull() && !response.closed()) {
            int size = (int) Math.min(left, BLOCK.length());
            written = response.write(size == BLOCK.length() ? BLOCK : BLOCK.slice(0, size));
            left -= size;
        }
        if (left == 0) {
            written.onSuccess(last -> done.tryComplete()).onFailure(done::tryFail);
            return;
        }
        long rest = left;
        response.drainHandler(drained -> pump(response, rest, done));
    }

    private static Buffer block() {
        byte[] bytes = new byte[251 * 256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return Buffer.buffer(bytes);
    }
}
