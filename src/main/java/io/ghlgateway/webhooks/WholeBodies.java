package io.ghlgateway.webhooks;

import io.ghlgateway.http.BrokenBody;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.webhooks.WebhookEvents.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads whole bodies: none larger than allowed, none for too long, and not too many at once. Where they are too many the
 * one that has been read for longest has to go: who sends slowly keeps nobody out who sends at once. On one event loop.
 */
final class WholeBodies {

    /** There is no body: it is too large or incomplete, or too many others are being read. */
    static final class NoBody extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Refusal why;

        private NoBody(Refusal why) {
            super(why.name(), null, false, false);
            this.why = why;
        }

        Refusal why() {
            return why;
        }
    }

    private final Vertx vertx;
    private final int largest;
    private final Duration within;
    private final long mostTogether;
    private final Set<Reading> readings = new LinkedHashSet<>(); // the eldest first
    private long together;

    /** @param mostTogether bytes in the process that strangers may fill at any time */
    WholeBodies(Vertx vertx, int largest, Duration within, long mostTogether) {
        this.vertx = vertx;
        this.largest = largest;
        this.within = within;
        this.mostTogether = mostTogether;
    }

    private static final class Reading {
        private final Promise<Buffer> whole = Promise.promise();
        private final Buffer body = Buffer.buffer();
    }

    /**
     * Reads a body and has it used; its bytes count until that has ended.
     *
     * @return fails with {@link NoBody} where there is none, else as its use does
     */
    <T> Future<T> read(HttpServerRequest request, Function<Buffer, Future<T>> use) {
        if (declared(request) > largest) {
            return Future.failedFuture(new NoBody(Refusal.TOO_LARGE));
        }
        var reading = new Reading();
        readings.add(reading);
        long timer = vertx.setTimer(within.toMillis(), late -> stop(reading, Refusal.INCOMPLETE));
        BrokenBody.listen(request, malformed -> broken(request, reading));
        request.exceptionHandler(cut -> stop(reading, Refusal.INCOMPLETE));
        request.handler(chunk -> read(reading, chunk));
        request.endHandler(end -> {
            if (readings.remove(reading)) {
                reading.whole.complete(reading.body);
            }
        });
        return reading.whole
                .future()
                .andThen(ended -> vertx.cancelTimer(timer))
                .compose(body -> Future.succeededFuture(body).compose(use).andThen(used -> together -= body.length()));
    }

    /** What comes after it belongs to nobody. */
    private void broken(HttpServerRequest request, Reading reading) {
        if (readings.contains(reading)) {
            HttpDoor.closeAfter(request);
            stop(reading, Refusal.INCOMPLETE);
        } else {
            request.connection().close();
        }
    }

    private void read(Reading reading, Buffer chunk) {
        if (!readings.contains(reading)) {
            return;
        }
        together += chunk.length();
        reading.body.appendBuffer(chunk);
        if (reading.body.length() > largest) {
            stop(reading, Refusal.TOO_LARGE);
        }
        while (together > mostTogether && !readings.isEmpty()) {
            stop(readings.iterator().next(), Refusal.UNAVAILABLE);
        }
    }

    private void stop(Reading reading, Refusal why) {
        if (readings.remove(reading)) {
            together -= reading.body.length();
            reading.whole.fail(new NoBody(why));
        }
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
