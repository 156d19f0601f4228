package io.ghlgateway.webhooks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Reads whole bodies: none larger than allowed, none for too long, and not too many at once. On one event loop. */
final class BodyReader {

    /** How the reading of a body came to nothing. */
    enum Failure {
        TOO_LARGE,
        INCOMPLETE,
        /** Too many others are being read. */
        CROWDED
    }

    /** Says why there is no body. */
    static final class NoBody extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Failure failure;

        private NoBody(Failure failure) {
            super(failure.name(), null, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    private final Vertx vertx;
    private final int largest;
    private final Duration within;
    private final long mostTogether;
    private long together;

    /** @param mostTogether bytes in the process that strangers may fill at any time */
    BodyReader(Vertx vertx, int largest, Duration within, long mostTogether) {
        this.vertx = vertx;
        this.largest = largest;
        this.within = within;
        this.mostTogether = mostTogether;
    }

    /** @return fails with {@link NoBody} */
    Future<Buffer> read(HttpServerRequest request) {
        if (declared(request) > largest) {
            return Future.failedFuture(new NoBody(Failure.TOO_LARGE));
        }
        var whole = Promise.<Buffer>promise();
        var body = Buffer.buffer();
        long timer = vertx.setTimer(within.toMillis(), late -> whole.tryFail(new NoBody(Failure.INCOMPLETE)));
        request.exceptionHandler(cut -> whole.tryFail(new NoBody(Failure.INCOMPLETE)));
        request.handler(chunk -> {
            if (whole.future().isComplete()) {
                return;
            }
            together += chunk.length();
            body.appendBuffer(chunk);
            if (body.length() > largest) {
                whole.tryFail(new NoBody(Failure.TOO_LARGE));
            } else if (together > mostTogether) {
                whole.tryFail(new NoBody(Failure.CROWDED));
            }
        });
        request.endHandler(end -> whole.tryComplete(body));
        return whole.future().andThen(ended -> {
            vertx.cancelTimer(timer);
            together -= body.length();
        });
    }

    private static long declared(HttpServerRequest request) {
        try {
            var length = request.getHeader("content-length");
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException beyondAllNumbers) {
            return Long.MAX_VALUE;
        }
    }
}
