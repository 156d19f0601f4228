package io.ghlgateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/**
 * Gives what a connection says first one byte after the other, until it has shown which HTTP it speaks: only so can its
 * decoder be replaced before that has read anything. First of its pipeline.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {

    /** HTTP/2 is known when so many have come. */
    private static final int PREFACE = 24;

    private final Consumer<ChannelHandlerContext> speaksHttp1;
    private int given;

    /** @param speaksHttp1 called when there is a decoder; what it was given goes to the one that replaces it */
    FirstBytes(Consumer<ChannelHandlerContext> speaksHttp1) {
        this.speaksHttp1 = speaksHttp1;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        while (bytes.isReadable()) {
            ctx.fireChannelRead(bytes.readRetainedSlice(1));
            boolean isHttp1 = ctx.pipeline().get("httpDecoder") != null;
            if (isHttp1) {
                speaksHttp1.accept(ctx);
            }
            if (isHttp1 || ++given == PREFACE) {
                ctx.fireChannelRead(bytes);
                ctx.pipeline().remove(this);
                return;
            }
        }
        bytes.release();
    }
}
