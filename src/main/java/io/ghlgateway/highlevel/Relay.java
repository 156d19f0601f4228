package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A reply's body on its way to a sink: each piece at once, and no faster than the sink takes them. Silence is held against
 * the side that is waited for, and noticed after once to twice the time allowed. On the event loop of both.
 */
final class Relay {

    private final Vertx vertx;
    private final ReplyBody source;
    private final Duration sourceSilence;
    private final WriteStream<Buffer> sink;
    private final Duration sinkSilence;
    private final Promise<Void> done = Promise.promise();

    /** Pieces that came, and pieces that were taken. */
    private long came;

    private long taken;
    private boolean whole;
    private long timer;

    Relay(Vertx vertx, ReplyBody source, Duration sourceSilence, WriteStream<Buffer> sink, Duration sinkSilence) {
        this.vertx = vertx;
        this.source = source;
        this.sourceSilence = sourceSilence;
        this.sink = sink;
        this.sinkSilence = sinkSilence;
    }

    /** At most once. Fails with {@link Reply.NotTaken} where the sink is to blame, else as the source fails. */
    Future<Void> start() {
        source.to(this::pass, this::end, done::tryFail);
        source.resume();
        if (!done.future().isComplete()) {
            watch();
        }
        return done.future().onComplete(end -> vertx.cancelTimer(timer));
    }

    private void pass(Buffer piece) {
        came++;
        sink.write(piece).onSuccess(written -> taken++).onFailure(this::notTaken);
        if (sink.writeQueueFull()) {
            source.pause();
            sink.drainHandler(drained -> source.resume());
        }
    }

    private void end() {
        whole = true;
        sink.end().onSuccess(done::tryComplete).onFailure(this::notTaken);
    }

    private void notTaken(Throwable cause) {
        done.tryFail(new Reply.NotTaken(String.valueOf(cause.getMessage())));
    }

    /** Looks at one side at a time: nothing can be expected of the source before the sink has taken what came. */
    private void watch() {
        boolean sinkOwes = taken < came || whole;
        long before = sinkOwes ? taken : came;
        var silence = sinkOwes ? sinkSilence : sourceSilence;
        timer = vertx.setTimer(silence.toMillis(), id -> {
            if (sinkOwes && taken == before) {
                notTaken(new TimeoutException("nothing was taken for " + TimeWords.of(silence)));
            } else if (!sinkOwes && came == before && !whole) {
                done.tryFail(new TimeoutException("nothing came for " + TimeWords.of(silence)));
            } else {
                watch();
            }
        });
    }
}
