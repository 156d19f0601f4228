package io.ghlgateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before all else of a connection: ends it where it has made no request in time, whatever it says meanwhile, and
 * counts what its socket has taken. On its event loop.
 */
final class Threshold extends ChannelDuplexHandler {

    private final Duration greeting;
    private final Runnable mute;
    private @Nullable Future<?> timer;
    private long taken;

    /**
     * @param greeting until {@link #greeted}
     * @param mute told where that did not come, before the connection ends
     */
    Threshold(Duration greeting, Runnable mute) {
        this.greeting = greeting;
        this.mute = mute;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer = ctx.executor()
                .schedule(
                        () -> {
                            if (ctx.channel().isOpen()) {
                                mute.run();
                                ctx.close();
                            }
                        },
                        greeting.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Vert.x knows the connection, and so do {@link Connections}. */
    void greeted() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        greeted();
        ctx.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            int size = bytes.readableBytes();
            ctx.write(message, promise.unvoid().addListener(written -> taken += size));
        } else {
            ctx.write(message, promise);
        }
    }

    /** Whether something waits to be taken. */
    static boolean isDue(ChannelHandlerContext ctx) {
        var out = ctx.channel().unsafe().outboundBuffer();
        return out != null && !out.isEmpty();
    }

    /** All bytes that were, those of a message included that went in part. */
    long taken(ChannelHandlerContext ctx) {
        var out = ctx.channel().unsafe().outboundBuffer();
        return taken + (out == null ? 0 : out.currentProgress());
    }
}
