package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A reply's body on its way to a sink: each piece at once, and no faster than the sink takes them. Silence is held against
 * the side that is waited for, and noticed after once to twice the time allowed. On the event loop of both.
 *
 * <p>Most bodies come along with their heads, whole: the last piece of what is there already goes with the end of the body
 * where that is there too, in one write, and no clock is set for what need not be waited for.
 */
final class Relay {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final ReplyBody source;
    private final Duration sourceSilence;
    private final WriteStream<Buffer> sink;
    private final Duration sinkSilence;
    private final Promise<Void> done = Promise.promise();

    /** Pieces that came, and pieces that were taken. */
    private long came;

    private long taken;
    /** A piece that came and was not passed on yet: what comes next, be it the end, may go with it. */
    private @Nullable Buffer held;
    /** What came along with the head has come. */
    private boolean headPartCame;
    /** The sink wants no more for now. */
    private boolean pressed;

    private boolean whole;
    private long timer = NO_TIMER;

    Relay(Vertx vertx, ReplyBody source, Duration sourceSilence, WriteStream<Buffer> sink, Duration sinkSilence) {
        this.vertx = vertx;
        this.source = source;
        this.sourceSilence = sourceSilence;
        this.sink = sink;
        this.sinkSilence = sinkSilence;
    }

    /** At most once. Fails with {@link Reply.NotTaken} where the sink is to blame, else as the source fails. */
    Future<Void> start() {
        source.to(this::pass, this::end, this::breakOff);
        source.resume();
        if (!done.future().isComplete()) {
            vertx.runOnContext(now -> goOnWaiting()); // when all that is there already has come
        }
        return done.future().onComplete(end -> {
            if (timer != NO_TIMER) {
                vertx.cancelTimer(timer);
            }
        });
    }

    private void goOnWaiting() {
        headPartCame = true;
        if (!pressed) {
            passHeld();
        }
        if (!done.future().isComplete()) {
            watch();
        }
    }

    private void pass(Buffer piece) {
        came++;
        passHeld();
        if (headPartCame && !pressed) {
            write(piece);
        } else {
            held = piece;
        }
    }

    private void passHeld() {
        var piece = held;
        if (piece != null) {
            held = null;
            write(piece);
        }
    }

    private void write(Buffer piece) {
        sink.write(piece).onComplete(written -> taken++, this::notTaken);
        if (sink.writeQueueFull()) {
            pressed = true;
            source.pause();
            sink.drainHandler(drained -> resume());
        }
    }

    private void resume() {
        pressed = false;
        passHeld();
        if (!pressed) {
            source.resume();
        }
    }

    private void end() {
        whole = true;
        var last = held;
        held = null;
        (last == null ? sink.end() : sink.end(last)).onComplete(ended -> done.tryComplete(), this::notTaken);
    }

    private void breakOff(Throwable cause) {
        passHeld();
        done.tryFail(cause);
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
