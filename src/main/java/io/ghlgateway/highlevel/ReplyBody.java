package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reply's body that may be looked at before it is passed on: what was read for the look comes first then, byte for
 * byte. On its event loop alone.
 */
final class ReplyBody {

    private static final String EVENTS = "text/event-stream";

    private final HttpClientResponse source;
    private final ArrayDeque<Buffer> kept = new ArrayDeque<>();
    private @Nullable Promise<Optional<Buffer>> look;
    private int most;
    private int seen;
    /** Whether pieces are being passed on, or were before a pause. */
    private boolean begun;

    private boolean flowing;
    private boolean draining;
    private boolean sourcePaused = true;
    private boolean ended;
    private boolean endTold;
    private @Nullable Throwable failure;
    private Handler<Buffer> pieces = piece -> {};
    private Runnable onEnd = () -> {};
    private Handler<Throwable> broken = cause -> {};

    ReplyBody(HttpClientResponse source) {
        this.source = source;
        source.pause();
        source.handler(this::came);
        source.endHandler(end -> ended());
        source.exceptionHandler(this::brokeOff);
    }

    /** As {@link Reply#peek}, and empty too if it takes longer than {@code within}. Before {@link #to}. */
    Future<Optional<Buffer>> peek(Vertx vertx, int most, Duration within) {
        var coding = source.getHeader("content-encoding");
        if (coding != null && !Unpacking.knows(coding) || isLongerThan(most)) {
            return Future.succeededFuture(Optional.empty());
        }
        Promise<Optional<Buffer>> promise = Promise.promise();
        look = promise;
        this.most = most;
        long timer = vertx.setTimer(within.toMillis(), id -> looked(Optional.empty()));
        resumeSource();
        return promise.future()
                .onComplete(end -> vertx.cancelTimer(timer))
                .map(body -> coding == null ? body : body.flatMap(packed -> Unpacking.atMost(most, coding, packed)));
    }

    private boolean isLongerThan(int most) {
        var length = source.getHeader("content-length");
        return length != null && (length.length() > 9 || Long.parseLong(length) > most);
    }

    /** Whether it is a stream of events, whose pieces come when they come. */
    boolean isEvents() {
        var type = source.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, EVENTS, 0, EVENTS.length());
    }

    boolean hasEnded() {
        return ended;
    }

    /** What is to become of it. Before the first {@link #resume}. */
    void to(Handler<Buffer> pieces, Runnable onEnd, Handler<Throwable> broken) {
        this.pieces = pieces;
        this.onEnd = onEnd;
        this.broken = broken;
    }

    void pause() {
        flowing = false;
        pauseSource();
    }

    void resume() {
        begun = true;
        flowing = true;
        drain();
    }

    private void came(Buffer piece) {
        kept.add(piece);
        if (look != null) {
            seen += piece.length();
            if (seen > most) {
                looked(Optional.empty());
            }
        }
        drain();
    }

    private void ended() {
        ended = true;
        if (look != null) {
            var all = Buffer.buffer(seen);
            kept.forEach(all::appendBuffer);
            looked(Optional.of(all));
        }
        drain();
    }

    private void brokeOff(Throwable cause) {
        failure = cause;
        looked(Optional.empty());
        if (begun && !endTold) {
            endTold = true;
            broken.handle(cause);
        }
    }

    private void looked(Optional<Buffer> body) {
        var waiting = look;
        if (waiting != null) {
            look = null;
            pauseSource();
            waiting.complete(body);
        }
    }

    /** One loop for all: a piece passed on may ask for a pause, and its being taken for more, all within. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        while (flowing && !kept.isEmpty()) {
            pieces.handle(kept.remove());
        }
        draining = false;
        if (!flowing || endTold) {
            return;
        }
        if (failure != null) {
            endTold = true;
            broken.handle(failure);
        } else if (ended) {
            endTold = true;
            onEnd.run();
        } else {
            resumeSource();
        }
    }

    private void pauseSource() {
        if (!sourcePaused) {
            sourcePaused = true;
            source.pause();
        }
    }

    private void resumeSource() {
        if (sourcePaused) {
            sourcePaused = false;
            source.resume();
        }
    }
}
