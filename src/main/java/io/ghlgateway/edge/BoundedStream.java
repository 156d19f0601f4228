package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Alarm;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.highlevel.RequestBody.SenderFailed;
import io.ghlgateway.http.DoorLimits;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A body that fails, with {@link SenderFailed}, when it breaks off, grows too long or falls silent while it is wanted, or
 * as good as silent: then less than {@link DoorLimits#LEAST_RATE} comes of it. Silence counts from {@link #resume} to {@link #pause}, for one that waits for its turn is not slow, and is noticed
 * after once to twice the time allowed. What fails meanwhile is told when more is wanted;
 * a sender that is gone at once, and once more then, for it may be someone else who asks.
 */
final class BoundedStream implements ReadStream<Buffer> {

    private final ReadStream<Buffer> source;
    private final long most;
    private final Alarm alarm;
    private final Duration silence;

    private long bytes;
    /** How often it was wanted anew: that is no silence. */
    private long asked;

    private boolean wanted;
    private boolean over;
    private @Nullable Runnable unwatch;
    private @Nullable Handler<Throwable> failed;
    /** What went wrong while nobody wanted more: told to who asks next. */
    private @Nullable Throwable undelivered;

    BoundedStream(ReadStream<Buffer> source, long most, Alarm alarm, Duration silence) {
        this.source = source;
        this.most = most;
        this.alarm = alarm;
        this.silence = silence;
        source.exceptionHandler(cause -> fail(isGone(cause) ? cause : BodyReader.malformed(cause)));
    }

    private static boolean isGone(Throwable cause) {
        return cause instanceof HttpClosedException || cause instanceof StreamResetException;
    }

    /** What its parser says where it cannot read on. */
    void isMalformed(Throwable cause) {
        fail(BodyReader.malformed(cause));
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        source.handler(
                handler == null
                        ? null
                        : chunk -> {
                            bytes += chunk.length();
                            if (bytes > most) {
                                fail(new RefusedException(BodyReader.tooLarge(most)));
                            } else if (!over) {
                                handler.handle(chunk);
                            }
                        });
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        source.endHandler(end -> {
            if (!over) {
                finish();
                if (handler != null) {
                    handler.handle(end);
                }
            }
        });
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        failed = handler;
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        wanted = false;
        source.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        want();
        source.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        want();
        source.fetch(amount);
        return this;
    }

    private void want() {
        if (undelivered != null && failed != null) {
            var cause = undelivered;
            undelivered = null;
            failed.handle(new SenderFailed(cause));
            return;
        }
        if (!wanted) {
            wanted = true;
            asked++; // silence counts from here
        }
        if (unwatch == null && !over) {
            listen();
        }
    }

    private void listen() {
        long asked = this.asked;
        long enough = bytes + Math.max(1, DoorLimits.leastIn(silence));
        unwatch = alarm.set(silence, () -> {
            unwatch = null; // while nothing is wanted nobody listens: who lets go of a body never says so
            if (wanted && this.asked == asked && bytes < enough) {
                fail(BodyReader.tooSlow(silence));
            } else if (wanted && !over) {
                listen();
            }
        });
    }

    private void fail(Throwable cause) {
        if (!over) {
            finish();
            if (!wanted || failed == null) {
                undelivered = cause;
            }
            if (failed != null && (wanted || isGone(cause))) {
                failed.handle(new SenderFailed(cause));
            }
        }
    }

    private void finish() {
        over = true;
        if (unwatch != null) {
            unwatch.run();
        }
    }
}
