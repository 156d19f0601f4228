package io.ghlgateway.edge;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;

/**
 * What is still to come of a request that was answered without it.
 *
 * <p>To close a connection with bytes unread takes the answer back from a caller that has not read it yet, so the rest is
 * read off for a while (RFC 9112, section 9.6). To leave it open would keep it from ever being used again or drained. Over
 * HTTP/2 the stream alone is ended (RFC 9113, section 8.1), also where its answer is not taken: the connection may well take
 * others meanwhile. On the request's event loop.
 */
final class Remainder {

    /** A sender that pauses for this long has heard us, or never will. */
    private static final Duration SILENCE = Duration.ofSeconds(2);
    /** So many such pauses in all, whatever comes. */
    private static final int MOST_LOOKS = 5;

    private static final long MOST_BYTES = 16 * 1024 * 1024;
    private static final long NO_ERROR = 0;
    private static final long CANCEL = 8;
    private static final long NO_TIMER = -1;

    private final HttpServerRequest request;
    private final ContextInternal context;
    private final Duration stall;

    private long bytes;
    private long seen;
    private int looks;
    private long timer = NO_TIMER;
    private boolean over;

    /** @param stall how long an answer over HTTP/2 may lie there without being taken whole */
    Remainder(HttpServerRequest request, ContextInternal context, Duration stall) {
        this.request = request;
        this.context = context;
        this.stall = stall;
    }

    /** @param answer of our own, all of which is written at once */
    void watch(Future<Void> answer) {
        if (request.version() == HttpVersion.HTTP_2 && !answer.isComplete()) {
            long late =
                    context.setTimer(stall.toMillis(), id -> request.response().reset(CANCEL));
            answer.onComplete(taken -> context.owner().cancelTimer(late));
        }
    }

    /** Says in the answer's head, which is not written yet, that this connection ends with it; if it does. */
    void announce() {
        if (!request.isEnded() && BodyReader.hasBody(request) && request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader("Connection", "close");
        }
    }

    /** Begins once the answer is written. */
    void readOff() {
        if (request.isEnded()) {
            return; // taken whole, and a handler set now would be a defect to Vert.x
        }
        if (!BodyReader.hasBody(request) && request.version() != HttpVersion.HTTP_2) {
            request.resume();
            return;
        }
        request.exceptionHandler(broken -> cut());
        request.endHandler(end -> cut());
        request.handler(chunk -> {
            bytes += chunk.length();
            if (bytes > MOST_BYTES) {
                cut();
            }
        });
        request.resume();
        if (!over) {
            timer = context.setPeriodic(SILENCE.toMillis(), id -> look());
        }
    }

    private void look() {
        if (bytes == seen || ++looks == MOST_LOOKS) {
            cut();
        }
        seen = bytes;
    }

    private void cut() {
        if (over) {
            return;
        }
        over = true;
        if (timer != NO_TIMER) {
            context.owner().cancelTimer(timer);
        }
        if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        } else if (!request.isEnded()) {
            request.response().reset(NO_ERROR);
        }
    }
}
