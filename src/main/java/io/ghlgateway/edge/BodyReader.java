package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.highlevel.RequestBody;
import io.ghlgateway.highlevel.TimeWords;
import io.ghlgateway.http.BrokenBody;
import io.ghlgateway.http.DoorLimits;
import io.ghlgateway.http.Flaw;
import io.ghlgateway.http.HttpDoor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.function.LongPredicate;

/**
 * Takes a caller's body: a small one whole, so that it can be sent again; of a larger one no more than proved it large,
 * the rest stays with its sender until it can flow through.
 *
 * @param keep up to this many bytes are kept
 * @param most the whole may not be longer
 * @param silence how long its sender may pause
 */
public record BodyReader(Vertx vertx, long keep, long most, Duration silence) {

    /** How much of a body is read to prove for whom it is, in bytes. */
    static final int MOST_TO_PROVE = 10 << 20;

    static final Refusal TOO_LARGE_TO_PROVE = Refusal.of(
            Code.BODY_TOO_LARGE,
            "this operation names its location or company in its body, which may therefore have at most "
                    + MOST_TO_PROVE + " bytes");

    /**
     * Reads on the request's event loop; fails with {@link RefusedException}, or as the connection fails.
     *
     * @param whole whether no part of it may go on before all was seen; then it has at most {@link #MOST_TO_PROVE} bytes
     * @param kept asked for the room of each piece that is kept
     */
    Future<RequestBody> read(HttpServerRequest request, boolean whole, LongPredicate kept) {
        if (!hasBody(request)) {
            request.resume();
            return Future.succeededFuture(RequestBody.EMPTY);
        }
        if (isAskedFor(request)) {
            request.response().writeContinue(); // it was said to wait for this, and it is welcome
        }
        var bounded = new BoundedStream(request, most, this::timer, silence);
        if (request.version() != HttpVersion.HTTP_2) {
            BrokenBody.listen(request, bounded::isMalformed);
        }
        Promise<RequestBody> read = Promise.promise();
        var head = Buffer.buffer();
        bounded.exceptionHandler(failure -> read.tryFail(failure.getCause()));
        bounded.endHandler(end -> read.tryComplete(RequestBody.whole(head)));
        bounded.handler(chunk -> {
            if (!kept.test(chunk.length())) {
                bounded.pause();
                read.tryFail(noRoom());
                return;
            }
            head.appendBuffer(chunk);
            if (whole && head.length() > MOST_TO_PROVE) {
                bounded.pause();
                read.tryFail(new RefusedException(TOO_LARGE_TO_PROVE));
            } else if (!whole && head.length() > keep) {
                bounded.pause();
                read.tryComplete(new RequestBody(head, bounded));
            }
        });
        bounded.resume();
        return read.future();
    }

    private Runnable timer(Duration delay, Runnable action) {
        long timer = vertx.setTimer(delay.toMillis(), id -> action.run());
        return () -> vertx.cancelTimer(timer);
    }

    /** Whether one is announced (RFC 9112, section 6.3); over HTTP/2, which announces none, whether the request goes on. */
    static boolean hasBody(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return HttpDoor.hasBody(request);
        }
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null ? !length.equals("0") : !request.isEnded();
    }

    /** Whether its sender waits to be told that it is welcome; HTTP/1.0 does not know of that (RFC 9110, section 10.1.1). */
    static boolean isAskedFor(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.EXPECT)
                && request.version() != HttpVersion.HTTP_1_0
                && hasBody(request);
    }

    static Refusal tooLarge(long most) {
        return Refusal.of(Code.BODY_TOO_LARGE, "a body may have at most " + most + " bytes (proxy.max-body)");
    }

    private static RefusedException noRoom() {
        return new RefusedException(
                Refusal.full("too many request bodies are kept in this gateway already (queue.bytes)"));
    }

    static RefusedException malformed(Throwable cause) {
        return new RefusedException(
                Refusal.of(Code.BAD_REQUEST, "the body is not well-formed HTTP (" + Flaw.said(cause) + ")"));
    }

    static RefusedException tooSlow(Duration silence) {
        return new RefusedException(Refusal.of(
                Code.BODY_TOO_SLOW,
                "nothing of the body came for " + TimeWords.of(silence) + ", or less than " + DoorLimits.LEAST_RATE
                        + " bytes a second (proxy.body-timeout)"));
    }
}
